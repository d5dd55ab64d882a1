"""Downloads and likes of a batch, written where they differ; the week's point with them.

With them lies the digest of the raw record, which changes as rarely as the artifact does, and is read with them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.backends.utils import CursorWrapper

from lineage.staging.identity import Repository
from lineage.staging.tables import insert, stage

COLUMNS = ("artifact_id", "downloads", "likes", "raw_digest")
LATEST = """
UPDATE lineage_counter SET downloads = staged.downloads, likes = staged.likes, raw_digest = staged.raw_digest
  FROM staged_counter AS staged WHERE lineage_counter.artifact_id = staged.artifact_id
"""
WEEKLY = """
INSERT INTO lineage_weeklycounter (artifact_id, week, downloads, likes)
SELECT artifact_id, %s, downloads, likes FROM staged_counter WHERE true
ON CONFLICT (artifact_id, week) DO UPDATE SET downloads = excluded.downloads, likes = excluded.likes
"""
DIGESTED = """
UPDATE lineage_counter SET raw_digest = staged.raw_digest FROM staged_digest AS staged
 WHERE lineage_counter.artifact_id = staged.artifact_id
"""

Numbers = tuple[int | None, int | None]  # downloads and likes
Row = tuple[int, int, int, bytes]
NONE = (None, None)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a batch says of one artifact's counters, and the digest of the raw record that is stored of it.

    `before`: as stored; `seen_before`: by an earlier page of the run.
    """

    key: int
    before: Numbers
    read: Sequence[Numbers]
    seen_before: bool
    digest: bytes
    digest_before: bytes | None = None

    @property
    def now(self) -> Numbers:
        """What to store: of what one run reads the greatest, so that the order of its pages does not matter."""
        if len(self.read) == 1 and not self.seen_before and None not in self.read[0]:
            return self.read[0]  # as nearly always
        downloads, likes = (
            _latest(stored, said, seen_before=self.seen_before)
            for stored, said in zip(self.before, zip(*self.read, strict=True), strict=True)
        )
        return downloads, likes

    @property
    def is_digested_anew(self) -> bool:
        """Whether another digest is to be stored than before, where there is a row for it."""
        return self.digest_before is not None and self.digest != self.digest_before


def of(repository: Repository) -> Counted:
    """What was read of one repository."""
    row, best = repository.row, repository.best
    digest_before = row.raw_digest if row else None
    return Counted(
        repository.key,
        (row.downloads, row.likes) if row else NONE,
        [(version.record.downloads, version.record.likes) for version in repository.versions],
        row is not None and row.sighted,
        best.raw_digest if best else digest_before or b"",
        digest_before,
    )


def write(cursor: CursorWrapper, counted: Iterable[Counted], *, at: datetime) -> int:
    """Store the counters that changed; returns how many artifacts had such. A record without counters leaves them.

    A week in which an artifact's counters did not change has no point of its own: the one before it still holds.
    """
    new: list[Row] = []
    changed: list[Row] = []
    digested: list[tuple[int, bytes]] = []
    for one in counted:
        now = one.now
        if now != one.before:
            (new if one.before == NONE else changed).append((one.key, now[0] or 0, now[1] or 0, one.digest))
        elif one.is_digested_anew:
            digested.append((one.key, one.digest))
    _insert(cursor, new, monday(at))
    _update(cursor, changed, monday(at))
    if digested:
        stage(cursor, "staged_digest", "lineage_counter", ("artifact_id", "raw_digest"), digested)
        cursor.execute(DIGESTED)
    return len(new) + len(changed)


def _insert(cursor: CursorWrapper, rows: Sequence[Row], week: date) -> None:
    """Counters of artifacts that have none: straight into the tables."""
    if rows:
        insert(cursor, "lineage_counter", COLUMNS, rows)
        weekly = ((key, week.isoformat(), downloads, likes) for key, downloads, likes, _digest in rows)
        insert(cursor, "lineage_weeklycounter", ("artifact_id", "week", "downloads", "likes"), weekly)


def _update(cursor: CursorWrapper, rows: Sequence[Row], week: date) -> None:
    if rows:
        stage(cursor, "staged_counter", "lineage_counter", COLUMNS, rows)
        cursor.execute(LATEST)
        cursor.execute(WEEKLY, [week.isoformat()])


def monday(at: datetime) -> date:
    """The first day of the ISO week of a moment, in UTC."""
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def _latest(stored: int | None, read: Sequence[int | None], *, seen_before: bool) -> int | None:
    values = [value for value in read if value is not None]
    if not values:
        return stored
    return max([*values, stored]) if seen_before and stored is not None else max(values)
