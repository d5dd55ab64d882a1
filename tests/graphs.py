"""Genealogies drawn as text: `draw("a -> b; c -[adapter]-> b; d{dataset} -[trained_on,declared]-> b")`."""

import re

from lineage.models import Artifact
from lineage.vocabulary import Certainty, Kind, Relation
from tests.factories import make_artifact, make_derivation

ARROW = re.compile(r"-(?:\[(?P<words>[^\]]*)\]-)?>")


def draw(picture: str) -> dict[str, Artifact]:
    """Make the artifacts and edges of the picture; returns the artifacts by their short name (repo id `org/<name>`)."""
    nodes: dict[str, Artifact] = {}
    for line in filter(None, (part.strip() for part in picture.replace("\n", ";").split(";"))):
        stops = ARROW.split(line)
        names, words = stops[0::2], stops[1::2]
        chain = [_node(name.strip(), nodes) for name in names]
        for source, derived, said in zip(chain, chain[1:], words, strict=False):
            _edge(source, derived, said or "")
    return nodes


def _node(name: str, nodes: dict[str, Artifact]) -> Artifact:
    name, _, kind = name.partition("{")
    if name not in nodes:
        nodes[name] = make_artifact(f"org/{name}", Kind(kind.rstrip("}") or Kind.MODEL))
    return nodes[name]


def _edge(source: Artifact, derived: Artifact, said: str) -> None:
    words = {word.strip() for word in said.split(",") if word.strip()}
    relation = next((Relation(word) for word in words if word in set(Relation)), Relation.FINETUNE)
    certainty = next((Certainty(word) for word in words if word in set(Certainty)), Certainty.RESOLVED)
    make_derivation(source, derived, relation=relation, certainty=certainty)
