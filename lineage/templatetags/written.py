"""Pieces of markup that are written by the hundred, without templates, which would take ten times as long."""

from collections.abc import Iterable, Mapping
from functools import cache

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lineage.labels import ELEMENT_NOT_SHOWN, LABELS


class Writer:
    """Writes names and words for one reader; what all rows share is looked up once."""

    def __init__(self, *places: str) -> None:
        self.labels = _labels(get_language())
        self.hidden = str(ELEMENT_NOT_SHOWN)
        self._pages = {place: _around(f"lineage:{place}") for place in ("artifact", *places)}

    def link(self, key: int, name: str) -> SafeString:
        """An artifact's name, and its page where it may be shown: as `lineage/_name.html`."""
        if name == self.hidden:
            return format_html('<span class="muted">{}</span>', name)
        return SafeString(f'<a class="artifact__name" href="{self.page("artifact", key)}">{escape(name)}</a>')

    def page(self, place: str, key: int) -> SafeString:
        """The address of one of the artifact's pages."""
        before, after = self._pages[place]
        return SafeString(f"{before}{key}{after}")


def marked(what: str) -> Mapping[str, SafeString]:
    """Each word of the vocabulary as a piece of markup that says what it is: `kind kind--model`."""
    return _marked(what, get_language())


def together(parts: Iterable[SafeString]) -> SafeString:
    """One after the other."""
    return SafeString("".join(parts))


# Looked up and escaped once a language: a page has fifty rows of the same words.
@cache
def _labels(language: str | None) -> Mapping[str, SafeString]:
    return {str(word): escape(label) for word, label in LABELS.items()}


@cache
def _marked(what: str, language: str | None) -> Mapping[str, SafeString]:
    mark = '<span class="{} {}--{}">{}</span>'
    return {word: format_html(mark, what, what, word, label) for word, label in _labels(language).items()}


def _around(name: str) -> tuple[str, str]:
    """What stands before and after the key in the addresses of this name: asking for each costs more than a row."""
    before, _key, after = reverse(name, args=[0]).rpartition("0")
    return before, after
