"""What left the Hub: a person's repository is contracted away after 30 days, an organisation's stays as gone.

Marking as absent is immediate; this is guarded, because a fault of the listing looks like a departure. What comes back
is linked again, without its name having been kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils.crypto import salted_hmac

from lineage import alarms, amendments
from lineage.linking import hold_genealogy
from lineage.models import Alarm, Artifact, Departed, HarvestRun
from lineage.remains import remains
from lineage.vocabulary import AccountKind, Kind, Presence, RunState

GONE_FOR = timedelta(days=30)
ALWAYS_FEW = 20  # so many may leave at once, however small the base
BATCH = 400


@dataclass(frozen=True, slots=True)
class Purged:
    """What one purge did. `held`: kinds of which too many would have left at once, with how many of how many."""

    artifacts: int
    held: dict[str, list[int]]


def purge(*, at: datetime, despite_guard: bool = False) -> Purged:
    """Contract away the repositories of persons, and of accounts of unknown kind, gone for 30 days.

    Of a kind nothing is touched unless its latest harvest was complete, brought at least 95 % of what complete ones
    brought in the thirty days before it, and the last two missed the repository. More than PURGE_SHARE at once raises
    an alarm and waits for a person: `despite_guard` is their word. While a harvest is under way nothing is purged at
    all.
    """
    if HarvestRun.objects.open().exists():
        return Purged(0, {})
    with transaction.atomic():
        hold_genealogy(amends=False)
        keys: list[int] = []
        held: dict[str, list[int]] = {}
        for kind in Kind:
            leaving = list(departed(kind, at=at).values_list("pk", flat=True))
            known = Artifact.objects.of_kind(kind).exclude(presence=Presence.MENTIONED).count()
            if len(leaving) > max(ALWAYS_FEW, settings.PURGE_SHARE * known) and not despite_guard:
                held[kind.value] = [len(leaving), known]
            else:
                keys += leaving
        if keys:
            _remember(keys)
            amendments.contract(artifacts=keys, at=at)
        if held:
            alarms.raise_alarm(Alarm.Kind.PURGE_HELD, {"leaving": held}, at=at)
        else:
            alarms.clear(Alarm.Kind.PURGE_HELD, at=at)
    return Purged(len(keys), held)


def departed(kind: Kind, *, at: datetime) -> "QuerySet[Artifact]":
    """What the last two harvests let us contract away of this kind; nothing where they cannot be trusted."""
    latest, before = _last_two(kind)
    if latest is None or before is None or before.started_at is None:
        return Artifact.objects.none()
    rows, last = (alarms.rows_by_kind(run).get(kind.value, 0) for run in (latest, before))
    expected = max(last, alarms.most_rows(latest).get(kind.value, 0))
    if latest.state != RunState.COMPLETE or rows < alarms.SHRUNK * expected:
        return Artifact.objects.none()
    since = min(at - GONE_FOR, before.started_at)
    gone = Artifact.objects.shown().of_kind(kind).filter(presence=Presence.GONE, gone_since__lte=since)
    return gone.filter(superseded_by=None).exclude(owner="").exclude(author__kind=AccountKind.ORGANISATION)


def reconnect() -> int:
    """After a harvest: have all that once named what is listed again be read anew. Returns how many that are."""
    oldest = Departed.objects.aggregate(oldest=Min("latest_key"))["oldest"]
    if oldest is None:
        return 0
    waiting = set(Departed.objects.values_list("name", flat=True))
    newer = Artifact.objects.listed().filter(pk__gt=oldest).values_list("kind", "repo_id")
    back = [name for kind, repo_id in newer.iterator() if (name := name_of(kind, repo_id)) in waiting]
    derived: set[int] = set()
    for start in range(0, len(back), BATCH):
        found = Departed.objects.filter(name__in=back[start : start + BATCH])
        derived |= set(found.values_list("derived", flat=True))
        found.delete()
    for some in _portions(sorted(derived)):
        # Without its digest the next record of it counts as new, and brings its mentions back.
        Artifact.objects.filter(pk__in=some).update(digest=b"")
    return len(derived)


def name_of(kind: str, repo_id: str) -> str:
    """The fingerprint of a repository."""
    return salted_hmac("lineage.departures.name", f"{kind}:{repo_id}", algorithm="sha256").hexdigest()


def _remember(keys: list[int]) -> None:
    """What names those that leave, by their fingerprints."""
    latest = Artifact.objects.aggregate(latest=Max("pk"))["latest"]
    mentions = remains(keys).mentions().values_list("target_kind", "target", "artifact").distinct()
    Departed.objects.bulk_create(
        (
            Departed(
                name=name_of(kind, target),
                owner=amendments.fingerprint_of_account(target.partition("/")[0]),
                derived_id=artifact,
                latest_key=latest,
            )
            for kind, target, artifact in mentions.iterator()
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )


def _last_two(kind: Kind) -> tuple[HarvestRun | None, HarvestRun | None]:
    """The latest whole listing of this kind that was linked in, complete or not, and the complete one before it."""
    runs = HarvestRun.objects.whole().filter(lanes__kind=kind, ended_at__isnull=False).distinct()
    latest = runs.exclude(state=RunState.CANCELLED).order_by("-pk").first()
    if latest is None:
        return None, None
    return latest, runs.filter(state=RunState.COMPLETE, pk__lt=latest.pk).order_by("-pk").first()


def _portions(items: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
