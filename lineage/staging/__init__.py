"""From parsed records to rows: set-based, idempotent, the same whatever the order of the pages.

Read what is stored of a batch in one query, decide in memory, write in bulk. What does not differ is not written:
a second harvest of the same input leaves marks of what it saw (`Sighting`) and changes nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from operator import add
from types import MappingProxyType

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lineage.hub.records import HubRecord
from lineage.models import HarvestRun
from lineage.staging import artifacts, counters, mentions, renames
from lineage.staging.identity import Repository, Settlement, settle
from lineage.staging.lookup import rows_concerned, without_withheld
from lineage.staging.recognition import Moved, Recognised, recognise, store_recognised
from lineage.staging.tables import insert, joins_by_index, measure, measure_grown, one_writer
from lineage.staging.versions import version

__all__ = ["Moved", "Recognised", "Stored", "measure", "measure_grown", "recognise", "store"]


@dataclass(frozen=True, slots=True)
class Stored:
    """What one batch changed, in rows; `created`, `updated` and `unchanged` add up to the records given.

    `renamed` are among the updated. `displaced`: rows that lost their name to a repository of the batch.
    `counters`: artifacts whose downloads or likes changed. `unlinked`: rows by which linking may come to another
    result.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    renamed: int = 0
    displaced: int = 0
    authors: int = 0
    counters: int = 0
    mentions_added: int = 0
    mentions_changed: int = 0
    mentions_removed: int = 0
    aliases_begun: int = 0
    unlinked: int = 0

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(*map(add, astuple(self), astuple(other)))


def store(
    records: Sequence[HubRecord],
    *,
    run: HarvestRun,
    at: datetime,
    digests: Mapping[int, bytes] = MappingProxyType({}),
    recognised: Sequence[Recognised] = (),
) -> Stored:
    """Store parsed and screened records of a page as seen by `run`, inside the caller's atomic block.

    What is withheld is left as it is, and counts as unchanged. `at` dates the aliases and the weekly counters. The
    records may be of both kinds and hold one repository several times. `digests`: of their raw records, by the `id()`
    of a record; one that has none is parsed each time. `recognised`, all of one kind, need no parsing: they are
    marked as seen, and their counters stored.

    Raises ValueError outside an atomic block, for rows and cursor must be committed together, and Moved where what
    was recognised has changed meanwhile.
    """
    if not connection.in_atomic_block:
        raise ValueError("records are stored inside the transaction that also stores the cursor")
    if not records and not recognised:
        return Stored()
    versions = [version(record, digests.get(id(record), b"")) for record in without_withheld(records)]
    with connection.cursor() as cursor, joins_by_index(cursor):
        one_writer(cursor, {record.kind for record in records} | {one.kind for one in recognised[:1]})
        counted = store_recognised(cursor, recognised, run_key=run.pk, at=at)
        again = Stored(unchanged=len(recognised), counters=counted)
        if not records:
            return again
        since = run.started_at or at
        settlement = settle(versions, rows_concerned(cursor, versions, run_key=run.pk, since=since))
        return again + _write(cursor, settlement, len(records), run=run, since=since, at=at)


def _write(
    cursor: CursorWrapper, settlement: Settlement, read: int, *, run: HarvestRun, since: datetime, at: datetime
) -> Stored:
    repositories = settlement.repositories
    created = sum(repository.is_new for repository in repositories)
    updated = sum(_is_updated(repository) for repository in repositories)
    saying = [repository for repository in repositories if repository.says_something_new]
    authors = artifacts.write(cursor, settlement, since=since)
    merged = [row.key for row, _ in settlement.merged]
    added, changed, removed = mentions.write(cursor, saying, merged, run_key=run.pk)
    _mark_seen(cursor, repositories, run)
    begun, moved = _settle_left_names(cursor, settlement, run=run, since=since, at=at)
    displaced = len(settlement.vacated) + len(settlement.merged)
    moved += sum(repository.is_renamed or repository.stands_elsewhere for repository in repositories)
    return Stored(
        created=created,
        updated=updated,
        unchanged=read - created - updated,
        renamed=sum(repository.is_renamed for repository in repositories),
        displaced=displaced,
        authors=authors,
        counters=counters.write(cursor, map(counters.of, repositories), at=at),
        mentions_added=added,
        mentions_changed=changed,
        mentions_removed=removed,
        aliases_begun=begun,
        unlinked=created + displaced + moved + added + changed + removed + begun,
    )


def _is_updated(repository: Repository) -> bool:
    return not repository.is_new and (repository.says_something_new or repository.stands_elsewhere)


def _settle_left_names(
    cursor: CursorWrapper, settlement: Settlement, *, run: HarvestRun, since: datetime, at: datetime
) -> tuple[int, int]:
    """Returns how many aliases begin, and how many artifacts came to hold or lost a name."""
    if not settlement.left:
        return 0, 0
    held, moved = artifacts.settle_left_names(cursor, settlement.left, run_key=run.pk, since=since)
    left = [(name, repository) for name, repository in settlement.renames if (repository.kind, name) not in held]
    return renames.write(left, at=at), moved


def _mark_seen(cursor: CursorWrapper, repositories: Sequence[Repository], run: HarvestRun) -> None:
    unmarked = [(run.pk, r.key) for r in repositories if r.row is None or not r.row.sighted]
    if unmarked:
        insert(cursor, "lineage_sighting", ("run_id", "artifact_id"), unmarked)
