"""Against spam and guessing on the public pages: who came how often, without their address."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Knock(models.Model):
    """One of the few times that a client, or a case, may use a public door within an hour."""

    door = models.CharField(
        _("door"), max_length=12, help_text=_("What was used: the form, a code asked for, a guess.")
    )
    mark = models.CharField(
        _("mark"), max_length=32, help_text=_("Keyed fingerprint of the client's address, or of a case's reference.")
    )
    slot = models.PositiveSmallIntegerField(_("slot"), help_text=_("Which of the times that are allowed."))
    at = models.DateTimeField(_("at"), help_text=_("When."))

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [models.Index(fields=["at"], name="knock_at")]
        constraints = [models.UniqueConstraint(fields=["door", "mark", "slot"], name="knock_slot_once")]

    def __str__(self) -> str:
        return f"visit {self.pk}"
