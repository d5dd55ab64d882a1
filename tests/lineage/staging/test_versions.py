"""The fingerprint of a record: it changes with what is stored, and with nothing else."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from lineage.hub.parse import PARSER_VERSION
from lineage.hub.records import HubRecord
from lineage.staging import versions
from lineage.staging.versions import version
from lineage.vocabulary import Kind, Unusable
from tests.lineage.staging.pictures import AT
from tests.lineage.staging.test_store import FULL, base

PARIS = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.DATASET},
        {"repo_id": "org/Full"},
        {"author": ""},
        {"created_at": None},
        {"modified_at": FULL.created_at},
        {"license": ""},
        {"task": "apache-2.0"},
        {"library": ""},
        {"languages": ("en fr",)},
        {"tags": ()},
        {"gated": ""},
        {"disabled": False},
        {"size": None},
        {"unusable": {Unusable.PATH: 3, Unusable.EMPTY: 1}},
        {"mentions": FULL.mentions[:1]},
        {"mentions": (base(position=1), FULL.mentions[1])},
        {"mentions": (base(resolved=True), FULL.mentions[1])},
        {"mentions": (base(position=None), FULL.mentions[1])},
    ],
    ids=str,
)
def test_what_is_stored_changes_it(change):
    assert version(replace(FULL, **change)).digest != version(FULL).digest


@pytest.mark.parametrize(
    "change",
    [
        {"downloads": 1, "likes": None},
        {"hub_id": ""},
        {"mentions": FULL.mentions[::-1]},
        {"mentions": FULL.mentions * 2},
        {"unusable": dict(reversed(list(FULL.unusable.items())))},
        {"modified_at": AT.astimezone(PARIS)},
    ],
    ids=str,
)
def test_the_same_said_otherwise_does_not(change):
    assert version(replace(FULL, **change)).digest == version(FULL).digest


def test_a_new_parser_reads_everything_anew(monkeypatch):
    before = version(FULL).digest
    monkeypatch.setattr(versions, "PARSER_VERSION", PARSER_VERSION + 1)

    assert version(FULL).digest != before


@pytest.mark.parametrize("text", ["\x00", "🐍"])
def test_it_takes_any_text(text):
    assert len(version(HubRecord(Kind.MODEL, "org/a", license=text)).digest) == 16
