"""Reads nodes and edges out of the database into arrays, fast on PostgreSQL, plainly elsewhere."""

from typing import Any, cast

import numpy as np
from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, Func, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Collate
from numpy.typing import NDArray

from lineage import packed
from lineage.graph.arrays import EDGE_ROW, NO_DATE, NODE_ROW, PRESENCES
from lineage.models import Artifact, Counter, Derivation
from lineage.trace import CERTAINTIES, KINDS, RELATIONS
from lineage.vocabulary import Certainty, Kind, Presence, Relation

BATCH = 50_000
SORT_MEMORY = "256MB"  # PostgreSQL's default of 4 MB would sort millions of names on disk

_KEY_ROW = np.dtype([("key", "<i8")])
_FACTS_ROW = np.dtype([(name, NODE_ROW[name]) for name in ("key", "kind", "presence", "created")])
_COUNTERS_ROW = np.dtype([(name, NODE_ROW[name]) for name in ("key", "downloads", "likes")])


class _Seconds(Func):
    """A moment as whole seconds since 1970, UTC."""

    output_field = BigIntegerField()
    template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) AS bigint)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)", **context
        )


def nodes() -> NDArray[Any]:
    """All artifacts as rows of `NODE_ROW`, in code-point order of repository id, then kind.

    Those that no longer hold their name, or whose name means another artifact, are there too: an edge may still hold
    from them. Order, facts and counters are read apart and put together here: the server then sorts keys only.
    """
    names, kinds = Collate("repo_id", _code_points()), Collate("kind", _code_points())
    order = _array(Artifact.objects.order_by(names, kinds, "pk").values_list("pk"), _KEY_ROW)
    facts = _array(
        Artifact.objects.values_list(
            "pk",
            _code("kind", KINDS),
            _code("presence", PRESENCES),
            Coalesce(_Seconds("created_at"), NO_DATE, output_field=BigIntegerField()),
        ),
        _FACTS_ROW,
    )
    counters = _array(Counter.objects.values_list("pk", "downloads", Cast("likes", BigIntegerField())), _COUNTERS_ROW)
    rows = np.zeros(len(order), dtype=NODE_ROW)
    rows["key"], rows["created"] = order["key"], NO_DATE
    by_key = np.argsort(order["key"])
    for known in (facts, counters):
        _fill(rows, by_key, known)
    return rows


def _fill(rows: NDArray[Any], by_key: NDArray[np.intp], known: NDArray[Any]) -> None:
    """Put the columns of `known` into the rows of the same keys; `by_key` is the order of the rows by key.

    Both sides are walked in the order of their keys: looking them up in the order of names takes ten times as long.
    """
    if not len(rows):
        return
    keys = rows["key"][by_key]
    order = np.argsort(known["key"], kind="stable")  # nearly in order as the table lies: quick
    sought = known["key"][order]
    places = np.minimum(np.searchsorted(keys, sought), len(keys) - 1)
    found = keys[places] == sought
    targets, origins = by_key[places[found]], order[found]
    for name in cast("tuple[str, ...]", known.dtype.names):
        rows[name][targets] = known[name][origins]


def edges(derivations: "QuerySet[Derivation] | None" = None) -> NDArray[Any]:
    """The derivations that hold, or those given, as rows of `EDGE_ROW`."""
    held = Derivation.objects.holding() if derivations is None else derivations
    rows = held.values_list("source_id", "derived_id", _code("relation", RELATIONS), _code("certainty", CERTAINTIES))
    return _array(rows, EDGE_ROW)


def _code_points() -> str:
    return "C" if connection.vendor == "postgresql" else "BINARY"


def _code(column: str, words: tuple[Kind | Relation | Certainty | Presence, ...]) -> Cast:
    """A word's place in its vocabulary."""
    places = [When(**{column: word.value}, then=Value(place)) for place, word in enumerate(words)]
    return Cast(Case(*places, default=Value(len(words))), BigIntegerField())


def _array(rows: "QuerySet[Any, Any]", row: np.dtype[Any]) -> NDArray[Any]:
    if connection.vendor == "postgresql":
        return _copied(rows, row)
    return np.fromiter(rows.iterator(chunk_size=BATCH), dtype=row)


def _copied(rows: "QuerySet[Any, Any]", row: np.dtype[Any]) -> NDArray[Any]:
    sql, params = rows.query.sql_with_params()
    names = cast("tuple[str, ...]", row.names)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{SORT_MEMORY}'; SET LOCAL jit = off")
        read = packed.columns(cursor, sql, names, params)
    array = np.empty(len(read[0]), dtype=row)
    for name, column in zip(names, read, strict=True):
        array[name] = column
    return array
