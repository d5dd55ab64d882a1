"""Every format holds what the table shows, read back by the programs it is for."""

import csv
import io
import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import networkx as nx
import openpyxl
import pyarrow.parquet as pq
import pytest

from lineage import exports
from lineage.exports import FILES, Format, TooLong, stream
from lineage.exports.rows import batches
from lineage.exports.text import LIVE
from lineage.labels import ELEMENT_NOT_SHOWN
from lineage.models import Artifact, Counter
from lineage.naming import STAFF_ON_SERVER, Viewer, names_by_key
from lineage.tracing import Filters, Trace, trace_from
from lineage.vocabulary import Certainty, Direction, Kind
from tests.factories import AT, make_artifact, make_derivation
from tests.graphs import draw

pytestmark = pytest.mark.django_db

CLEAR = partial(names_by_key, viewer=STAFF_ON_SERVER)
FAMILY = """
    d{dataset} -[trained_on,declared]-> a -> b -[quantized]-> c; d -[extended_from,declared]-> e{dataset}
    e -[trained_on,declared]-> f; b -[merge,inferred]-> g; c -> a
"""
HOSTILE = [
    "=1+1", "+x", "-x", "@x", "\tx", "\rx", "＝x", "'x", '"><script>alert(1)</script>', "a&b;<c>]]>",
    "a\x00b\x1bc\ufffe", "a,b\n\"c\"", "a_x0041_b", "Ünï—cødé\u202e", "\ud800",
]  # fmt: skip

Line = tuple[str | int | None, ...]


def whole(trace: Trace, form: Format, namer: exports.Namer = CLEAR) -> bytes:
    return b"".join(stream(trace, form, namer))


def on_screen(trace: Trace, namer: exports.Namer = CLEAR) -> list[Line]:
    return [
        (
            row.hop.kind.value,
            row.name,
            row.hop.depth,
            row.hop.relation.value,
            row.hop.certainty.value,
            row.hop.path_certainty.value,
            row.hop.via_kind.value,
            row.via_name,
            row.downloads,
            row.likes,
        )
        for rows in batches(trace, namer)
        for row in rows
    ]


def from_csv(body: bytes) -> list[Any]:
    rows = csv.reader(io.StringIO(body.decode(), newline=""))
    assert next(rows)[:3] == ["kind", "repo_id", "depth"]
    return [(*row[:2], int(row[2]), *row[3:8], *(int(cell) if cell else None for cell in row[8:])) for row in rows]


def from_json(body: bytes) -> list[Any]:
    return [
        (
            *(hop[name] for name in ("kind", "repo_id", "depth", "relation", "certainty", "path_certainty")),
            hop["via"]["kind"],
            hop["via"]["repo_id"],
            *(hop[name] for name in ("downloads", "likes")),
        )
        for hop in json.loads(body)["hops"]
    ]


def from_xlsx(body: bytes) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    return list(book["trace"].iter_rows(min_row=2, values_only=True))


def from_parquet(body: bytes) -> list[Any]:
    return [tuple(row.values()) for row in pq.read_table(io.BytesIO(body)).to_pylist()]


def from_network(network: Any, trace: Trace, name: str) -> list[Any]:
    """The rows of the table, told again from nodes and edges."""
    rows = []
    downstream = trace.direction == Direction.DOWNSTREAM
    for source, derived, edge in network.edges(data=True):
        via, hop = (source, derived) if downstream else (derived, source)
        node, before = network.nodes[hop], network.nodes[via]
        facts = node["kind"], node[name], node["depth"], edge["relation"], edge["certainty"], node["path_certainty"]
        rows.append((*facts, before["kind"], before[name], node.get("downloads"), node.get("likes")))
    return sorted(rows, key=lambda row: (row[2], row[1], row[0]))


def from_gexf(body: bytes, trace: Trace) -> list[Any]:
    return from_network(nx.read_gexf(io.BytesIO(body), version="1.3"), trace, "label")


