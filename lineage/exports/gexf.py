"""A trace as GEXF 1.3, which Gephi reads. Node ids are our own keys, labels the names."""

import json
from collections.abc import Iterator, Mapping

from lineage.exports import xml
from lineage.exports.network import EDGE_FIELDS, NODE_FIELDS, edges, nodes
from lineage.exports.rows import Namer
from lineage.exports.text import about
from lineage.tracing import Trace


def gexf_parts(trace: Trace, namer: Namer) -> Iterator[bytes]:
    """What was asked stands as JSON in the description."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
        f"<meta><description>{xml.text(json.dumps(about(trace, namer)))}</description></meta>\n"
        '<graph defaultedgetype="directed" mode="static">\n'
        f"{_fields('node', NODE_FIELDS)}{_fields('edge', EDGE_FIELDS)}<nodes>\n"
    ).encode()
    for some in nodes(trace, namer):
        yield "".join(
            f'<node id="{node.key}" label={xml.quoted(node.name)}>{_values(node.facts)}</node>\n' for node in some
        ).encode()
    yield b"</nodes>\n<edges>\n"
    for each in edges(trace):
        yield "".join(
            f'<edge id="{edge.number}" source="{edge.source}" target="{edge.derived}">{_values(edge.facts)}</edge>\n'
            for edge in each
        ).encode()
    yield b"</edges>\n</graph>\n</gexf>\n"


def _fields(of: str, fields: Mapping[str, str]) -> str:
    told = "".join(f'<attribute id="{name}" title="{name}" type="{kind}"/>' for name, kind in fields.items())
    return f'<attributes class="{of}">{told}</attributes>\n'


def _values(facts: Mapping[str, str | int]) -> str:
    told = "".join(f'<attvalue for="{name}" value={xml.quoted(value)}/>' for name, value in facts.items())
    return f"<attvalues>{told}</attvalues>"
