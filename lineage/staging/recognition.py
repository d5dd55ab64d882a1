"""Records that say what they said when they were last stored: found before they are parsed, and marked as seen."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lineage.hub.raw import RawRecord
from lineage.staging import counters
from lineage.staging.counters import Counted
from lineage.staging.tables import joins_by_index, stage
from lineage.vocabulary import Kind

# An artifact without its digest is to be read anew: what was withdrawn from it may come back.
STANDS = "a.is_current AND a.presence = 'listed' AND a.withheld_at IS NULL AND length(a.digest) > 0"
KNOWN = f"""
SELECT a.hub_id, a.id, n.downloads, n.likes
  FROM staged_raw r CROSS JOIN lineage_artifact a JOIN lineage_counter n ON n.artifact_id = a.id
 WHERE a.kind = %s AND a.hub_id = r.hub_id AND NOT (a.hub_id = '') AND n.raw_digest = r.digest AND {STANDS}
"""  # noqa: S608
SEEN = f"""
INSERT INTO lineage_sighting (run_id, artifact_id)
SELECT %s, a.id FROM staged_digest d CROSS JOIN lineage_artifact a JOIN lineage_counter n ON n.artifact_id = a.id
 WHERE a.id = d.artifact_id AND n.raw_digest = d.raw_digest AND {STANDS}
ON CONFLICT DO NOTHING
"""  # noqa: S608


class Moved(Exception):
    """A record that was recognised is no longer stored as it was, or was seen before: all are to be parsed."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A raw record that says what it said when it was last stored, and what is stored of it."""

    kind: Kind
    record: RawRecord
    key: int
    downloads: int
    likes: int

    @property
    def says_other_counters(self) -> bool:
        """Whether its downloads or likes are not those stored."""
        return (self.record.downloads, self.record.likes) != (self.downloads, self.likes)

    @property
    def counted(self) -> Counted:
        """What it says of its artifact's counters, which are not part of its digest."""
        return Counted(
            self.key,
            before=(self.downloads, self.likes),
            read=[(self.record.downloads, self.record.likes)],
            seen_before=False,
            digest=self.record.digest,
            digest_before=self.record.digest,
        )


def recognise(records: Sequence[RawRecord | None], kind: Kind) -> dict[int, Recognised]:
    """The records whose artifacts are stored as these say, by their places.

    Of a repository that stands in the batch several times none is recognised: they are to be compared.
    """
    times = Counter(record.hub_id for record in records if record)
    asked = [(record.hub_id, record.digest) for record in records if record and times[record.hub_id] == 1]
    if not asked:
        return {}
    with connection.cursor() as cursor, joins_by_index(cursor):
        stage(cursor, "staged_raw", "lineage_artifact", ("hub_id", "digest"), asked)
        cursor.execute(KNOWN, [kind])
        known = {hub_id: stored for hub_id, *stored in cursor.fetchall()}
    return {
        place: Recognised(kind, record, *known[record.hub_id])
        for place, record in enumerate(records)
        if record and record.hub_id in known
    }


def store_recognised(cursor: CursorWrapper, recognised: Sequence[Recognised], *, run_key: int, at: datetime) -> int:
    """Mark them as seen by the run, under the lock of the writer, and store their counters; returns how many changed.

    Before the rest of the batch is settled, which then meets them as it meets what earlier pages brought. Raises Moved.
    """
    if not recognised:
        return 0
    digests = ((one.key, one.record.digest) for one in recognised)
    stage(cursor, "staged_digest", "lineage_counter", ("artifact_id", "raw_digest"), digests)
    cursor.execute(SEEN, [run_key])
    if cursor.rowcount != len(recognised):
        raise Moved
    return counters.write(cursor, (one.counted for one in recognised if one.says_other_counters), at=at)
