"""What a name on a card or tag means: a repository id, or a reason why it is none. Pure and total."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lineage.hub.placeholders import OTHER_SITES, PATH_SEGMENTS, PLACEHOLDERS, TEMPLATE_OWNERS
from lineage.vocabulary import Kind, Unusable

# The Hub's own rule is `[\w.-]{1,96}`; at least one letter, digit or _ keeps "." and ".." out of addresses.
_SEGMENT = r"(?=[.-]*\w)[\w.-]{1,96}"
_REPO_ID = re.compile(rf"(?:{_SEGMENT}/)?{_SEGMENT}", re.ASCII)
_ACCOUNT = re.compile(_SEGMENT, re.ASCII)

# Around a name: white space, quotes, and characters that cannot be seen. Inside a name they make it invalid.
_SURROUNDINGS = (
    " \t\r\n\f\v\x1c\x1d\x1e\x1f\x85\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u3000"
    "\"'`<>“”‘’\xad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_CACHE_FOLDER = re.compile(r"(?:^|[\\/])(model|dataset)s--([\w.-]+)", re.ASCII)
_PATH = re.compile(r"[/~$%.]|[A-Za-z]:[\\/]|file:|\S*\\", re.IGNORECASE)
_HUB_ADDRESS = re.compile(r"hf://|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S*$|www\.\S*$", re.IGNORECASE)
_REMEMBERED, _LONGEST_REMEMBERED = 2**14, 256  # names; characters of one
_MOST_SOURCES = 20  # in one `extended|A|B`; two were seen
_LEFT_TO_FILL = re.compile(r"(?:todo|tbd|your)(?![a-z0-9])")

# First segments of the Hub's addresses that are no account, and what follows a repository's id in them.
HUB_PAGES = frozenset(
    (
        "api",
        "blog",
        "buckets",
        "chat",
        "collections",
        "datasets",
        "docs",
        "join",
        "kernels",
        "learn",
        "login",
        "models",
        "new",
        "organizations",
        "papers",
        "posts",
        "pricing",
        "search",
        "settings",
        "spaces",
        "tasks",
    )
)
_WITHIN_A_REPOSITORY = frozenset(
    ("blob", "commit", "commits", "discussions", "raw", "resolve", "settings", "tree", "viewer")
)


def is_repo_id(text: str) -> bool:
    """Whether the Hub could hold a repository of this id: one or two ASCII segments, at most 96 characters each."""
    return _REPO_ID.fullmatch(text) is not None


def is_account(text: str) -> bool:
    """Whether the Hub could hold an account of this name."""
    return _ACCOUNT.fullmatch(text) is not None


def is_placeholder(name: str, kind: Kind) -> bool:
    """Whether the text is a word that stands for no model, or no dataset, in particular."""
    folded = name.casefold()
    if folded in PLACEHOLDERS[kind]:
        return True
    owner, slash, _ = folded.partition("/")
    return owner in TEMPLATE_OWNERS if slash else _LEFT_TO_FILL.match(folded) is not None


def read_target(value: object, kind: Kind) -> str | Unusable:
    """The repository id that a value from a card or tag names, or the class of what it is instead.

    Accepts ids with surrounding white space or quotes, `@revision`, addresses of the Hub, and the Hub's own cache
    folders (`models--org--name`) anywhere in a path. Never raises; takes time linear in the text.
    """
    if not isinstance(value, str):
        return Unusable.NOT_TEXT
    return _read_again(value, kind) if len(value) <= _LONGEST_REMEMBERED else _read(value, kind)


def _read(value: str, kind: Kind) -> str | Unusable:
    text = value.strip(_SURROUNDINGS)
    if not text:
        return Unusable.EMPTY
    return _cached(text, kind) or _located(text, kind) or _named(text, kind)


_read_again = lru_cache(_REMEMBERED)(_read)  # a record says most of its names twice, and few names are said by most


def read_sources(value: object) -> Iterator[str | Unusable]:
    """What one entry of `source_datasets` names: ids of datasets, `extended|X`, or a word of the card's form.

    `extended|A|B` names two. `extended|other-…` says that the source is no dataset of the Hub.
    """
    head, *parts = value.split("|", _MOST_SOURCES) if isinstance(value, str) else ("",)
    if head.strip().casefold() != "extended" or not parts:
        yield read_target(value, Kind.DATASET)
        return
    for part in parts:
        word = part.strip().casefold()
        elsewhere = word == "other" or word.startswith(("other-", "other_"))
        yield Unusable.PLACEHOLDER if elsewhere else read_target(part, Kind.DATASET)


def _cached(text: str, kind: Kind) -> str | None:
    for folder in _CACHE_FOLDER.finditer(text):
        name = folder[2].replace("--", "/", 1)
        if folder[1] == kind and is_repo_id(name):
            return name
    return None


def _located(text: str, kind: Kind) -> str | Unusable | None:
    """What an address or path names; None for text that is neither."""
    if hub := _HUB_ADDRESS.match(text):
        return _addressed(text[hub.end() :], kind) or Unusable.URL
    if _PATH.match(text):
        return Unusable.PATH
    if _ADDRESS.match(text) or text.partition("/")[0].lower() in OTHER_SITES:
        return Unusable.URL
    return None


def _addressed(place: str, kind: Kind) -> str | None:
    """The id in an address of the Hub, given what follows the host; None where it shows no artifact of that kind."""
    path = re.split(r"[?#@]", place, maxsplit=1)[0]
    page, _, rest = path.partition("/")
    if kind == Kind.DATASET and page == "datasets":
        path = rest
    elif kind == Kind.DATASET or page in HUB_PAGES:
        return None
    first, second = (*path.split("/", 2), "")[:2]
    name = f"{first}/{second}" if second and second not in _WITHIN_A_REPOSITORY else first
    return name if is_repo_id(name) else None


def _named(text: str, kind: Kind) -> str | Unusable:
    if is_placeholder(text, kind):
        return Unusable.PLACEHOLDER
    if re.search(r"\s", text):
        return Unusable.PROSE
    name = text.partition("@")[0].rstrip("/")
    owner, slash, rest = name.partition("/")
    if "/" in rest or (slash and owner in PATH_SEGMENTS):
        return Unusable.PATH
    if is_placeholder(name, kind):
        return Unusable.PLACEHOLDER
    return name if is_repo_id(name) else Unusable.INVALID