def from_graphml(body: bytes, trace: Trace) -> list[Any]:
    return from_network(nx.read_graphml(io.BytesIO(body)), trace, "repo_id")


def from_prov(body: bytes, trace: Trace) -> list[Any]:
    network = nx.DiGraph()
    for entry in json.loads(body)["@graph"][1:]:
        if "rdfs:label" in entry:
            facts = {name.removeprefix("word:"): value for name, value in entry.items() if name.startswith("word:")}
            network.add_node(entry["@id"], label=entry["rdfs:label"], **facts)
        else:
            how = entry["prov:qualifiedDerivation"]
            assert how["prov:entity"] == entry["prov:wasDerivedFrom"]
            words = {"relation": how["word:relation"], "certainty": how["word:certainty"]}
            network.add_edge(entry["prov:wasDerivedFrom"]["@id"], entry["@id"], **words)
    return from_network(network, trace, "label")


@pytest.fixture(
    params=[
        pytest.param(("d", Direction.DOWNSTREAM, Filters()), id="downstream"),
        pytest.param(("c", Direction.UPSTREAM, Filters()), id="upstream"),
        pytest.param(("d", Direction.DOWNSTREAM, Filters(certainty=Certainty.INFERRED)), id="guesses too"),
        pytest.param(("g", Direction.DOWNSTREAM, Filters()), id="nothing found"),
    ]
)
def trace(request: pytest.FixtureRequest) -> Trace:
    start, direction, filters = request.param
    return trace_from(draw(FAMILY)[start], direction=direction, filters=filters)


@pytest.mark.parametrize(
    ("form", "read"),
    [(Format.CSV, from_csv), (Format.JSON, from_json), (Format.XLSX, from_xlsx), (Format.PARQUET, from_parquet)],
)
def test_a_list_holds_the_rows_of_the_table_in_their_order(trace: Trace, form: Format, read: Any) -> None:
    assert read(whole(trace, form)) == on_screen(trace)


@pytest.mark.parametrize("form", [Format.CSV, Format.JSON, Format.XLSX, Format.PARQUET])
def test_counters_stand_beside_each_hop_but_never_beside_an_element_not_shown(form: Format) -> None:
    drawn = draw("a -> b; a -> hidden")
    for name in ("b", "hidden"):
        Counter.objects.create(artifact=drawn[name], downloads=1_234_567, likes=89)
    Artifact.objects.filter(pk=drawn["hidden"].pk).update(withheld_at=AT)
    read = {Format.CSV: from_csv, Format.JSON: from_json, Format.XLSX: from_xlsx, Format.PARQUET: from_parquet}[form]
    told = {row[1]: row[-2:] for row in read(whole(trace_from(drawn["a"]), form))}
    assert told == {drawn["b"].repo_id: (1_234_567, 89), str(ELEMENT_NOT_SHOWN): (None, None)}


@pytest.mark.parametrize(
    ("form", "read"), [(Format.GEXF, from_gexf), (Format.GRAPHML, from_graphml), (Format.PROV, from_prov)]
)
def test_a_network_holds_the_rows_of_the_table(trace: Trace, form: Format, read: Any) -> None:
    assert read(whole(trace, form), trace) == on_screen(trace)


def test_edges_of_a_network_go_from_the_source_to_what_was_made_from_it() -> None:
    drawn = draw("a -> b -> c")
    keys = {str(artifact.pk): name for name, artifact in drawn.items()}
    for start, direction in (("a", Direction.DOWNSTREAM), ("c", Direction.UPSTREAM)):
        body = whole(trace_from(drawn[start], direction=direction), Format.GRAPHML)
        edges = {(keys[source], keys[derived]) for source, derived in nx.read_graphml(io.BytesIO(body)).edges}
        assert edges == {("a", "b"), ("b", "c")}


