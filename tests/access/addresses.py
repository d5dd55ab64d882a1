"""Every address the resolver knows, discovered, so that none is forgotten."""

import re
from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

ARGUMENT = re.compile(r"<(?:\w+:)?(?P<name>\w+)>")
CHOICES = re.compile(r"\^\(\?P<\w+>(?P<words>\w+(?:\|\w+)*)\)(?P<rest>/?)\$")
ANYTHING = re.compile(r"\(\?P<(?P<name>\w+)>(?:\.\*|\(\?s:\.\*\))\)\$")


def routes() -> list[str]:
    """The route of each address as its urls.py writes it, admin and API included, sorted."""
    return sorted(set(_routes(get_resolver(), "")))


def filled(route: str, values: Mapping[str, object]) -> str:
    """The address of a route, each argument taken from `values` by its name ("1" where there is none)."""
    return "/" + ARGUMENT.sub(lambda found: str(values.get(found["name"], 1)), route)


def _routes(resolver: URLResolver, before: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        for text in _texts(pattern):
            if isinstance(pattern, URLPattern):
                yield before + text
            else:
                yield from _routes(pattern, before + text)


def _texts(pattern: URLPattern | URLResolver) -> list[str]:
    """A route, or several where a regular expression offers a choice of words."""
    if not isinstance(pattern.pattern, RegexPattern):
        return [str(pattern.pattern)]
    regex = pattern.pattern.regex.pattern
    if choices := CHOICES.fullmatch(regex):
        return [word + choices["rest"] for word in choices["words"].split("|")]
    anything = ANYTHING.fullmatch(regex)
    assert anything, f"teach tests/access/addresses.py to read the address {regex!r}"
    return [f"<{anything['name']}>"]
