"""How a live page differs from the fields that the parser reads. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lineage.vocabulary import Kind

_TEXT, _NUMBER, _SWITCH, _LIST, _OBJECT, _NULL = "text", "number", "yes/no", "list", "object", "null"
_WORDS: Mapping[type, str] = {
    str: _TEXT,
    bool: _SWITCH,
    int: _NUMBER,
    float: _NUMBER,
    list: _LIST,
    dict: _OBJECT,
    type(None): _NULL,
}

# What the list endpoint answers to the fields that the client asks for. A field that may be null or absent in single
# records still stands on some record of any page.
_COMMON: Mapping[str, frozenset[str]] = {
    "_id": frozenset({_TEXT}),
    "id": frozenset({_TEXT}),
    "author": frozenset({_TEXT, _NULL}),
    "cardData": frozenset({_OBJECT, _NULL}),
    "createdAt": frozenset({_TEXT}),
    "disabled": frozenset({_SWITCH}),
    "downloads": frozenset({_NUMBER}),
    "gated": frozenset({_SWITCH, _TEXT}),
    "lastModified": frozenset({_TEXT}),
    "likes": frozenset({_NUMBER}),
    "private": frozenset({_SWITCH}),
    "tags": frozenset({_LIST}),
}
EXPECTED: Mapping[Kind, Mapping[str, frozenset[str]]] = {
    Kind.MODEL: {
        **_COMMON,
        "library_name": frozenset({_TEXT, _NULL}),
        "pipeline_tag": frozenset({_TEXT, _NULL}),
    },
    Kind.DATASET: _COMMON,
}
# By which a record says what it was made from: without them artifacts would seem to have lost their parents.
_SAYS_SOURCES: Mapping[str, type] = {"tags": list, "cardData": dict}
_ENOUGH = 100  # records; fewer say nothing about all
_OLD_SPELLINGS = frozenset({"modelId", "key"})  # sent beside `id` and `_id`, and not needed


@dataclass(frozen=True, slots=True)
class Differences:
    """What a page of `records` records bears otherwise than expected: names of fields and types, never values."""

    records: int
    missing: tuple[str, ...]
    new: tuple[str, ...]
    retyped: tuple[str, ...]  # "tags: text, not list"

    @property
    def none(self) -> bool:
        """Whether the page is as expected."""
        return self.records > 0 and not (self.missing or self.new or self.retyped)


def lost(records: Sequence[object], *, is_first: bool) -> tuple[str, ...]:
    """The fields that say what an artifact was made from and that no record of a list page bears.

    A whole page without a card can be one account's: that counts on the first page only.
    """
    if len(records) < _ENOUGH:
        return ()
    asked = _SAYS_SOURCES if is_first else {"tags": list}
    return tuple(
        name
        for name, type_ in asked.items()
        if not any(isinstance(one, dict) and isinstance(one.get(name), type_) for one in records)
    )


def differences(records: Iterable[object], kind: Kind) -> Differences:
    """Compare the fields of a page, and the types they bear, with those expected of that kind."""
    number, seen = 0, defaultdict(set)
    for record in records:
        number += 1
        for name, value in record.items() if isinstance(record, dict) else ():
            seen[str(name)].add(_WORDS.get(type(value), _OBJECT))
    expected = EXPECTED[kind]
    return Differences(
        records=number,
        missing=tuple(sorted(expected.keys() - seen.keys())),
        new=tuple(sorted(seen.keys() - expected.keys() - _OLD_SPELLINGS)),
        retyped=tuple(
            f"{name}: {', '.join(sorted(odd))}, not {', '.join(sorted(expected[name]))}"
            for name in sorted(expected.keys() & seen.keys())
            if (odd := seen[name] - expected[name])
        ),
    )
