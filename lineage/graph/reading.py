"""Reads nodes and edges out of the database into arrays, fast on PostgreSQL, plainly elsewhere."""

from typing import Any, cast

import numpy as np
from django.db import connection
from django.db.models import BigIntegerField, Case, F, Func, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Collate
from numpy.typing import NDArray

from lineage.graph.arrays import EDGE_ROW, NO_DATE, NODE_ROW, PRESENCES
from lineage.models import Artifact, Derivation
from lineage.trace import CERTAINTIES, KINDS, RELATIONS
from lineage.vocabulary import Certainty, Kind, Presence, Relation

SIGNATURE_BYTES, TRAILER_BYTES = 19, 2  # of PostgreSQL's binary COPY format
BATCH = 50_000


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
    from them.
    """
    names, kinds = Collate("repo_id", _code_points()), Collate("kind", _code_points())
    rows = Artifact.objects.order_by(names, kinds, "pk").values_list(
        F("pk"),
        _code("kind", KINDS),
        _code("presence", PRESENCES),
        Coalesce("counter__downloads", 0, output_field=BigIntegerField()),
        Cast(Coalesce("counter__likes", 0), BigIntegerField()),
        Coalesce(_Seconds("created_at"), NO_DATE, output_field=BigIntegerField()),
    )
    return _array(rows, NODE_ROW)


def edges() -> NDArray[Any]:
    """The derivations that hold, as rows of `EDGE_ROW`."""
    rows = Derivation.objects.holding().values_list(
        "source_id", "derived_id", _code("relation", RELATIONS), _code("certainty", CERTAINTIES)
    )
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
    """The rows by binary COPY: all columns are bigints that are never null, so each row has one width."""
    sql, params = rows.query.sql_with_params()
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name in cast("tuple[str, ...]", row.names):
        fields += [(f"{name} length", ">i4"), (name, ">i8")]
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT binary)", params) as copy:
        body = b"".join(copy)
    wide = np.frombuffer(body[SIGNATURE_BYTES:-TRAILER_BYTES], dtype=fields)
    narrow = np.empty(len(wide), dtype=row)
    for name in cast("tuple[str, ...]", row.names):
        narrow[name] = wide[name]
    return narrow
