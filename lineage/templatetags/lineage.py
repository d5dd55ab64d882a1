"""The words, names and numbers of the genealogy in templates."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise

from lineage import naming
from lineage.labels import DERIVATIVES, ELEMENT_NOT_SHOWN, LABELS

register = template.Library()

Key = TypeVar("Key", int, str)


@register.filter
def label(word: str) -> Promise | str:
    """What a word of the vocabulary is called; the word itself where it is none."""
    return LABELS.get(word, word)  # type: ignore[call-overload,no-any-return]  # a StrEnum equals its text


@register.filter
def derivatives(relation: str) -> Promise:
    """What the artifacts made in this way are called, in the plural."""
    return DERIVATIVES[relation]  # type: ignore[index]  # a StrEnum equals its text


@register.filter
def of(key: Key, names: Mapping[Key, str]) -> str:
    """The name under which a key or a repository id is shown: `{{ artifact.pk|of:names }}`."""
    return names.get(key) or str(ELEMENT_NOT_SHOWN)


@register.filter
def tags_shown(tags: Iterable[str]) -> list[str]:
    """An artifact's free tags, without those that name something withheld."""
    return naming.tags_shown(tags)


@register.filter
def is_shown(name: str) -> bool:
    """Whether the name stands for an element that may be shown, and so be linked to."""
    return name != str(ELEMENT_NOT_SHOWN)


@register.filter
def number(value: int | None) -> str:
    """A whole number with its thousands apart, as the reader's language has it; a dash for none."""
    return "–" if value is None else number_format(value, use_l10n=True, force_grouping=True)
