"""Edges from evidence: what mentions and staff say of each pair, put together, against what held until now."""

from collections.abc import Iterator
from datetime import datetime

from lineage.linking.desk import Desk, moment
from lineage.models import Artifact, Bridge, Decision, DerivationVerdict
from lineage.vocabulary import Certainty

STRENGTH = list(Certainty)  # rank 0 is the strongest
RANKED = " ".join(f"WHEN {rank} THEN '{certainty.value}'" for rank, certainty in enumerate(STRENGTH))

# position: the place in the card's own list of sources; null for every other field.
# CAST: an expression has no type of its own on SQLite, and no index on it would be used.
EVIDENCE = """
SELECT CAST(CASE WHEN m.resolved THEN t.resolved_id ELSE t.declared_id END AS bigint) AS source_id,
       CAST(COALESCE(n.node_id, m.artifact_id) AS bigint) AS derived_id,
       m.relation,
       CASE WHEN m.resolved THEN 1 WHEN t.guessed = 1 THEN 3 ELSE 2 END AS rank,
       CASE WHEN m.field IN ('base_model_card', 'source_datasets_card') THEN m.position END AS position,
       CASE WHEN m.relation <> 'trained_on' THEN 1 ELSE 0 END AS is_kin
FROM lineage_mention m
JOIN link_target t ON t.kind = m.target_kind AND t.name = m.target
LEFT JOIN link_node n ON n.artifact_id = m.artifact_id
WHERE NOT EXISTS (SELECT 1 FROM link_silent s WHERE s.artifact_id = m.artifact_id)
"""

# What cards say and staff did not reject, one row for each relation of a pair.
CLAIMS = """
SELECT source_id, derived_id, relation, MIN(rank) AS rank, MIN(position) AS position, MAX(is_kin) AS is_kin
FROM (SELECT * FROM link_evidence e
      WHERE e.source_id <> e.derived_id AND NOT EXISTS (
          SELECT 1 FROM link_rejected r
          WHERE r.source_id = e.source_id AND r.derived_id = e.derived_id AND r.relation IN ('', e.relation))
      UNION ALL
      SELECT source_id, derived_id, relation, 0, NULL, CASE WHEN relation <> 'trained_on' THEN 1 ELSE 0 END
      FROM link_added) ground
GROUP BY source_id, derived_id, relation
"""

# What once went through an element that has left: where nothing else is known of a pair, and staff do not reject it.
BRIDGED = """
INSERT INTO link_claim (source_id, derived_id, relation, rank, position, is_kin)
SELECT b.source_id, b.derived_id, 'unspecified', MIN(b.rank), NULL, MAX(CASE WHEN s.kind = d.kind THEN 1 ELSE 0 END)
FROM link_bridge b JOIN lineage_artifact s ON s.id = b.source_id JOIN lineage_artifact d ON d.id = b.derived_id
WHERE b.source_id <> b.derived_id
  AND NOT EXISTS (SELECT 1 FROM link_claim c WHERE c.source_id = b.source_id AND c.derived_id = b.derived_id)
  AND NOT EXISTS (SELECT 1 FROM link_rejected r
                  WHERE r.source_id = b.source_id AND r.derived_id = b.derived_id AND r.relation IN ('', 'unspecified'))
GROUP BY b.source_id, b.derived_id
"""

# A relation that is not stated adds its certainty to those that are; alone it makes an edge of its own.
EDGES = """
SELECT c.source_id, c.derived_id, c.relation,
       CASE WHEN u.rank < c.rank THEN u.rank ELSE c.rank END AS rank
FROM link_claim c
LEFT JOIN link_claim u
  ON u.source_id = c.source_id AND u.derived_id = c.derived_id AND u.relation = 'unspecified'
WHERE c.relation <> 'unspecified' OR NOT EXISTS (
    SELECT 1 FROM link_claim s
    WHERE s.source_id = c.source_id AND s.derived_id = c.derived_id AND s.relation <> 'unspecified')
"""

