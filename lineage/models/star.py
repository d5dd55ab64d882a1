"""Artifacts that a reader marked, to find them again on the home page."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.models.artifact import Artifact


class Star(models.Model):
    """One mark of one account on one artifact. It goes with either."""

    user = models.ForeignKey(  # found by the unique constraint's index, which begins with it
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        db_index=False,
        related_name="+",
        verbose_name=_("account"),
        help_text=_("Who marked it."),
    )
    artifact = models.ForeignKey(Artifact, models.CASCADE, related_name="+", help_text=_("What was marked."))
    at = models.DateTimeField(_("at"), help_text=_("When."))

    class Meta:
        verbose_name = _("star")
        verbose_name_plural = _("stars")
        constraints = [models.UniqueConstraint(fields=["user", "artifact"], name="star_once")]

    def __str__(self) -> str:
        return f"star {self.pk}"
