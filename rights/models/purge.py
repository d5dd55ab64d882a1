"""The purge at the end of the project: asked for by one supervisor, carried out by another."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

CONFIRM_WITHIN = timedelta(days=2)


class PurgeQuerySet(models.QuerySet["Purge"]):
    def waiting(self, at: datetime) -> Self:
        """Those that may still be confirmed."""
        return self.filter(confirmed_at=None, asked_at__gt=at - CONFIRM_WITHIN)

    def carried_out(self) -> Self:
        return self.exclude(confirmed_at=None)


class Purge(models.Model):
    """What two persons did to the whole base. No foreign keys: it outlives what it cites."""

    asked_by_key = models.BigIntegerField(_("asked by"), help_text=_("Key of the account that asked for it."))
    asked_at = models.DateTimeField(_("asked at"), help_text=_("When it was asked."))
    confirmed_by_key = models.BigIntegerField(
        _("confirmed by"), null=True, blank=True, help_text=_("Key of the second account, which carried it out.")
    )
    confirmed_at = models.DateTimeField(
        _("confirmed at"), null=True, blank=True, help_text=_("When it was carried out; empty while it waits.")
    )
    certificate = models.JSONField(
        _("certificate"), default=dict, blank=True, help_text=_("What was removed and what stays, in numbers.")
    )

    objects = PurgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")
        ordering = ["-asked_at"]
        permissions = [("confirm_purge", "Can confirm a purge that somebody else asked for")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by_key=None, confirmed_at=None)
                | (
                    models.Q(confirmed_by_key__isnull=False, confirmed_at__isnull=False)
                    & ~models.Q(confirmed_by_key=models.F("asked_by_key"))
                ),
                name="purge_is_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
