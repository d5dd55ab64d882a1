"""The mentions of other artifacts in one record's tags and card. Pure and total.

What the Hub resolved (a plain `base_model:X` tag) is told from what an author wrote (everything else).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lineage.hub.names import is_repo_id, read_sources, read_target
from lineage.hub.records import Mention
from lineage.vocabulary import Field, Kind, Relation, Unusable

MOST = 500  # mentions one record may hold; the most parents seen on one real model is 18
BASE = "base_model:"
RELATIONS = {
    str(relation): relation for relation in (Relation.FINETUNE, Relation.ADAPTER, Relation.QUANTIZED, Relation.MERGE)
}
STRONGEST_FIRST = {relation: place for place, relation in enumerate(Relation)}
DATASET_FIELDS = frozenset(
    {Field.DATASET_TAG, Field.DATASETS_CARD, Field.SOURCE_DATASETS_TAG, Field.SOURCE_DATASETS_CARD}
)

WRITTEN_IN: Mapping[str, frozenset[Field]] = {  # by the record's key
    "tags": frozenset(place for place in Field if place.endswith("_tag")),
    "cardData": frozenset(place for place in Field if place.endswith("_card")),
}


@dataclass
class Mentions:
    """What one record names, each place once, and how many of its values name nothing, by class.

    The Hub copies much of a card into the tags: a useless text counts once, wherever it stands.
    """

    kind: Kind
    repo_id: str
    _named: dict[tuple[Field, str, Relation], Mention] = field(default_factory=dict)
    _too_many: set[tuple[Field, str, Relation]] = field(default_factory=set)
    _useless: set[tuple[Kind, Unusable, str]] = field(default_factory=set)
    _not_text: int = 0

    def add(self, raw: object, found: str | Unusable, place: Field, relation: Relation, **more: Any) -> None:
        """Keep what a value names, or count why it names nothing. `raw`: the value as it stands in the record."""
        target_kind = Kind.DATASET if place in DATASET_FIELDS else Kind.MODEL
        if not isinstance(found, Unusable) and found == self.repo_id and target_kind == self.kind:
            found = Unusable.SELF
        if not isinstance(found, Unusable):
            key = (place, found, relation)
            if len(self._named) >= MOST:
                self._too_many.add(key)
            elif key not in self._named:
                self._named[key] = Mention(place, target_kind, found, relation, **more)
        elif isinstance(raw, str):
            self._useless.add((target_kind, found, raw.strip()))
        else:
            self._not_text += 1

    @property
    def kept(self) -> tuple[Mention, ...]:
        """The mentions in the order of the record, at most `MOST`."""
        return tuple(self._named.values())

    @property
    def unusable(self) -> dict[Unusable, int]:
        """How many values name nothing, by class, in the vocabulary's order."""
        if not (self._useless or self._not_text or self._too_many):
            return {}
        counts = Counter(reason for _, reason, _ in self._useless)
        counts[Unusable.NOT_TEXT] += self._not_text
        counts[Unusable.TOO_MANY] += len(self._too_many - self._named.keys())
        return {reason: counts[reason] for reason in Unusable if counts[reason]}


def gather(kind: Kind, repo_id: str, tagged: Mapping[str, Sequence[str]], card: Mapping[Any, object]) -> Mentions:
    """All mentions of one record: a model's bases and datasets, or a dataset's sources.

    `tagged`: what follows the first colon of its tags, by what stands before it.
    """
    mentions = Mentions(kind, repo_id)
    if kind == Kind.MODEL:
        _bases(mentions, tagged.get("base_model", ()), card)
        _datasets(mentions, tagged.get("dataset", ()), card)
    else:
        _sources(mentions, tagged.get("source_datasets", ()), card)
    return mentions


def _bases(mentions: Mentions, values: Iterable[str], card: Mapping[Any, object]) -> None:
    plain, related = _base_tags(values)
    written = {tag for tag in _entries(card.get("tags")) if isinstance(tag, str)} if plain else set()
    for name in plain:
        self_written = BASE + name in written
        # Once the Hub has resolved a name, a word of ours against it would only lose an edge.
        resolved = is_repo_id(name) and "/" in name and not self_written
        found = name if resolved else read_target(name, Kind.MODEL)
        for relation in related.get(name) or {Relation.UNSPECIFIED: None}:
            mentions.add(name, found, Field.BASE_MODEL_TAG, relation, resolved=found == name, self_written=self_written)
    for name, relations in related.items():
        for relation in relations if name not in plain else ():
            mentions.add(name, read_target(name, Kind.MODEL), Field.RELATION_TAG, relation)
    _declared_bases(mentions, card, _by_target(related))


def _base_tags(values: Iterable[str]) -> tuple[dict[str, None], dict[str, dict[Relation, None]]]:
    """Plain names, and the relations of each name, in the order of the tags."""
    plain: dict[str, None] = {}
    related: dict[str, dict[Relation, None]] = {}
    for value in values:
        name = value.strip()
        word, colon, rest = name.partition(":")
        if colon and word in RELATIONS:
            related.setdefault(rest.strip(), {})[RELATIONS[word]] = None
        else:
            plain[name] = None
    return plain, related


def _by_target(related: Mapping[str, Iterable[Relation]]) -> dict[str, Relation]:
    """The relation the tags give for each id: the first in the vocabulary's order where they give several."""
    found: dict[str, Relation] = {}
    for name, relations in related.items():
        target = read_target(name, Kind.MODEL)
        if not isinstance(target, Unusable):
            found[target] = min((*relations, found.get(target, Relation.UNSPECIFIED)), key=STRONGEST_FIRST.__getitem__)
    return found


def _declared_bases(mentions: Mentions, card: Mapping[Any, object], tagged: Mapping[str, Relation]) -> None:
    said = card.get("base_model_relation")
    stated = RELATIONS.get(said.strip(), Relation.UNSPECIFIED) if isinstance(said, str) else Relation.UNSPECIFIED
    for position, value in enumerate(_entries(card.get("base_model")) if "base_model" in card else ()):
        found = read_target(value, Kind.MODEL)
        relation = tagged.get(found, stated)
        mentions.add(value, found, Field.BASE_MODEL_CARD, relation, position=position)
    # A tag's syntax used as a key of the card.
    for word, relation in RELATIONS.items():
        if (key := BASE + word) in card:
            for position, value in enumerate(_entries(card[key])):
                mentions.add(value, read_target(value, Kind.MODEL), Field.BASE_MODEL_CARD, relation, position=position)


def _datasets(mentions: Mentions, names: Iterable[str], card: Mapping[Any, object]) -> None:
    for name in names:
        mentions.add(name, read_target(name, Kind.DATASET), Field.DATASET_TAG, Relation.TRAINED_ON)
    for position, value in enumerate(_entries(card["datasets"]) if "datasets" in card else ()):
        found = read_target(value, Kind.DATASET)
        mentions.add(value, found, Field.DATASETS_CARD, Relation.TRAINED_ON, position=position)


def _sources(mentions: Mentions, values: Iterable[str], card: Mapping[Any, object]) -> None:
    for value in values:
        for found in read_sources(value):
            mentions.add(value, found, Field.SOURCE_DATASETS_TAG, Relation.EXTENDED_FROM)
    for position, entry in enumerate(_entries(card["source_datasets"]) if "source_datasets" in card else ()):
        for found in read_sources(entry):
            mentions.add(entry, found, Field.SOURCE_DATASETS_CARD, Relation.EXTENDED_FROM, position=position)


def _entries(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
