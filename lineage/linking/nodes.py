"""A fingerprint of the nodes, so that a graph file is known to be stale also where no edge changed."""

from hashlib import blake2b

from django.db import connection

from lineage.linking.desk import Desk

# A sum does not depend on the order of the rows. 40 bits each: four million of them stay within 64.
SQLITE = """
SELECT COUNT(*), SUM(node_hash(id, kind, presence, is_current, repo_id)) FROM lineage_artifact
"""
POSTGRESQL = """
SELECT COUNT(*), SUM(hashtextextended(CONCAT_WS(' ', id, kind, presence, is_current, repo_id), 0) >> 24)
FROM lineage_artifact
"""


def fingerprint(desk: Desk) -> str:
    """Keys, kinds, presences and names of all artifacts in one short text: another text means other nodes."""
    if connection.vendor == "postgresql":
        ((count, total),) = desk.rows(POSTGRESQL)
    else:
        connection.connection.create_function("node_hash", 5, _node_hash, deterministic=True)
        ((count, total),) = desk.rows(SQLITE)
    return f"{count} {total or 0}"


def _node_hash(*facts: object) -> int:
    return int.from_bytes(blake2b(repr(facts).encode(), digest_size=5).digest(), "big")
