"""The log of who read what: one row a read, without any name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Consultation(models.Model):
    """One read of personal data. No foreign keys: it outlives what it cites."""

    class Operation(models.TextChoices):
        SEARCH = "search", _("search")
        VIEW = "view", _("page")
        TRACE = "trace", _("trace")
        EXPORT = "export", _("export")
        API = "api", _("API")

    at = models.DateTimeField(_("at"), help_text=_("When."))
    user_key = models.BigIntegerField(_("user"), help_text=_("Key of the account that read."))
    operation = models.CharField(_("operation"), max_length=10, choices=Operation.choices, help_text=_("Kind of read."))
    purpose = models.CharField(
        _("purpose"), max_length=64, default="study", help_text=_("A case's opaque reference, or “study”.")
    )
    reference = models.CharField(
        _("reference"), max_length=64, blank=True, help_text=_("Opaque reference of what was read.")
    )
    definition = models.JSONField(
        _("definition"), default=dict, blank=True, help_text=_("Filters of a list or export, without names.")
    )
    count = models.IntegerField(_("count"), default=1, help_text=_("How many artifacts or authors were shown."))
    shown = models.BinaryField(
        _("shown"), default=b"", editable=False, help_text=_("Compressed keys of what a list or export showed.")
    )

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        indexes = [models.Index(fields=["at"], name="consultation_at")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
