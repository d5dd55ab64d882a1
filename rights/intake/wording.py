"""What a letter seems to ask for, from its words in French and English. A proposal: an agent corrects it. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST_READ = 60_000  # characters: what is asked for stands at the beginning
RIGHTS: Mapping[str, re.Pattern[str]] = {
    "access": re.compile(
        r"droit d.acces|acceder a (mes|toutes)|acces a (mes|toutes)|copie (de|des) (mes|toutes|donnees)"
        r"|quelles (donnees|informations)|right of access|access (to )?(my|all)|copy of (my|the|all)"
        r"|(data|information) (that )?(do )?you (hold|have|store)|subject access|art(icle|\.)? ?15\b"
    ),
    "rectification": re.compile(
        r"rectifi|corrig|inexact|errone|inaccurat|incorrect|correct (my|the|this)|art(icle|\.)? ?16\b"
    ),
    "erasure": re.compile(
        r"effac|supprim|suppression|a l.oubli|erase|erasure|delet(e|ion)|remove (my|all|the|this)|be forgotten"
        r"|art(icle|\.)? ?17\b"
    ),
    "restriction": re.compile(r"limitation du|limiter le|gel (du|des)|geler|restrict(ion|ing)? |art(icle|\.)? ?18\b"),
    "objection": re.compile(
        r"m.oppose|droit d.opposition|opposition au|ne (plus|pas) (collecter|traiter|etre)|right to object|i object"
        r"|stop (processing|collecting|using)|art(icle|\.)? ?21\b"
    ),
    "portability": re.compile(r"portabilit|art(icle|\.)? ?20\b"),
}
URGENT = re.compile(
    r"mineure?\b|\benfants?\b|\bchild|\bminor\b|intime|intimate|denude|\bnude|doxx|adresse personnelle|home address"
    r"|revenge|pedo|danger"
)
DATASET = re.compile(
    r"jeux? de donnees|datasets?\b|data sets?\b|corpus|entrain|training|(un|le|ce|du) modele|the model"
)
IN_IT = re.compile(
    r"(mes|ma|mon) (donnees|photos?|image|visage|nom|numero|telephone|adresse|texte|livre|voix|courriel)|me concern"
    r"|my (data|photos?|picture|image|face|name|phone|address|text|book|voice|email)|about me"
)
ACCOUNT = re.compile(
    r"mon (compte|profil)|mon pseudo\w* (hugging|hub|sur (le hub|hugging))"
    r"|my (account|profile|username|handle|user name)|mes (modeles|depots)|my (models|repos)"
)
NAMED = re.compile(
    r"(?:compte|profil|pseudo(?:nyme)?|account|profile|username|user name|handle)"
    r"[ \t]*(?:hugging ?face|hub|sur le hub|on the hub)?[ \t]*(?:est|is|nomme|named|:)?"
    r"[ \t]*[«\"'“‘(@:]+[ \t\u00a0]*([A-Za-z0-9][A-Za-z0-9._-]{1,95})",
    re.IGNORECASE,
)
PAGE = re.compile(r"(?:huggingface\.co|hf\.co)/([A-Za-z0-9_.-]{1,96})((?:/[A-Za-z0-9_.-]{1,96}){0,2})", re.IGNORECASE)
PAGES = frozenset(
    [
        "api",
        "blog",
        "chat",
        "collections",
        "docs",
        "join",
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
        "tasks",
    ]
)
IN_KINDS = frozenset(["datasets", "spaces"])
FRENCH = re.compile(r"\b(le|la|les|des|je|vous|mes|est|une|que|pour|dans|bonjour|madame|monsieur|donnees)\b")
ENGLISH = re.compile(r"\b(the|my|you|of|and|i|is|to|that|for|dear|hello|data|please)\b")


@dataclass(frozen=True, slots=True)
class Read:
    """What the words of a letter propose."""

    is_referral: bool
    rights: tuple[str, ...]
    accounts: tuple[str, ...]
    claimed: str
    urgent: bool
    language: str


def understood(subject: str, text: str) -> Read:
    """What a letter with this subject and text proposes."""
    said = f"{subject}\n{text}"[:MOST_READ]
    plain = folded(said)
    accounts, repositories = _named(said)
    about_dataset = bool(DATASET.search(plain)) and bool(IN_IT.search(plain))
    is_referral = about_dataset and not (ACCOUNT.search(plain) or (accounts and not repositories))
    return Read(
        is_referral=is_referral,
        rights=tuple(right for right, words in RIGHTS.items() if words.search(plain)),
        accounts=() if is_referral else accounts,
        claimed=repositories[0] if is_referral and repositories else "",
        urgent=bool(URGENT.search(plain)),
        language="en" if len(ENGLISH.findall(plain)) > len(FRENCH.findall(plain)) else "fr",
    )


def folded(text: str) -> str:
    """In lower case, without accents, with one kind of apostrophe and of space."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in bare if not unicodedata.combining(mark))
    return " ".join(bare.replace("’", "'").split())


def _named(said: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The accounts and the repositories that a letter names."""
    accounts = [found.rstrip(".-_") for found in NAMED.findall(said)]
    repositories = []
    for first, rest in PAGE.findall(said):
        owner, repository = _page(first, rest.strip("/").split("/"))
        accounts += [owner] if owner and not repository else []
        repositories += [repository] if repository else []
    return _distinct(accounts), _distinct(repositories)


def _page(first: str, rest: list[str]) -> tuple[str, str]:
    """What a page of the Hub is about: the owner, and the repository where it is one's."""
    rest = [part.rstrip(".") for part in rest if part]
    if first.lower() in PAGES:
        return "", ""
    if first.lower() in IN_KINDS:
        return (rest[0], "/".join(rest[:2])) if rest else ("", "")
    return first.rstrip("."), f"{first}/{rest[0]}" if rest else ""


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple({name.casefold(): name for name in reversed(list(names)) if name}.values())[::-1]