@pytest.mark.parametrize("form", [Format.GEXF, Format.GRAPHML])
def test_what_is_walked_through_but_not_reported_is_a_node_of_its_own_kind(form: Format) -> None:
    trace = trace_from(draw(FAMILY)["d"], filters=Filters(kinds=frozenset([Kind.MODEL])))
    body = io.BytesIO(whole(trace, form))
    network = nx.read_gexf(body, version="1.3") if form == Format.GEXF else nx.read_graphml(body)
    roles = {role for _node, role in network.nodes(data="role")}
    assert roles == {"origin", "passed", "hop"}
    assert network.number_of_edges() == len(trace)


@pytest.mark.parametrize("form", list(Format))
def test_the_same_trace_gives_the_same_bytes(form: Format) -> None:
    trace = trace_from(draw(FAMILY)["d"])
    assert whole(trace, form) == whole(trace, form)


def gexf_names(body: bytes) -> list[str]:
    return list(nx.get_node_attributes(nx.read_gexf(io.BytesIO(body), version="1.3"), "label").values())


def graphml_names(body: bytes) -> list[str]:
    return list(nx.get_node_attributes(nx.read_graphml(io.BytesIO(body)), "repo_id").values())


NAMES_BACK: Mapping[Format, Any] = {
    Format.JSON: lambda body: [row[1] for row in from_json(body)],
    Format.CSV: lambda body: [row[1] for row in from_csv(body)],
    Format.XLSX: lambda body: [row[1] for row in from_xlsx(body)],
    Format.PARQUET: lambda body: [row[1] for row in from_parquet(body)],
    Format.GEXF: gexf_names,
    Format.GRAPHML: graphml_names,
    Format.PROV: lambda body: [entry["rdfs:label"] for entry in json.loads(body)["@graph"] if "rdfs:label" in entry],
}


def all_called(name: str, keys: Collection[int]) -> Mapping[int, str]:
    return dict.fromkeys(keys, name)


@pytest.mark.parametrize("form", list(Format))
def test_a_hostile_name_is_written_and_read_back_inert(form: Format) -> None:
    trace = trace_from(draw("a -> b")["a"])
    for name in HOSTILE:
        names = NAMES_BACK[form](whole(trace, form, partial(all_called, name)))
        assert names
        if form in (Format.CSV, Format.XLSX):
            assert not any(back.startswith(LIVE) for back in names)
        elif name.isprintable():
            assert set(names) == {name}


def test_a_workbook_holds_no_formula() -> None:
    trace = trace_from(draw("a -> b")["a"])
    book = openpyxl.load_workbook(io.BytesIO(whole(trace, Format.XLSX, partial(all_called, "=1+1"))))
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)
    assert book.sheetnames == ["trace", "about"]


@pytest.mark.parametrize("form", [Format.XLSX, Format.PROV])
def test_a_trace_too_long_for_its_format_is_refused_before_the_first_byte(
    form: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = trace_from(draw("a -> b; a -> c")["a"])
    monkeypatch.setattr(exports, "FILES", {**FILES, form: replace(FILES[form], most_hops=1)})
    with pytest.raises(TooLong, match="2 hops"):
        stream(trace, form, CLEAR)


def test_masked_names_are_masked_in_every_format() -> None:
    person = make_artifact("jean-demo/model")
    make_derivation(person, make_artifact("jean-demo/other"))
    trace = trace_from(person)
    masked = partial(names_by_key, viewer=Viewer(sees_person_names=False))
    for form in Format:
        body = whole(trace, form, masked)
        if form == Format.XLSX:
            assert "jean-demo" not in str(from_xlsx(body))
            assert "/other" in str(from_xlsx(body))
        else:
            assert b"jean-demo" not in body


@pytest.mark.parametrize("form", list(Format))
def test_a_long_trace_comes_in_parts_named_in_bulk(form: Format, django_assert_max_num_queries: Any) -> None:
    origin = make_artifact("org/origin")
    for number in range(30):
        make_derivation(origin, make_artifact(f"org/m{number:02}"))
    trace = trace_from(origin)
    with django_assert_max_num_queries(6):
        parts = list(stream(trace, form, CLEAR))
    assert len(parts) >= 2
    assert b"".join(parts)
