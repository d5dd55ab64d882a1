"""Harvests: one row each, its lanes, and what a complete one saw."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lineage.labels import choices
from lineage.vocabulary import Kind, RunState

OPEN_STATES = (RunState.QUEUED, RunState.RUNNING, RunState.PAUSED)


class HarvestRunQuerySet(models.QuerySet["HarvestRun"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def whole(self) -> Self:
        """Those that were asked for everything."""
        return self.filter(models.Q(options__limit=None) | ~models.Q(options__has_key="limit"))

    def ended_well(self) -> Self:
        return self.filter(state__in=(RunState.COMPLETE, RunState.PARTIAL))

    def since_linked(self) -> Self:
        """Those begun after the last that ended well, which is the last that was linked."""
        linked = self.ended_well().order_by("pk").last()
        return self.filter(pk__gt=linked.pk) if linked else self.all()


class HarvestRun(models.Model):
    """One execution of a harvest. At most one is open at a time."""

    class Source(models.TextChoices):
        HUB = "hub", _("the Hub's list pages")
        SNAPSHOT = "snapshot", _("snapshot files")

    source = models.CharField(_("source"), max_length=10, choices=Source.choices, help_text=_("Where it reads from."))
    state = models.CharField(
        _("state"), max_length=10, choices=choices(RunState), default=RunState.QUEUED, help_text=_("Where it stands.")
    )
    options = models.JSONField(
        _("options"), default=dict, blank=True, help_text=_("Limit, and whether aliases are asked.")
    )
    slot = models.CharField(
        _("slot"),
        max_length=40,
        null=True,
        blank=True,
        unique=True,
        help_text=_("The schedule's slot it was started for: one run each."),
    )
    generation = models.IntegerField(
        _("generation"),
        default=0,
        help_text=_("Rises when another worker takes the run over: the former one's writes are refused."),
    )
    created_at = models.DateTimeField(_("asked at"), help_text=_("When it was asked for."))
    started_at = models.DateTimeField(
        _("started at"), null=True, blank=True, help_text=_("When it read its first page.")
    )
    heartbeat_at = models.DateTimeField(
        _("last sign of life"), null=True, blank=True, help_text=_("When it last committed a page.")
    )
    ended_at = models.DateTimeField(
        _("ended at"), null=True, blank=True, help_text=_("When it ended, in whatever way.")
    )
    counts = models.JSONField(
        _("counts"),
        default=dict,
        blank=True,
        help_text=_("Rows read, created, updated, unchanged, dropped, quarantined; edges begun and ended."),
    )
    message = models.TextField(
        _("message"), blank=True, help_text=_("Why it ended as it did, for staff. Holds no name from the Hub.")
    )

    objects = HarvestRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("harvest")
        verbose_name_plural = _("harvests")
        ordering = ["-pk"]
        get_latest_by = "pk"
        constraints = [
            models.UniqueConstraint(
                models.Case(models.When(state__in=OPEN_STATES, then=models.Value(1))), name="harvest_run_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN_STATES, ended_at=None)
                | (~models.Q(state__in=OPEN_STATES) & models.Q(ended_at__isnull=False)),
                name="harvest_run_ended_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class HarvestLane(models.Model):
    """A chain of pages of one kind within a run. Its cursor is committed together with the rows it brought."""

    run = models.ForeignKey(HarvestRun, models.CASCADE, related_name="lanes", help_text=_("The harvest it belongs to."))
    kind = models.CharField(_("kind"), max_length=8, choices=choices(Kind), help_text=_("Models or datasets."))
    path = models.CharField(
        _("file"), max_length=500, blank=True, help_text=_("The snapshot file it reads; empty for the Hub.")
    )
    from_row = models.BigIntegerField(
        _("first row"), default=0, help_text=_("Row of the file at which it begins, from 0.")
    )
    to_row = models.BigIntegerField(
        _("end row"),
        null=True,
        blank=True,
        help_text=_("Row of the file before which it ends; empty for the end of the file."),
    )
    cursor = models.TextField(
        _("cursor"), blank=True, help_text=_("Where the next page starts: the Hub's next address, or a row number.")
    )
    landmark = models.CharField(
        _("landmark"),
        max_length=32,
        blank=True,
        help_text=_("Fingerprint of an earlier cursor: a next page that comes back to it goes round in a circle."),
    )
    done = models.BooleanField(_("done"), default=False, help_text=_("No further page of it will be read."))
    read_whole = models.BooleanField(
        _("read whole"), default=False, help_text=_("It was read to its end: no limit, no page given up.")
    )
    not_before = models.DateTimeField(
        _("not before"), null=True, blank=True, help_text=_("The Hub asked to wait until then.")
    )
    attempts = models.IntegerField(_("attempts"), default=0, help_text=_("Failed attempts at the present page."))
    restarts = models.IntegerField(
        _("restarts"), default=0, help_text=_("How often its listing was begun again because a cursor had expired.")
    )
    pages = models.IntegerField(_("pages"), default=0, help_text=_("Pages stored."))
    rows = models.BigIntegerField(_("rows"), default=0, help_text=_("Records read."))
    rows_total = models.BigIntegerField(
        _("rows expected"), null=True, blank=True, help_text=_("Records there are to read, where known.")
    )

    class Meta:
        verbose_name = _("lane of a harvest")
        verbose_name_plural = _("lanes of harvests")
        constraints = [models.UniqueConstraint(fields=["run", "kind", "path", "from_row"], name="harvest_lane_once")]

    def __str__(self) -> str:
        return f"lane {self.pk} of harvest {self.run_id}"


class Sighting(models.Model):
    """What a run saw: a mark kept apart, so that a second identical harvest changes no artifact.

    One a record and harvest: the database checks neither key, which would cost as much again as the mark. The run is
    found by the unique constraint's index, which begins with it.
    """

    run = models.ForeignKey(
        HarvestRun,
        models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="sightings",
        help_text=_("The harvest that saw it."),
    )
    artifact = models.ForeignKey(
        "lineage.Artifact",
        models.CASCADE,
        db_constraint=False,
        related_name="sightings",
        help_text=_("What was seen."),
    )

    class Meta:
        verbose_name = _("sighting")
        verbose_name_plural = _("sightings")
        constraints = [models.UniqueConstraint(fields=["run", "artifact"], name="sighting_once")]

    def __str__(self) -> str:
        return f"sighting of {self.artifact_id} by {self.run_id}"


class Quarantine(models.Model):
    """A record or page that could not be taken: why, where and how long; never the body."""

    run = models.ForeignKey(
        HarvestRun, models.CASCADE, related_name="quarantine", help_text=_("The harvest that met it.")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=choices(Kind), help_text=_("Kind of the lane it came in."))
    reason = models.CharField(_("reason"), max_length=40, help_text=_("One word of a fixed list."))
    field = models.CharField(
        _("field"), max_length=64, blank=True, help_text=_("The field that could not be taken, in the Hub's spelling.")
    )
    length = models.IntegerField(
        _("length"), default=0, help_text=_("Characters of the value; the value itself is not kept.")
    )
    seen_at = models.DateTimeField(_("seen at"), help_text=_("When."))

    class Meta:
        verbose_name = _("quarantined record")
        verbose_name_plural = _("quarantine")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class GraphState(models.Model):
    """One row: the generation of the genealogy. A graph file of another generation is stale."""

    generation = models.BigIntegerField(
        _("generation"), default=0, help_text=_("Rises with each change of edges or nodes.")
    )
    as_of = models.DateTimeField(
        _("as of"), null=True, blank=True, help_text=_("Start of the latest harvest that is linked in.")
    )
    nodes = models.CharField(
        _("nodes"), max_length=64, blank=True, help_text=_("Fingerprint of the artifacts' keys, names and presence.")
    )
    is_due = models.BooleanField(
        _("to be linked"),
        default=True,
        db_default=True,
        help_text=_("Something else than a harvest changed what linking reads: the next harvest links everything."),
    )
    answers = models.CharField(
        _("answers"),
        max_length=32,
        blank=True,
        db_default="",
        help_text=_("Fingerprint of the Hub's answers that stood when everything was linked last."),
    )

    class Meta:
        verbose_name = _("state of the graph")
        verbose_name_plural = _("state of the graph")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="graph_state_is_one_row")]

    def __str__(self) -> str:
        return f"graph generation {self.generation}"
