"""From the raw JSON of a list page or snapshot row to a record. Pure and total: no input makes it raise.

What is not read here cannot be stored, shown or leaked: no prose, no avatar, nobody's likes.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from lineage.hub.facts import (
    by_prefix,
    clean,
    decoded,
    distinct,
    hub_id_of,
    length_of,
    moment_of,
    number_of,
    text_of,
    texts_of,
)
from lineage.hub.mentions import gather
from lineage.hub.names import is_account, is_repo_id
from lineage.hub.records import HubRecord, Refused
from lineage.vocabulary import Kind

# Raise it whenever the same raw record would parse differently: stored digests include it.
PARSER_VERSION = 1

# All that is read of a raw record.
FIELDS = (
    "_id",
    "id",
    "modelId",
    "author",
    "cardData",
    "createdAt",
    "disabled",
    "downloads",
    "gated",
    "lastModified",
    "library_name",
    "likes",
    "mainSize",
    "pipeline_tag",
    "private",
    "tags",
    "usedStorage",
)
MOST_BYTES, MOST_LIKES = 2**63 - 1, 2**31 - 1  # what the columns hold
COUNTERS: Mapping[str, int] = {"downloads": MOST_BYTES, "likes": MOST_LIKES}  # what changes each day, and its most
LICENSE, TASK, LIBRARY, LANGUAGE, TAG = 128, 64, 64, 32, 200  # characters
MOST_TAGS = MOST_LANGUAGES = 1000  # the most tags seen on one real model is 2,074

# Prefixes the Hub itself gives a meaning. What they say is a column or a mention, or is not kept; everything else
# with a colon (`loss:…`, `template:…`) is an author's free tag.
STRUCTURED = (
    "annotations_creators:",
    "arxiv:",
    "base_model:",
    "benchmark:",
    "dataset:",
    "deploy:",
    "diffusers:",
    "doi:",
    "format:",
    "language:",
    "language_creators:",
    "library:",
    "license:",
    "modality:",
    "multilinguality:",
    "region:",
    "size_categories:",
    "source_datasets:",
    "task_categories:",
    "task_ids:",
)


Tagged = Mapping[str, Sequence[str]]  # what follows each prefix


class Reason(StrEnum):
    """Why a record is refused."""

    NOT_A_RECORD = "not_a_record"  # not a JSON object
    NO_ID = "no_id"
    BAD_ID = "bad_id"  # no id the Hub could have given
    BAD_TAGS = "bad_tags"  # without its tags a model would seem to have lost its parents
    PRIVATE = "private"  # seen by the right of a token, not public


def parse(raw: object, kind: Kind) -> HubRecord | Refused:
    """Read one record of a list page or snapshot. Takes any value; never raises.

    Keys that begin with `_`, other than `_id`, are a collector's own and are not read.
    """
    if not isinstance(raw, dict):
        return Refused(Reason.NOT_A_RECORD, "", length_of(raw))
    key = "id" if raw.get("id") is not None else "modelId"
    repo_id = raw.get(key)
    if repo_id is None:
        return Refused(Reason.NO_ID, "id", length_of(raw))
    if not isinstance(repo_id, str) or not is_repo_id(repo_id):
        return Refused(Reason.BAD_ID, key, length_of(repo_id))
    tags = decoded(raw.get("tags") or [])
    if not isinstance(tags, list):
        return Refused(Reason.BAD_TAGS, "tags", length_of(raw["tags"]))
    if raw.get("private") is True:
        return Refused(Reason.PRIVATE, "private", 0)
    card = decoded(raw.get("cardData"))
    texts = [tag.strip() for tag in tags if isinstance(tag, str)]
    return _record(raw, kind, repo_id, texts, card if isinstance(card, dict) else {})


def _record(
    raw: Mapping[Any, object], kind: Kind, repo_id: str, tags: list[str], card: Mapping[Any, object]
) -> HubRecord:
    tagged = by_prefix(tags)
    mentions = gather(kind, repo_id, tagged, card)
    size = number_of(raw.get("usedStorage"), MOST_BYTES)
    return HubRecord(
        kind=kind,
        repo_id=repo_id,
        hub_id=hub_id_of(raw.get("_id")),
        author=_author(repo_id, raw.get("author")),
        created_at=moment_of(raw.get("createdAt")),
        modified_at=moment_of(raw.get("lastModified")),
        license=_license(card, tagged),
        task=_task(raw, kind, card, tagged),
        library=_first(raw.get("library_name"), card.get("library_name"), tagged.get("library"), most=LIBRARY),
        languages=distinct(
            (*texts_of(card.get("language")), *tagged.get("language", ())), longest=LANGUAGE, most=MOST_LANGUAGES
        ),
        tags=distinct(tags, longest=TAG, most=MOST_TAGS, without=STRUCTURED),
        gated=_gated(raw.get("gated")),
        disabled=raw.get("disabled") is True,
        size=number_of(raw.get("mainSize"), MOST_BYTES) if size is None else size,
        downloads=number_of(raw.get("downloads"), COUNTERS["downloads"]),
        likes=number_of(raw.get("likes"), COUNTERS["likes"]),
        mentions=mentions.kept,
        unusable=mentions.unusable,
    )


def _author(repo_id: str, said: object) -> str:
    """The account: the id's own namespace; for an old id without one, what the record says."""
    owner, slash, _ = repo_id.partition("/")
    if slash:
        return owner
    return said if isinstance(said, str) and is_account(said) else ""


def _license(card: Mapping[Any, object], tagged: Tagged) -> str:
    """All the licences declared, in the card's order, as many as the column holds."""
    declared = [clean(name, LICENSE) for name in texts_of(card.get("license"))]
    names = [name for name in declared if name] or [clean(name, LICENSE) for name in tagged.get("license", ())]
    joined = ""
    for name in dict.fromkeys(filter(None, names)):
        longer = f"{joined}, {name}" if joined else name
        if len(longer) > LICENSE:
            break
        joined = longer
    return joined


def _task(raw: Mapping[Any, object], kind: Kind, card: Mapping[Any, object], tagged: Tagged) -> str:
    """The Hub's pipeline tag; for a dataset its first task category."""
    if kind == Kind.MODEL:
        return _first(raw.get("pipeline_tag"), card.get("pipeline_tag"), most=TASK)
    return _first(card.get("task_categories"), tagged.get("task_categories"), most=TASK)


def _gated(value: object) -> str:
    """auto or manual; older sources say only true, and a gate is automatic unless its owner chose otherwise."""
    if value is True:
        return "auto"
    return value if isinstance(value, str) and value in ("auto", "manual") else ""


def _first(*values: object, most: int) -> str:
    """The first text among values that are texts or lists; false is no text here."""
    for value in values:
        for item in value if isinstance(value, list) else (value,):
            if text := text_of(item, most):
                return text
    return ""
