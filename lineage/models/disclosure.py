"""The ledger of exports: who received what, and until when they may keep it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Disclosure(models.Model):
    """One file or dossier that left the site. No foreign keys, no names: it outlives what it cites."""

    at = models.DateTimeField(_("at"), help_text=_("When it was handed over."))
    user_key = models.BigIntegerField(_("recipient"), help_text=_("Key of the account that received it."))
    form = models.CharField(_("form"), max_length=10, help_text=_("Format of the file, or “dossier”."))
    reference = models.CharField(_("reference"), max_length=64, help_text=_("Opaque reference of the origin."))
    definition = models.JSONField(
        _("definition"), help_text=_("What makes it the same again: keys, filters and dates, without names.")
    )
    count = models.IntegerField(_("count"), help_text=_("How many artifacts it holds."))
    shown = models.BinaryField(
        _("shown"), default=b"", editable=False, help_text=_("Compressed keys of the artifacts it holds.")
    )
    kept_until = models.DateTimeField(
        _("kept until"), help_text=_("Until when the recipient may keep it; this entry is deleted after that.")
    )

    class Meta:
        verbose_name = _("entry of the ledger of exports")
        verbose_name_plural = _("ledger of exports")
        indexes = [models.Index(fields=["kept_until"], name="disclosure_kept_until")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
