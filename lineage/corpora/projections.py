"""What follows from the tables of a corpus: who builds on whom, what goes together, how licences drift; its graph."""

import csv
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lineage.corpora import files, sample
from lineage.corpora.tables import KEY, NOTICE, place
from lineage.exports import xml
from lineage.exports.text import inert

MOST_TOGETHER = 50  # datasets of one model that are paired: pairs grow with the square
GOLDEN = math.pi * (3 - math.sqrt(5))


def write(folder: Path) -> None:
    """Write the projections, the sample to be coded and the graph anew from the tables in the folder."""
    facts = pq.read_table(place(folder, "artifacts"), columns=["id", "organisation", "license", "family"])
    edges = pq.read_table(place(folder, "derivations"), columns=["source", "derived", "relation"])
    _table(
        folder / "organisations.csv", ("source", "derived", "relation", "edges"), _ends(facts, edges, "organisation")
    )
    _table(folder / "datasets_together.csv", ("dataset", "other", "models"), _together(edges))
    _table(folder / "licences.csv", ("parent", "child", "relation", "edges"), _ends(facts, edges, "license"))
    write_sample(folder)
    with files.text_file(folder / "graph.gexf") as file:
        file.writelines(_gexf(folder, facts, edges))


def write_sample(folder: Path) -> None:
    """Write the table in which the sample is coded by hand."""
    sample.write(folder, _names(folder, sample.cited(folder)))


def _table(path: Path, columns: tuple[str, ...], counted: pa.Table) -> None:
    ordered = counted.sort_by([(name, "ascending") for name in counted.column_names])
    with files.text_file(path) as file:
        lines = csv.writer(file)
        lines.writerow(columns)
        for batch in ordered.to_batches():
            lines.writerows(map(_inert, zip(*(column.to_pylist() for column in batch.columns), strict=True)))


def _inert(cells: tuple[object, ...]) -> list[object]:
    return [inert(cell) if isinstance(cell, str) else cell for cell in cells]


def _ends(facts: pa.Table, edges: pa.Table, fact: str) -> pa.Table:
    """How many edges of each relation lead from one value of a fact to another; none where one end has no value."""
    sources = facts.select(["id", fact]).rename_columns(["source", "from"])
    derived = facts.select(["id", fact]).rename_columns(["derived", "to"])
    joined = edges.join(sources, "source").join(derived, "derived").select(["from", "to", "relation"])
    joined = joined.filter(pc.and_(pc.is_valid(joined["from"]), pc.is_valid(joined["to"])))
    return joined.group_by(["from", "to", "relation"]).aggregate([([], "count_all")])


def _together(edges: pa.Table) -> pa.Table:
    """Pairs of datasets (keys) that one model declares, the first fifty of each model."""
    used = edges.filter(pc.equal(edges["relation"], pa.scalar("trained_on"))).select(["derived", "source"])
    used = used.group_by(["derived", "source"]).aggregate([])
    used = used.sort_by([("derived", "ascending"), ("source", "ascending")])
    models = used["derived"].to_numpy()
    begins = np.searchsorted(models, models)  # where each model's datasets begin
    used = used.filter(pa.array(np.arange(len(models)) - begins < MOST_TOGETHER))
    pairs = used.join(used.rename_columns(["derived", "other"]), "derived", join_type="inner")
    pairs = pairs.filter(pc.less(pairs["source"], pairs["other"])).select(["source", "other"])
    return pairs.group_by(["source", "other"]).aggregate([([], "count_all")])


def _names(folder: Path, keys: set[int]) -> dict[int, str]:
    """What the artifacts with these keys are called in the corpus."""
    sought, found = pa.array(sorted(keys), KEY), dict[int, str]()
    with pq.ParquetFile(place(folder, "artifacts")) as rows:
        for batch in rows.iter_batches(files.BATCH, columns=["id", "repo_id"]):
            wanted = batch.filter(pc.is_in(batch["id"], sought))
            found.update(zip(files.values(wanted, "id"), files.values(wanted, "repo_id"), strict=True))
    return found


def _gexf(folder: Path, facts: pa.Table, edges: pa.Table) -> Iterator[str]:
    """GEXF 1.3 with a place for each node: families side by side on a spiral, members around their root."""
    notice = xml.text(json.dumps({"notice": NOTICE}, ensure_ascii=False))
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" '
        f'version="1.3">\n<meta><description>{notice}</description></meta>\n'
        '<graph defaultedgetype="directed" mode="static">\n<attributes class="node"><attribute id="kind" title="kind" '
        'type="string"/></attributes>\n<attributes class="edge"><attribute id="relation" title="relation" '
        'type="string"/></attributes>\n<nodes>\n'
    )
    places = iter(_places(facts).tolist())
    with pq.ParquetFile(place(folder, "artifacts")) as rows:
        for batch in rows.iter_batches(files.BATCH, columns=["id", "kind", "repo_id"]):
            yield "".join(_node(row, next(places)) for row in batch.to_pylist())
    yield "</nodes>\n<edges>\n"
    number = 0
    for batch in edges.to_batches(files.BATCH):
        yield "".join(_edge(number + offset, row) for offset, row in enumerate(batch.to_pylist(), 1))
        number += batch.num_rows
    yield "</edges>\n</graph>\n</gexf>\n"


def _node(row: Mapping[str, Any], at: tuple[float, float]) -> str:
    return (
        f'<node id="{row["id"]}" label={xml.quoted(row["repo_id"])}><attvalues><attvalue for="kind" '
        f'value={xml.quoted(row["kind"])}/></attvalues><viz:position x="{at[0]:.1f}" y="{at[1]:.1f}"/></node>\n'
    )


def _edge(number: int, row: Mapping[str, Any]) -> str:
    return (
        f'<edge id="{number}" source="{row["source"]}" target="{row["derived"]}"><attvalues><attvalue '
        f'for="relation" value={xml.quoted(row["relation"])}/></attvalues></edge>\n'
    )


def _places(facts: pa.Table) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Where each artifact is drawn, in the order of the table: the biggest families nearest to the middle."""
    roots = pc.coalesce(facts["family"], facts["id"]).to_numpy()
    _root, family, sizes = np.unique(roots, return_inverse=True, return_counts=True)
    ranked = np.argsort(-sizes, kind="stable")
    before = np.empty_like(sizes)
    before[ranked] = np.cumsum(sizes[ranked]) - sizes[ranked]
    reach = np.where(before > 0, 20 * np.sqrt(before + sizes), 0)[family]
    by_family = np.argsort(family, kind="stable")
    own = np.empty(len(family), dtype=np.int64)  # the how manieth of its family
    own[by_family] = np.arange(len(family)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    turn, radius, angle = before[family] * GOLDEN, 8 * np.sqrt(own), own * GOLDEN
    return np.stack([reach * np.cos(turn) + radius * np.cos(angle), reach * np.sin(turn) + radius * np.sin(angle)], 1)
