"""A trace as PROV-O in JSON-LD: each artifact an entity, each edge a qualified derivation."""

import json
from collections.abc import Iterator

from lineage.exports.network import Edge, Node, edges, nodes
from lineage.exports.rows import Namer
from lineage.exports.text import about
from lineage.tracing import Trace

MOST_HOPS = 100_000  # a reader of JSON-LD holds all of it in memory

_CONTEXT = {
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "artifact": "urn:x-genealogy:artifact:",
    "word": "urn:x-genealogy:word:",
}


def prov_parts(trace: Trace, namer: Namer) -> Iterator[bytes]:
    """One object a line; the first tells what was asked. Addresses are our own keys, so a masked name stays masked."""
    yield f'{{"@context": {json.dumps(_CONTEXT)}, "@graph": [\n{json.dumps(_trace(trace, namer))}'.encode()
    for some in nodes(trace, namer):
        yield "".join(f",\n{json.dumps(_entity(node))}" for node in some).encode()
    for each in edges(trace):
        yield "".join(f",\n{json.dumps(_derivation(edge))}" for edge in each).encode()
    yield b"\n]}\n"


def _trace(trace: Trace, namer: Namer) -> dict[str, object]:
    told = about(trace, namer)
    entity: dict[str, object] = {
        "@id": "urn:x-genealogy:trace",
        "@type": ["prov:Entity", "prov:Collection"],
        "word:asked": json.dumps(told),
    }
    if told["as_of"] is not None:
        entity["prov:generatedAtTime"] = {"@type": "xsd:dateTime", "@value": told["as_of"]}
    return entity


def _entity(node: Node) -> dict[str, object]:
    facts = {f"word:{name}": value for name, value in node.facts.items()}
    return {"@id": f"artifact:{node.key}", "@type": "prov:Entity", "rdfs:label": node.name, **facts}


def _derivation(edge: Edge) -> dict[str, object]:
    source = {"@id": f"artifact:{edge.source}"}
    facts = {f"word:{name}": value for name, value in edge.facts.items()}
    return {
        "@id": f"artifact:{edge.derived}",
        "prov:wasDerivedFrom": source,
        "prov:qualifiedDerivation": {"@type": "prov:Derivation", "prov:entity": source, **facts},
    }
