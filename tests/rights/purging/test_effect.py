"""Two persons, a set time, every table of the register; what stays is proof."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from access.roles import Role
from lineage import disclosures
from lineage.models import Artifact, Disclosure
from lineage.tracing import trace_from
from rights import journal, keyring, purging, scrubbing
from rights.effects import rectify, restrict
from rights.models import JournalEntry, Purge, Rectification, Restriction, Suppression
from rights.policy import ProjectPolicy
from rights.purging.extent import LEAVES, tables
from rights.register import Retention
from tests.factories import AT, make_artifact, make_derivation, make_user, open_project

pytestmark = pytest.mark.django_db
ASKED, CONFIRMED = 7, 8


@pytest.fixture(autouse=True)
def outside_a_test(monkeypatch):
    """Files are scrubbed outside any transaction; a test has one around it."""
    monkeypatch.setattr(scrubbing, "scrub", lambda *, whole=False: True)
    monkeypatch.setattr(transaction, "on_commit", lambda function, **_options: function())


@pytest.fixture
def base():
    """Two artifacts, an edge, a correction, a restriction, and a file that an account received."""
    source, derived = make_artifact("person/one"), make_artifact("lab/leaf")
    make_derivation(source, derived)
    rectify(artifact_key=derived.pk, field="tags", value=["person/tag"], reference="case-1", by=1, at=AT)
    reader = make_user("reader", Role.AGENT, email="reader@example.org")
    disclosures.hand_over(trace_from(source), form=disclosures.DOSSIER, by=reader, at=AT)
    restrict(account="person", reference="case-2", by=1, at=AT)
    return reader


def purged(at=AT):
    return purging.confirm(purge=purging.ask(by=ASKED, at=at), by=CONFIRMED, at=at)


def told(*words):
    out = StringIO()
    call_command("rights", *words, stdout=out)
    return out.getvalue()


def test_every_period_of_the_register_is_decided():
    assert set(LEAVES) == set(Retention)
    assert {model._meta.app_label for model in tables(leaving=True)} >= {"lineage", "access", "rights"}


def test_nothing_of_the_genealogy_is_left_and_proofs_stay_without_it(base):
    entries = JournalEntry.objects.count()
    done = purged()

    assert not any(model._base_manager.exists() for model in tables(leaving=True))
    assert not keyring.active()
    assert Rectification.objects.get().value == Rectification.objects.get().hub_value == ""
    assert (Restriction.objects.get().artifact_keys, Restriction.objects.get().lifted_at) == ([], AT)
    assert Disclosure.objects.count() == 1
    assert JournalEntry.objects.count() == entries + 2
    assert done.certificate["removed"]["tables"]["lineage.Artifact"] == 2
    assert done.certificate["kept_until_its_own_period_ends"]["rights.JournalEntry"] == entries + 1
    assert journal.verify().fault is None


def test_a_dry_run_counts_and_changes_nothing(base):
    said = told("purge", "--dry-run")
    assert "lineage.Artifact: 2" in said
    assert "rights.JournalEntry: 2" in said
    assert "suppression keys: 1" in said
    assert Artifact.objects.count() == 2
    assert Suppression.objects.exists()
    assert not Purge.objects.exists()


@pytest.mark.parametrize(
    ("by", "after", "words"),
    [
        (ASKED, timedelta(hours=1), "Somebody else"),
        (CONFIRMED, timedelta(days=2), "Ask for it again"),
    ],
)
def test_who_asked_does_not_confirm_and_nobody_after_two_days(base, by, after, words):
    purge = purging.ask(by=ASKED, at=AT)
    with pytest.raises(purging.PurgeRefused, match=words):
        purging.confirm(purge=purge, by=by, at=AT + after)
    assert Artifact.objects.count() == 2


def test_it_is_asked_and_carried_out_once(base):
    purge = purging.ask(by=ASKED, at=AT)
    with pytest.raises(purging.PurgeRefused, match="waits for its second"):
        purging.ask(by=CONFIRMED, at=AT)
    purging.confirm(purge=purge, by=CONFIRMED, at=AT)
    with pytest.raises(purging.PurgeRefused, match="Ask for it again"):
        purging.confirm(purge=purge, by=CONFIRMED, at=AT)


def test_the_database_asks_for_two_persons():
    with pytest.raises(IntegrityError), transaction.atomic():
        Purge.objects.create(asked_by_key=1, asked_at=AT, confirmed_by_key=1, confirmed_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Purge.objects.create(asked_by_key=1, asked_at=AT, confirmed_at=AT)


def test_a_harvest_refuses_until_a_new_project_begins(base):
    open_project()
    assert ProjectPolicy().refusal(at=AT) is None
    purged()
    assert "purged on 2026-11-02" in (ProjectPolicy().refusal(at=AT) or "")
    assert "purged on 2026-11-02" in (ProjectPolicy().refusal(at=AT + timedelta(days=60)) or "")

    open_project(starts_on=date(2027, 1, 1))
    assert ProjectPolicy().refusal(at=datetime(2027, 1, 2, tzinfo=UTC)) is None


def test_recipients_are_asked_to_destroy_their_copies(base):
    purged()
    assert [(message.to, "from it: 1." in message.body) for message in mail.outbox] == [([base.email], True)]
    assert "reader@example.org 1" in told("purge", "copies")
    assert list(purging.copies(at=AT + timedelta(days=800))) == []


def test_the_purge_stands_where_no_mail_goes_out(base, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert purged().confirmed_at
    assert "purge copies" in caplog.text
    assert "reader@" not in caplog.text


class TestCertificate:
    def test_it_holds_numbers_dates_persons_and_the_head(self, base):
        head = journal.verify().head
        certificate = purged().certificate
        assert (certificate["asked_by"], certificate["confirmed_by"]) == (ASKED, CONFIRMED)
        assert certificate["confirmed_at"] == "2026-11-02T09:00:00+00:00"
        assert head
        assert int(certificate["journal_head"].partition(":")[0]) == head.number + 1  # that it was asked for
        assert "person" not in json.dumps(certificate)

    def test_it_verifies_from_its_file(self, base, tmp_path):
        path = tmp_path / "certificate.json"
        purged()
        path.write_text(told("purge", "certificate"))
        assert "vouches for it" in told("verify-certificate", str(path))

    @pytest.mark.parametrize(
        "change",
        [
            {"confirmed_by": 9},
            {"asked_at": "2026-01-01T00:00:00+00:00"},
            {"removed": {"tables": {}, "places": {}}},
            {"journal_head": "1:" + "0" * 64},
            {"note": "added"},
        ],
    )
    def test_any_change_is_found_even_with_a_new_digest(self, base, change):
        certificate = purged().certificate | change
        assert "digest" in (purging.certified(certificate).fault or "")
        from rights.purging.certificates import digest

        assert "No entry" in (purging.certified(certificate | {"digest": digest(certificate)}).fault or "")

    @pytest.mark.parametrize("other", [None, [], {}, {"digest": 1}, "certificate"])
    def test_anything_else_is_no_certificate(self, other):
        assert purging.certified(other).fault

    def test_a_changed_journal_vouches_for_nothing(self, base, monkeypatch):
        certificate = purged().certificate
        monkeypatch.setattr(journal, "verify", lambda: journal.Verified(3, None, "entry 2 was changed"))
        assert purging.certified(certificate).fault == "entry 2 was changed"

    @pytest.mark.parametrize("text", ["{", ""])
    def test_an_unreadable_file_is_said_to_be_so(self, text, tmp_path):
        path = tmp_path / "certificate.json"
        path.write_text(text)
        with pytest.raises(CommandError, match="cannot be read"):
            told("verify-certificate", str(path))


def test_the_command_takes_two_supervisors(base):
    make_user("one", Role.SUPERVISOR)
    make_user("two", Role.SUPERVISOR)
    make_user("agent", Role.AGENT)
    for step in ("ask", "confirm"):
        with pytest.raises(CommandError, match=r"supervisors|waits"):
            told("purge", step, "--by", "agent")
    told("purge", "ask", "--by", "one")
    with pytest.raises(CommandError, match="Somebody else"):
        told("purge", "confirm", "--by", "one")
    assert json.loads(told("purge", "confirm", "--by", "two"))["digest"]
    assert "Done" in told("purge", "clear")
    assert not Artifact.objects.exists()
