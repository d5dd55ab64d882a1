"""Downloads and likes: they change for many rows each day, so they lie apart from the artifacts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.models.artifact import Artifact


class Counter(models.Model):
    """The latest counters of one artifact."""

    # No constraint on the server here and below: checking it for each row took as long as writing it. Counters are
    # written by `staging` alone, under the lock that an erasure takes, for artifacts it has just read or made.
    artifact = models.OneToOneField(
        Artifact,
        models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="counter",
        help_text=_("Whose counters these are."),
    )
    downloads = models.BigIntegerField(
        _("downloads"), default=0, help_text=_("Downloads in the last 30 days, as the Hub counts them.")
    )
    likes = models.IntegerField(_("likes"), default=0, help_text=_("How many accounts liked it; never which."))
    raw_digest = models.BinaryField(
        _("digest of the raw record"),
        max_length=16,
        db_default=b"",
        editable=False,
        help_text=_("By which an unchanged record is recognised before it is parsed; empty for one parsed each time."),
    )

    class Meta:
        verbose_name = _("counters")
        verbose_name_plural = _("counters")
        indexes = [models.Index(fields=["-downloads"], name="counter_most_downloaded")]

    def __str__(self) -> str:
        return f"counters of {self.pk}"


class WeeklyCounter(models.Model):
    """The counters as the last harvest of an ISO week saw them."""

    artifact = models.ForeignKey(  # found by the unique constraint's index, which begins with it
        Artifact,
        models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="weekly_counters",
        help_text=_("Whose counters these are."),
    )
    week = models.DateField(_("week"), help_text=_("The Monday of the ISO week."))
    downloads = models.BigIntegerField(
        _("downloads"), default=0, help_text=_("Downloads in the 30 days before, as the Hub counts them.")
    )
    likes = models.IntegerField(_("likes"), default=0, help_text=_("How many accounts liked it."))

    class Meta:
        verbose_name = _("weekly counters")
        verbose_name_plural = _("weekly counters")
        constraints = [models.UniqueConstraint(fields=["artifact", "week"], name="weekly_counter_once_a_week")]

    def __str__(self) -> str:
        return f"counters of {self.artifact_id}, week of {self.week}"
