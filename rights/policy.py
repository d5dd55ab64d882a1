"""The processing policy of this project: the answer to `lineage.policy`."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lineage.hub.records import HubRecord
from lineage.models import Artifact, Author, HarvestRun
from lineage.policy import Screened
from rights import corrections, exclusion, suppressions
from rights.effects.sweep import sweep_learned
from rights.models import ProjectPeriod, Suppression
from rights.period import legal_date
from rights.screening import Sieve
from rights.suppressions import QUERY_SIZE, Ground, Names


class ProjectPolicy:
    """Harvests only within a project period of which the public was informed, and nothing of who is suppressed."""

    def refusal(self, *, at: datetime) -> str | None:
        """Why nothing may be harvested at `at` (aware); None within a period. Dates are those of Paris."""
        today = legal_date(at)
        if ProjectPeriod.objects.in_force(today).exists():
            return suppressions.unreadable()
        return _(
            "No project period is in force on {day}: nothing may be harvested. Nothing was changed. "
            "Record a period with the reference of its public notice in the admin (Rights, Project periods), "
            "or set PROJECT_END and PROJECT_NOTICE and run “manage.py migrate”."
        ).format(day=today.isoformat())

    def screen(self, records: Sequence[HubRecord]) -> Screened:
        """Drop the records of suppressed accounts and repositories, and what others say of them.

        Within the transaction that stores the rest: until it ends, no effect begins. A listed repository under a new
        owner puts that owner on the list too. Raises KeysMissing where the list cannot be read.
        """
        with transaction.atomic():
            exclusion.while_screening()
            listed = suppressions.read_list()
            if not listed.rows:
                return Screened(corrections.applied(records))
            held: set[tuple[str, str]] = set()
            sieve = Sieve(listed, stays=lambda kind, name: (kind, name) in held)
            sieve.meet_newcomers(records, _strangers)
            held |= _withheld(_restricted(records, sieve))
            kept = sieve.sift(records)
            _learn(sieve)
            suppressions.note(listed)
            return Screened(corrections.applied(kept), sieve.dropped_records, sieve.dropped_mentions)


def _strangers(owners: dict[str, Suppression]) -> set[str]:
    """Of the owners of listed repositories, those that are somebody else: organisations, and accounts known before.

    A repository may have been given to them; only that repository stays out.
    """
    strangers: set[str] = set()
    for some in _portions(owners):
        for name, kind, key in Author.objects.filter(name__in=some).values_list("name", "kind", "pk"):
            if kind == "organisation" or key <= owners[name].newest_author:
                strangers.add(name)
    return strangers


def _learn(sieve: Sieve) -> None:
    """Put on the list what this batch taught; what was stored of a newcomer before leaves once the page is stored."""
    for owner, entry in sieve.newcomers.items():
        _list(Names(accounts=frozenset({owner})), entry, swept=False)
    for hub_id, entry in sieve.hub_ids.items():
        _list(Names(hub_ids=frozenset({hub_id})), entry, swept=True)
    if sieve.newcomers or any(not row.swept for row in sieve.listed.rows.values()):
        transaction.on_commit(_sweep, robust=True)


def _sweep() -> None:
    """Robust: a page that is stored stays so, and what could not be swept now is met by the next page."""
    run = HarvestRun.objects.exclude(heartbeat_at=None).order_by("-heartbeat_at").first()
    newest = Suppression.objects.unswept().order_by("-since").first()
    if newest is not None:
        sweep_learned(at=run.heartbeat_at if run and run.heartbeat_at else newest.since)


def _list(names: Names, like: Suppression, *, swept: bool) -> None:
    suppressions.suppress(names, ground=like.ground, reference=like.reference, at=like.since, learned=True, swept=swept)


def _restricted(records: Iterable[HubRecord], sieve: Sieve) -> set[tuple[str, str]]:
    """The repositories of restricted accounts that these records mention, and old names of theirs."""
    return {
        (str(mention.target_kind), mention.target)
        for record in records
        for mention in record.mentions
        for entry in (
            sieve.account(mention.target.partition("/")[0]),
            sieve.listed.name(mention.target_kind, mention.target),
        )
        if entry is not None and entry.ground == Ground.RESTRICTION
    }


def _withheld(names: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the names that a withheld artifact bears, or bore."""
    held: set[tuple[str, str]] = set()
    withheld = Artifact.objects.withheld()
    for some in _portions({name for _kind, name in names}):
        held |= set(withheld.filter(repo_id__in=some).values_list("kind", "repo_id"))
        held |= set(withheld.filter(aliases__name__in=some).values_list("kind", "aliases__name"))
    return held & names


def _portions(names: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(names)
    return (ordered[start : start + QUERY_SIZE] for start in range(0, len(ordered), QUERY_SIZE))