END = """
UPDATE lineage_derivation SET held_until = CASE WHEN held_from > %s THEN held_from ELSE %s END
WHERE held_until IS NULL AND NOT EXISTS (
    SELECT 1 FROM link_edge e
    WHERE e.source_id = lineage_derivation.source_id AND e.derived_id = lineage_derivation.derived_id
      AND e.relation = lineage_derivation.relation)
"""
REASSESS = f"""
UPDATE lineage_derivation SET certainty = CASE e.rank {RANKED} END
FROM link_edge e
WHERE held_until IS NULL AND e.source_id = lineage_derivation.source_id
  AND e.derived_id = lineage_derivation.derived_id AND e.relation = lineage_derivation.relation
  AND lineage_derivation.certainty <> CASE e.rank {RANKED} END
"""  # noqa: S608
# In a table of its own: looked for while the rows go in, PostgreSQL would read them again for each.
NEW = """
SELECT e.source_id, e.derived_id, e.relation, e.rank
FROM link_edge e
WHERE NOT EXISTS (
    SELECT 1 FROM lineage_derivation d
    WHERE d.held_until IS NULL AND d.source_id = e.source_id AND d.derived_id = e.derived_id
      AND d.relation = e.relation)
"""
BEGIN = f"""
INSERT INTO lineage_derivation (source_id, derived_id, relation, certainty, held_from)
SELECT e.source_id, e.derived_id, e.relation, CASE e.rank {RANKED} END, %s FROM link_new e
"""  # noqa: S608


def lay_out_edges(desk: Desk, nodes: dict[int, int]) -> None:
    """`link_claim`, each relation of a pair with its ground, and `link_edge`, the edges that ought to hold."""
    columns, key = "source_id bigint, derived_id bigint, relation varchar(16)", "source_id, derived_id, relation"
    desk.fill("link_rejected", columns, list(_verdicts(Decision.REJECT, nodes)), key=key)
    desk.fill("link_added", columns, list(_verdicts(Decision.ADD, nodes)))
    desk.table("link_evidence", EVIDENCE)
    desk.table("link_claim", CLAIMS, key=key)
    bridges = "source_id bigint, derived_id bigint, rank integer"
    desk.fill("link_bridge", bridges, list(_bridges(nodes)), key="source_id, derived_id")
    desk.add("link_claim", BRIDGED)
    desk.table("link_edge", EDGES, key=key)


def renew_edges(desk: Desk, *, at: datetime) -> tuple[int, int, int]:
    """Make the derivations that hold those of `link_edge`. Returns how many begun, ended and changed certainty."""
    until = moment(at)
    ended = desk.run(END, [until, until])
    reassessed = desk.run(REASSESS)
    desk.table("link_new", NEW)
    begun = desk.run(BEGIN, [until])
    return begun, ended, reassessed


def _verdicts(decision: Decision, nodes: dict[int, int]) -> Iterator[tuple[int, int, str]]:
    """Staff's verdicts between what their artifacts count as now; without those that fell together or lost their name."""
    verdicts = DerivationVerdict.objects.filter(decision=decision).values_list("source_id", "derived_id", "relation")
    meant = [
        (nodes.get(source, source), nodes.get(derived, derived), relation) for source, derived, relation in verdicts
    ]
    ends = {end for source, derived, _ in meant for end in (source, derived)}
    standing = set(Artifact.objects.standing().filter(pk__in=ends).values_list("pk", flat=True))
    for source, derived, relation in sorted(set(meant)):
        if source != derived and {source, derived} <= standing:
            yield source, derived, relation


def _bridges(nodes: dict[int, int]) -> Iterator[tuple[int, int, int]]:
    """The bridges between what their ends count as now."""
    for source, derived, certainty in Bridge.objects.values_list("source_id", "derived_id", "certainty").iterator():
        yield nodes.get(source, source), nodes.get(derived, derived), STRENGTH.index(Certainty(certainty))
