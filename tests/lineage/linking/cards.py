"""Listed artifacts with what their records say, and the genealogy read back as text."""

from collections.abc import Iterable
from typing import Any

from lineage.hub.records import HubRecord
from lineage.models import Alias, Artifact, Derivation
from lineage.vocabulary import Field, Kind, Presence, Relation
from tests.factories import AT, make_artifact, make_mention


def card(
    repo_id: str,
    *,
    kind: Kind = Kind.MODEL,
    tags: Iterable[str] = (),
    typed: Iterable[str] = (),
    bases: Iterable[str] = (),
    datasets: Iterable[str] = (),
    sources: Iterable[str] = (),
    **fields: Any,
) -> Artifact:
    """An artifact and its mentions.

    `tags` are plain tags of the Hub, `typed` such as the author may have typed, `bases` the card's own list; each may
    end in " as finetune". `datasets` and `sources` are names of datasets.
    """
    if fields.get("presence") == Presence.GONE:
        fields.setdefault("gone_since", AT)
    artifact = make_artifact(repo_id, kind, **fields)
    _bases(artifact, tags, Field.BASE_MODEL_TAG, resolved=True)
    _bases(artifact, typed, Field.BASE_MODEL_TAG, resolved=True, self_written=True)
    for position, said in enumerate(bases):
        _bases(artifact, [said], Field.BASE_MODEL_CARD, position=position)
    _datasets(artifact, datasets, Field.DATASETS_CARD, Relation.TRAINED_ON)
    _datasets(artifact, sources, Field.SOURCE_DATASETS_CARD, Relation.EXTENDED_FROM)
    return artifact


def _bases(artifact: Artifact, said: Iterable[str], place: Field, **fields: Any) -> None:
    for words in said:
        name, _, relation = words.partition(" as ")
        make_mention(artifact, name, field=place, relation=Relation(relation or Relation.UNSPECIFIED), **fields)


def _datasets(artifact: Artifact, names: Iterable[str], place: Field, relation: Relation) -> None:
    for position, name in enumerate(names):
        make_mention(artifact, name, field=place, target_kind=Kind.DATASET, relation=relation, position=position)


def edges() -> set[str]:
    """The edges that hold: `source -[relation,certainty]-> derived`."""
    holding = Derivation.objects.holding().select_related("source", "derived")
    return {f"{edge.source.repo_id} -[{edge.relation},{edge.certainty}]-> {edge.derived.repo_id}" for edge in holding}


def aliases() -> set[str]:
    """The live aliases: `old => new (origin)`."""
    live = Alias.objects.live().select_related("artifact")
    return {f"{alias.name} => {alias.artifact.repo_id} ({alias.origin})" for alias in live}


def parents() -> dict[str, str]:
    """The primary parent of each artifact that has one, by repository id."""
    return dict(Artifact.objects.exclude(parent=None).values_list("repo_id", "parent__repo_id"))


def families() -> dict[str, str]:
    """The root of each artifact that is in a family, by repository id."""
    return dict(Artifact.objects.exclude(family=None).values_list("repo_id", "family__repo_id"))


def record(repo_id: str, kind: Kind = Kind.MODEL, **fields: Any) -> HubRecord:
    """A parsed record, its author the owner of its id."""
    return HubRecord(kind=kind, repo_id=repo_id, author=repo_id.partition("/")[0], **fields)
