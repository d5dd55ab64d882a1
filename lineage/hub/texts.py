"""The free texts of a record (tags, licence, task, library, languages) and the accounts that they name. Pure.

A mention says what was made from what and is read apart; here an account may stand in the midst of any text.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TypeVar

from lineage.hub.names import HUB_PAGES, is_account

TEXTS = ("license", "task", "library")
LISTS = ("languages", "tags")
Texts = TypeVar("Texts", str, list[str], tuple[str, ...])
BETWEEN = ", "  # the licences of one record

_ADDRESS = re.compile(
    r"(?<![\w.-])(?:hf://|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/)([\w./-]*)",
    re.IGNORECASE | re.ASCII,
)
_REPOSITORY = re.compile(r"(?<![\w./@-])@?([\w.-]{1,96})/(?=[\w.-])", re.ASCII)
_ADDRESSED = re.compile(r"(?<![\w./@-])@([\w.-]{1,96})", re.ASCII)
_PART = re.compile(r"[^/]+")  # of an address
_RUN = re.compile(r"[a-z0-9]+", re.IGNORECASE | re.ASCII)
_MOST_RUNS = 8  # of letters and digits in one account's name: `a-b_c` has three


@dataclass(frozen=True, slots=True)
class Naming:
    """Whether a text names one of these accounts, in whatever case, or is one of these further ids of repositories.

    Of `as_words`, the bare name is enough.
    """

    accounts: frozenset[str]
    as_words: frozenset[str] = frozenset()
    repo_ids: frozenset[str] = frozenset()

    def __call__(self, text: str) -> bool:
        """Whether it does."""
        named = _meets(accounts_named(text), self.accounts) or _meets((text,), self.repo_ids)
        return named or _meets(words(text), self.as_words)


def accounts_named(text: str) -> Iterator[str]:
    """The accounts that a text names as the Hub writes them: in a repository's id, in an address of the Hub, after an @.

    Of `org/model/tree`, only `org`; of `train/dev/x`, never `dev`.
    """
    return (text[start:end] for start, end in _places(text))


def renamed(text: str, labels: Mapping[str, str], owner: str = "") -> str:
    """The text with other words for the accounts that it names: `labels`, by account in lower case.

    `owner`, whose text it is, also where its bare name stands as a word: whoever reads its own texts knows whom it means.
    """
    places = {*_places(text), *(_runs(text, owner) if owner.lower() in labels else ())}
    for start, end in sorted(places, reverse=True):
        text = text[:start] + labels.get(text[start:end].lower(), text[start:end]) + text[end:]
    return text


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where a text names an account as the Hub writes it: first and last place, and one further."""
    hosts = set()
    for address in _ADDRESS.finditer(text):
        hosts.add(address.start())
        parts = (_stripped(part, 0) for part in _PART.finditer(text, *address.span(1)))
        yield from islice((part for part in parts if text[slice(*part)] not in HUB_PAGES | {""}), 1)
    for pattern in (_REPOSITORY, _ADDRESSED):
        yield from (_stripped(found, 1) for found in pattern.finditer(text) if found.start() not in hosts)


def _stripped(found: re.Match[str], group: int) -> tuple[int, int]:
    """Where it stands, without what ends a sentence."""
    return found.start(group), found.start(group) + len(found[group].rstrip(".-"))


def _runs(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a name stands as a word of its own."""
    word = re.compile(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", re.IGNORECASE | re.ASCII)
    return (found.span() for found in word.finditer(text))


def account_typed(text: str) -> str:
    """The account that somebody means who types its name, `@name`, an address of the Hub, or one of its repositories."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _ADDRESS.match(plain):
        return next(accounts_named(plain), "")
    return plain.removeprefix("@").partition("/")[0]


def words(text: str) -> Iterator[str]:
    """Every word of a text, and words in a row, that could be an account's name: `by a-b` holds `a-b`, `a` and `b`."""
    spans = [run.span() for run in _RUN.finditer(text)]
    for first, (start, _end) in enumerate(spans):
        for _start, end in spans[first : first + _MOST_RUNS]:
            if is_account(text[start:end]):
                yield text[start:end]


def facts_without(said: object, is_unwanted: Callable[[str], bool]) -> dict[str, Any]:
    """The free texts of a record or artifact that change when those that are unwanted are left out, by field."""
    texts = {name: getattr(said, name) for name in (*TEXTS, *LISTS)}
    left = {name: without(text, is_unwanted) for name, text in texts.items()}
    return {name: value for name, value in left.items() if value != texts[name]}


def texts_in(facts: Iterable[str | Sequence[str]]) -> Iterator[str]:
    """The texts among these, and in the lists among them."""
    return chain.from_iterable([fact] if isinstance(fact, str) else fact for fact in facts)


def without(fact: Texts, is_unwanted: Callable[[str], bool]) -> Texts:
    """A text, or a list or tuple of texts, without what is unwanted in it."""
    if isinstance(fact, str):
        return BETWEEN.join(part for part in fact.split(BETWEEN) if not is_unwanted(part))
    return type(fact)(one for one in fact if not is_unwanted(one))


def _meets(found: Iterable[str], names: frozenset[str]) -> bool:
    folded = {name.lower() for name in names}
    return bool(folded) and any(name.lower() in folded for name in found)
