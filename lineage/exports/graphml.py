"""A trace as GraphML, which yEd, Gephi and networkx read. Node ids are our own keys."""

import json
from collections.abc import Iterator, Mapping

from lineage.exports import xml
from lineage.exports.network import EDGE_FIELDS, NODE_FIELDS, edges, nodes
from lineage.exports.rows import Namer
from lineage.exports.text import about
from lineage.tracing import Trace

_TYPES = {"string": "string", "integer": "int", "long": "long"}


def graphml_parts(trace: Trace, namer: Namer) -> Iterator[bytes]:
    """What was asked stands as JSON in the graph's data `about`."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
        '<key id="about" for="graph" attr.name="about" attr.type="string"/>\n'
        f"{_fields('node', {'repo_id': 'string', **NODE_FIELDS})}{_fields('edge', EDGE_FIELDS)}"
        f'<graph edgedefault="directed"><data key="about">{xml.text(json.dumps(about(trace, namer)))}</data>\n'
    ).encode()
    for some in nodes(trace, namer):
        yield "".join(
            f'<node id="{node.key}">{_values("node", {"repo_id": node.name, **node.facts})}</node>\n' for node in some
        ).encode()
    for each in edges(trace):
        yield "".join(
            f'<edge source="{edge.source}" target="{edge.derived}">{_values("edge", edge.facts)}</edge>\n'
            for edge in each
        ).encode()
    yield b"</graph>\n</graphml>\n"


def _fields(of: str, fields: Mapping[str, str]) -> str:
    return "".join(
        f'<key id="{of}_{name}" for="{of}" attr.name="{name}" attr.type="{_TYPES[kind]}"/>\n'
        for name, kind in fields.items()
    )


def _values(of: str, facts: Mapping[str, str | int]) -> str:
    return "".join(f'<data key="{of}_{name}">{xml.text(value)}</data>' for name, value in facts.items())
