"""What agents note on a case for one another."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rights.models.case import RightsCase
from rights.sealed import SealedTextField


class CaseNote(models.Model):
    """One note. Never changed; a later one corrects it."""

    case = models.ForeignKey(
        RightsCase, models.CASCADE, related_name="notes", verbose_name=_("case"), help_text=_("On which case.")
    )
    text = SealedTextField(_("note"), help_text=_("What was noted."))
    at = models.DateTimeField(_("at"), help_text=_("When."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"), help_text=_("Who.")
    )

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"note {self.pk}"
