"""The words, names and numbers of the genealogy in templates."""

from collections.abc import Mapping
from typing import TypeVar

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html

from lineage import labels
from lineage.labels import DERIVATIVES, ELEMENT_NOT_SHOWN, LABELS

register = template.Library()

Key = TypeVar("Key", int, str)


@register.simple_tag
def picture(name: str) -> str:
    """The script that draws this picture, where it was built; else nothing, and the page is whole without."""
    path = f"bundles/{name}.js"
    if finders.find(path) is None:
        return ""
    try:
        return format_html('<script src="{}" defer></script>', static(path))
    except ValueError:  # built after the static files were collected
        return ""


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
def is_shown(name: str) -> bool:
    """Whether the name stands for an element that may be shown, and so be linked to."""
    return name != str(ELEMENT_NOT_SHOWN)


@register.filter
def number(value: int | str | None) -> str:
    """A whole number, its thousands set apart as in the reader's language; a dash for none."""
    return "–" if value in (None, "") else labels.number(value)


@register.filter
def percent(share: float | None) -> str:
    """A share from 0 to 1 as a percentage with one decimal, as the reader's language has it; a dash for none."""
    return "–" if share is None else f"{number_format(share * 100, decimal_pos=1, use_l10n=True)}\u00a0%"
