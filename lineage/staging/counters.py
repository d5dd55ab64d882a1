"""Downloads and likes of a batch, written where they differ; the week's point with them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db.backends.utils import CursorWrapper

from lineage.staging.identity import Repository
from lineage.staging.tables import stage

LATEST = """
INSERT INTO lineage_counter (artifact_id, downloads, likes)
SELECT artifact_id, downloads, likes FROM staged_counter WHERE true
ON CONFLICT (artifact_id) DO UPDATE SET downloads = excluded.downloads, likes = excluded.likes
"""
WEEKLY = """
INSERT INTO lineage_weeklycounter (artifact_id, week, downloads, likes)
SELECT artifact_id, %s, downloads, likes FROM staged_counter WHERE true
ON CONFLICT (artifact_id, week) DO UPDATE SET downloads = excluded.downloads, likes = excluded.likes
"""


def write(cursor: CursorWrapper, repositories: Iterable[Repository], *, at: datetime) -> int:
    """Store the counters that changed; returns how many artifacts had such. A record without counters leaves them.

    A week in which an artifact's counters did not change has no point of its own: the one before it still holds.
    """
    changed = [row for repository in repositories for row in _changed(repository)]
    if changed:
        stage(cursor, "staged_counter", "lineage_counter", ("artifact_id", "downloads", "likes"), changed)
        cursor.execute(LATEST)
        cursor.execute(WEEKLY, [monday(at).isoformat()])
    return len(changed)


def monday(at: datetime) -> date:
    """The first day of the ISO week of a moment, in UTC."""
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def _changed(repository: Repository) -> Sequence[tuple[int, int, int]]:
    row, records = repository.row, [version.record for version in repository.versions]
    before = (row.downloads, row.likes) if row else (None, None)
    seen_before = row is not None and row.sighted
    downloads = _latest(before[0], [record.downloads for record in records], seen_before=seen_before)
    likes = _latest(before[1], [record.likes for record in records], seen_before=seen_before)
    if (downloads, likes) == before:
        return ()
    return [(repository.key, downloads or 0, likes or 0)]


def _latest(stored: int | None, read: Sequence[int | None], *, seen_before: bool) -> int | None:
    """What was read last; the greatest of what one run reads, so that the order of its pages does not matter."""
    values = [value for value in read if value is not None]
    if not values:
        return stored
    return max([*values, stored]) if seen_before and stored is not None else max(values)
