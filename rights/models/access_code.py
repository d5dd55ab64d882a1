"""The code by which a person opens the follow-up of their case: sent to the address on file, good for minutes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FollowUpCode(models.Model):
    """What was asked for under one reference, of a case or of nothing: a row either way, so that both take as long."""

    reference = models.CharField(
        _("reference"), max_length=32, unique=True, help_text=_("Opaque reference under which it was asked for.")
    )
    code_hash = models.CharField(
        _("hash of the code"), max_length=64, blank=True, default="", help_text=_("Keyed hash; empty until it is sent.")
    )
    expires_at = models.DateTimeField(_("expires at"), help_text=_("When the code is of no use any more."))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, help_text=_("Codes tried since."))

    class Meta:
        verbose_name = _("follow-up code")
        verbose_name_plural = _("follow-up codes")
        indexes = [models.Index(fields=["expires_at"], name="follow_up_code_expires")]

    def __str__(self) -> str:
        return f"follow-up code {self.pk}"
