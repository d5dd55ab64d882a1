"""What is wrong with the harvests or the machine, from when until when. No name from the Hub."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def standing(self) -> Self:
        return self.filter(cleared_at=None)


class Alarm(models.Model):
    """One alarm. Of each kind at most one stands at a time."""

    class Kind(models.TextChoices):
        RUN_STOPPED = "run_stopped", _("a harvest stopped before its end")
        LISTING_SHRANK = "listing_shrank", _("a listing shrank")
        BAD_RECORDS = "bad_records", _("more than one record in a hundred could not be read")
        SLOT_MISSED = "slot_missed", _("the daily harvest did not take place")
        DISK_FULL = "disk_full", _("the disk is nearly full")
        FIELDS_CHANGED = "fields_changed", _("the Hub’s fields changed")
        NO_BACKUP = "no_backup", _("no backup was written")
        PURGE_HELD = "purge_held", _("what left the Hub was not purged")

    kind = models.CharField(_("alarm"), max_length=16, choices=Kind.choices, help_text=_("What is wrong."))
    details = models.JSONField(
        _("details"), default=dict, blank=True, help_text=_("Numbers of harvests, counts, names of fields.")
    )
    raised_at = models.DateTimeField(_("raised at"), help_text=_("When it was noticed."))
    cleared_at = models.DateTimeField(
        _("cleared at"), null=True, blank=True, help_text=_("When it was no longer so; empty while it stands.")
    )
    told_at = models.DateTimeField(
        _("told at"), null=True, blank=True, help_text=_("When the mail left; empty where there is nobody to write to.")
    )

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(cleared_at=None), name="alarm_of_a_kind_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
