"""The processing policy of this project: the answer to `lineage.policy`."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lineage.hub.records import HubRecord
from lineage.models import Artifact, Author, HarvestRun
from lineage.policy import Screened
from rights import corrections, exclusion, journal, notices, purging, suppressions
from rights.effects.sweep import NOBODY, sweep_learned
from rights.models import ProjectPeriod, Suppression
from rights.period import legal_date
from rights.screening import Sieve
from rights.suppressions import QUERY_SIZE, Ground, Names


class ProjectPolicy:
    """Harvests only within a project period, under a notice that declares all, and nothing of who is suppressed."""

    def refusal(self, *, at: datetime) -> str | None:
        """Why nothing may be harvested at `at` (aware); None within a period and under a notice.

        Dates are those of Paris.
        """
        today = legal_date(at)
        if refused := _shut(today):
            return refused
        if ProjectPeriod.objects.in_force(today).exists():
            return notices.refusal(on=today) or suppressions.unreadable()
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

    def state(self) -> bytes:
        """A digest of the list, of the corrections in force, and of what is withheld: no name can be read from it."""
        said = (suppressions.outline(), corrections.outline(), sorted(_withheld_keys()))
        return hashlib.blake2b(repr(said).encode(), digest_size=16).digest()


def _withheld_keys() -> "QuerySet[Artifact, int]":
    return Artifact.objects.withheld().values_list("pk", flat=True)


def _shut(today: date) -> str | None:
    """Why the whole project is shut, whatever its period says."""
    return journal.refusal_to_open() if journal.behind() else purging.refusal(on=today)


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
    learned = [(Names(accounts=frozenset({owner})), entry) for owner, entry in sieve.newcomers.items()]
    learned += [(Names(hub_ids=frozenset({hub_id})), entry) for hub_id, entry in sieve.hub_ids.items()]
    for names, entry in learned:
        _list(names, entry, swept=not names.accounts)
    if learned:
        listed = [row for names, _entry in learned for row in suppressions.rows_of(names)]
        at = max(entry.since for _names, entry in learned)
        details: dict[str, int | str] = {"entries": len(listed)}
        redo = {"do": "list", "listed": listed}
        journal.enter(act="names_learned", by=NOBODY, at=_lately(at), reference="", details=details, redo=redo)
    if sieve.newcomers or any(not row.swept for row in sieve.listed.rows.values()):
        transaction.on_commit(_sweep, robust=True)


def _sweep() -> None:
    """Robust: a page that is stored stays so, and what could not be swept now is met by the next page."""
    newest = Suppression.objects.unswept().order_by("-since").first()
    if newest is not None:
        sweep_learned(at=_lately(newest.since))


def _lately(otherwise: datetime) -> datetime:
    """When a harvest last gave a sign of life: nobody hands a moment to the screening of a page."""
    run = HarvestRun.objects.exclude(heartbeat_at=None).order_by("-heartbeat_at").first()
    return run.heartbeat_at if run and run.heartbeat_at else otherwise


def _list(names: Names, like: Suppression, *, swept: bool) -> None:
    suppressions.suppress(
        names,
        ground=like.ground,
        reference=like.reference,
        also_for=like.also_for,
        at=like.since,
        learned=True,
        swept=swept,
    )


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
        held |= set(withheld.named(some).values_list("kind", "repo_id"))
        held |= set(withheld.filter(aliases__name__in=some).values_list("kind", "aliases__name"))
    return held & names


def _portions(names: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(names)
    return (ordered[start : start + QUERY_SIZE] for start in range(0, len(ordered), QUERY_SIZE))
