"""Artifacts that somebody keeps an eye on, and what changed under them: numbers only, no name."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.labels import choices
from lineage.models.artifact import Artifact
from lineage.models.run import HarvestRun
from lineage.vocabulary import Direction


class WatchQuerySet(models.QuerySet["Watch"]):
    def live(self) -> Self:
        """Those whose holder may still sign in."""
        return self.filter(holder__is_active=True)

    def for_cases(self) -> Self:
        """Those that were set while something was read for a case."""
        return self.exclude(purpose="study")


class Watch(models.Model):
    """Somebody wants to know of every change in the trace of an artifact."""

    artifact = models.ForeignKey(Artifact, models.CASCADE, related_name="watches", help_text=_("What is watched."))
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches", help_text=_("Who set it, and is told.")
    )
    direction = models.CharField(
        _("direction"), max_length=10, choices=choices(Direction), help_text=_("Which way the trace goes.")
    )
    set_at = models.DateTimeField(_("set at"), help_text=_("Since when."))
    purpose = models.CharField(
        _("purpose"), max_length=64, default="study", help_text=_("A case's opaque reference, or “study”.")
    )
    seen_run = models.ForeignKey(
        HarvestRun, models.SET_NULL, null=True, related_name="+", help_text=_("Up to which harvest changes were noted.")
    )

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        constraints = [
            models.UniqueConstraint(fields=["holder", "artifact", "direction", "purpose"], name="watch_is_set_once"),
        ]

    def __str__(self) -> str:
        return f"watch {self.pk} of account {self.holder_id}"


class WatchedChange(models.Model):
    """What one harvest changed under a watched artifact; the page of changes tells which artifacts."""

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="changes", help_text=_("The watch."))
    before = models.ForeignKey(HarvestRun, models.CASCADE, related_name="+", help_text=_("The harvest compared with."))
    after = models.ForeignKey(HarvestRun, models.CASCADE, related_name="+", help_text=_("The harvest that changed it."))
    appeared = models.PositiveIntegerField(help_text=_("How many elements appeared."))
    left = models.PositiveIntegerField(help_text=_("How many elements left."))
    reparented = models.PositiveIntegerField(help_text=_("How many elements changed parent."))
    unlisted = models.PositiveIntegerField(help_text=_("How many elements left the catalogue."))
    noted_at = models.DateTimeField(_("noted at"), help_text=_("When it was noted."))

    class Meta:
        verbose_name = _("change under a watched artifact")
        verbose_name_plural = _("changes under watched artifacts")
        ordering = ["-noted_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["watch", "after"], name="watched_change_once")]

    def __str__(self) -> str:
        return f"change {self.pk} of watch {self.watch_id}"
