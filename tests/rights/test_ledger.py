"""The ledger of effects: on the disk before the commit, unreadable without its key, and what is missing is said."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from lineage.models import Artifact
from rights import journal, ledger
from rights.effects import erase, rectify, restrict
from rights.ledger import LedgerFault
from rights.models import JournalEntry, Suppression
from rights.replay import replay
from tests.factories import AT, make_artifact, make_author, make_mention

pytestmark = pytest.mark.django_db
DONE: dict[str, Any] = {"by": 7, "at": AT, "reference": "case-1"}


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def person():
    author = make_author("qz-person")
    kept = make_artifact("lab/leaf")
    make_mention(kept, "qz-person/one")
    return make_artifact("qz-person/one", author=author, hub_id="a" * 24)


def place(settings):
    return Path(settings.EFFECTS_LEDGER)


def undone(function):
    """What the database would be, had an older backup been restored."""
    backup = transaction.savepoint()
    function()
    transaction.savepoint_rollback(backup)


def test_a_line_holds_no_name_in_clear_and_no_number_either(settings, person):
    restrict(account="qz-person", **DONE)
    rectify(artifact_key=person.pk, field="tags", value=["qz-tag"], **DONE)

    written = place(settings).read_bytes()
    assert not any(word in written for word in (b"qz-", b"case-1", b"artifacts"))
    assert [line.act for line in ledger.read()] == ["restriction", "rectification"]
    marks = {row["fingerprint"] for row in (ledger.read()[0].redo or {})["listed"]}
    assert marks == set(Suppression.objects.values_list("fingerprint", flat=True))
    assert (
        oct(place(settings).stat().st_mode)[-3:] == oct(settings.EFFECTS_LEDGER_KEY_FILE.stat().st_mode)[-3:] == "600"
    )


def test_what_cannot_be_written_down_is_not_done(settings, tmp_path, person):
    settings.EFFECTS_LEDGER = tmp_path / "var"  # a folder
    with pytest.raises(LedgerFault, match="Nothing was changed"):
        erase(account="qz-person", **DONE)
    assert Artifact.objects.filter(pk=person.pk).exists()
    assert not JournalEntry.objects.exists()


def test_without_its_key_nothing_more_is_written(settings, person):
    restrict(account="qz-person", **DONE)
    settings.EFFECTS_LEDGER_KEY_FILE.unlink()
    with pytest.raises(LedgerFault, match="EFFECTS_LEDGER_KEY_FILE"):
        rectify(artifact_key=person.pk, field="license", value="mit", **DONE)
    with pytest.raises(LedgerFault, match="EFFECTS_LEDGER_KEY_FILE"):
        ledger.read()


def test_a_line_that_was_cut_off_was_never_committed(settings, person):
    restrict(account="qz-person", **DONE)
    with place(settings).open("ab") as file:
        file.write(b"\ngAAAAABcut")
    rectify(artifact_key=person.pk, field="license", value="mit", **DONE)
    assert [line.number for line in ledger.read()] == [1, 2]


def test_a_site_that_lacks_an_act_is_shut_until_it_is_replayed(committed, person):
    with committed():
        restrict(account="qz-person", **DONE)
    backup = transaction.savepoint()
    with committed():
        rectify(artifact_key=person.pk, field="license", value="mit", **DONE)
    assert not journal.behind()
    transaction.savepoint_rollback(backup)

    assert journal.behind()
    answer = Client(headers={"accept-language": "en"}).get("/account/sign-in/")
    assert answer.status_code == 503
    assert "comes from a backup" in answer.content.decode()
    with pytest.raises(LedgerFault, match="rights replay"):
        rectify(artifact_key=person.pk, field="license", value="mit", **DONE)

    with committed(), pytest.raises(ValueError, match="scrubbed after the transaction"):
        replay(by=0, at=AT)
    person.refresh_from_db()
    assert person.license == "mit"
    assert journal.verify().fault is None
    assert not journal.behind()


def test_a_rolled_back_act_shuts_nothing(person):
    undone(lambda: erase(account="qz-person", **DONE))
    assert len(ledger.read()) == 1
    assert not journal.behind()
    assert replay(by=0, at=AT).acts == 0
    assert Artifact.objects.filter(pk=person.pk).exists()


def test_lines_no_backup_needs_any_more_are_forgotten(person):
    restrict(account="qz-person", **DONE)
    rectify(artifact_key=person.pk, field="license", value="mit", **DONE | {"at": AT + timedelta(days=2)})

    assert ledger.prune(before=AT + timedelta(days=1)) == 1
    assert [line.act for line in ledger.read()] == ["rectification"]
    assert ledger.prune(before=AT) == 0


def test_nothing_to_forget_makes_no_file(settings):
    assert ledger.prune(before=AT) == 0
    assert not place(settings).exists()
    assert os.listdir(place(settings).parent) == [f"{place(settings).name}.lock"]
