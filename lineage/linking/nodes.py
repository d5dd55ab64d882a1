"""The nodes: what each superseded artifact counts as, and a fingerprint of them all."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import TypeVar

from django.db import connection

from lineage.linking.desk import Desk
from lineage.models import Artifact

SUCCESSION = ("pk", "superseded_by_id")  # columns of an artifact
BATCH = 1000  # keys or names in one query

Item = TypeVar("Item")

# A sum does not depend on the order of the rows. 40 bits each: four million of them stay within 64.
SQLITE = """
SELECT COUNT(*), SUM(node_hash(id, kind, presence, is_current, repo_id)) FROM lineage_artifact
"""
POSTGRESQL = """
SELECT COUNT(*), SUM(hashtextextended(CONCAT_WS(' ', id, kind, presence, is_current, repo_id), 0) >> 24)
FROM lineage_artifact
"""


def lay_out_nodes(desk: Desk) -> dict[int, int]:
    """`link_node`: the artifact that each superseded one counts as; also returned."""
    after = dict(Artifact.objects.filter(superseded_by__isnull=False).values_list(*SUCCESSION))
    nodes = {key: end_of(key, after) for key in after}
    desk.fill("link_node", "artifact_id bigint, node_id bigint", sorted(nodes.items()), key="artifact_id")
    return nodes


def end_of(key: int, after: Mapping[int, int | None]) -> int:
    """Where a line of successions that begins with `key` ends; in a circle, at its last new member."""
    seen = {key}
    while (following := after.get(key)) is not None and following not in seen:
        seen.add(following)
        key = following
    return key


def batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in runs short enough for one query."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def fingerprint(desk: Desk) -> str:
    """Keys, kinds, presences and names of all artifacts in one short text: another text means other nodes.

    So a graph file is known to be stale also where no edge changed.
    """
    if connection.vendor == "postgresql":
        ((count, total),) = desk.rows(POSTGRESQL)
    else:
        connection.connection.create_function("node_hash", 5, _node_hash, deterministic=True)
        ((count, total),) = desk.rows(SQLITE)
    return f"{count} {total or 0}"


def _node_hash(*facts: object) -> int:
    return int.from_bytes(blake2b(repr(facts).encode(), digest_size=5).digest(), "big")
