"""Over a real mail server with STARTTLS: what is said to have left did, what failed is tried again, nothing twice."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery.exceptions import Retry
from django.db import connection
from django.urls import reverse

from access.roles import Role
from rights.desk import digest
from rights.letters import deliver, drafted, send, send_waiting
from rights.models import JournalEntry, OutgoingLetter
from rights.reception import mails
from rights.tasks import send_digest
from rights.vocabulary import LetterKind, Right, Way
from tests.factories import make_user
from tests.lineage.readers import signed_in
from tests.rights.desk.agents import make_agent
from tests.rights.desk.cases import AT, make_case
from tests.rights.letters.postal import HERE, running

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
FAULTS = ["recipient", "busy", "hang up"]


@pytest.fixture
def box(settings, tmp_path, monkeypatch):
    """The server, known to the site and trusted by it."""
    with running(tmp_path) as (box, port, certificate):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = HERE, port, True
        settings.EMAIL_TIMEOUT = 5
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        yield box


def written(case=None, **more):
    """A letter that is kept, as the desk sends it; whether it left is for its delivery to say."""
    draft = drafted(case or make_case(Right.ACCESS), LetterKind.ACKNOWLEDGEMENT, "", signatory="Camille Exemple")
    known: dict[str, Any] = {"recipient": "person@example.org", "way": Way.MAIL, "by": make_agent(), "at": AT} | more
    return send(matter=case or make_case(), draft=draft, body=draft.body, **known)


def test_a_letter_leaves_encrypted_and_whole(box, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        letter = written()
    letter.refresh_from_db()
    (message,) = box.messages
    assert letter.sent_at == AT
    assert box.encrypted == [True]
    assert (message["to"], message["subject"].strip()) == ("person@example.org", letter.subject)
    assert message.get_content().replace("\r\n", "\n").strip() == letter.text.strip()


@pytest.mark.parametrize("fault", FAULTS)
def test_what_failed_is_shown_kept_and_tried_again_once(box, fault, django_capture_on_commit_callbacks, caplog):
    case = make_case(Right.ACCESS)
    box.faults.append(fault)
    with django_capture_on_commit_callbacks(execute=True):
        letter = written(case)
    letter.refresh_from_db()
    page = reverse("admin:rights_rightscase_change", args=[case.pk])
    client = signed_in(Role.AGENT)
    assert letter.sent_at is None
    assert "not delivered yet" in client.get(page).content.decode()
    assert "example.org" not in caplog.text

    assert send_waiting(at=AT + timedelta(minutes=15)) == 1
    assert send_waiting(at=AT + timedelta(minutes=30)) == 0
    assert "not delivered yet" not in client.get(page).content.decode()
    assert len(box.messages) == 1
    assert JournalEntry.objects.filter(act="letter").count() == 1


def test_a_server_that_cannot_be_trusted_gets_nothing(box, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    letter = written()
    assert not deliver(letter, at=AT)
    assert not box.messages


def test_a_server_that_is_down_or_silent_is_not_waited_for(settings, box):
    settings.EMAIL_PORT = 9  # nobody listens there
    letter = written()
    assert not deliver(letter, at=AT)
    assert OutgoingLetter.objects.undelivered().get() == letter


def test_taken_before_the_line_broke_it_comes_again_under_the_same_id(box):
    """Nobody can know whether it was taken: it is sent again, and the same Message-ID lets it be shown once."""
    box.faults.append("taken, then silent")
    letter = written()
    assert not deliver(letter, at=AT)
    assert deliver(letter, at=AT)
    first, second = box.messages
    assert first["message-id"] == second["message-id"]


def test_no_letter_is_tried_for_ever(box):
    written()
    assert send_waiting(at=AT + timedelta(days=4)) == 0
    assert not box.messages


def test_the_copy_an_agent_holds_does_not_send_it_again(box):
    letter = written()
    held = OutgoingLetter.objects.get(pk=letter.pk)
    assert deliver(letter, at=AT)
    assert deliver(held, at=AT)
    assert len(box.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_sends(box):
    if connection.vendor != "postgresql":
        pytest.skip("rows are locked one by one on PostgreSQL only")
    letter = written(way=Way.POST)
    OutgoingLetter.objects.update(sent_at=None, way=Way.MAIL)
    start, left = threading.Barrier(2), []

    def click():
        held = OutgoingLetter.objects.get(pk=letter.pk)
        start.wait()
        left.append(deliver(held, at=AT))
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert left == [True, True]
    assert len(box.messages) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_confirmation_says_that_it_did_not_leave_and_is_tried_again(box, settings, fault):
    settings.SITE_URL = "https://site.test"
    case = make_case(confirmed=False)
    box.faults.append(fault)
    with pytest.raises(mails.NotSent):
        mails.send_confirmation(case, at=AT)
    mails.send_confirmation(case, at=AT)
    assert [message["to"] for message in box.messages] == ["p@example.org"]
    assert "https://site.test/rights/confirm/" in box.messages[0].get_content()


def test_one_agent_whose_mail_fails_keeps_no_other_from_theirs(box):
    anna, bela = (make_user(name, Role.AGENT, email=f"{name}@site.example") for name in ("anna", "bela"))
    type(make_case()).objects.update(due_on=MONDAY.date(), latest_on=MONDAY.date())
    box.faults.append("recipient")
    with pytest.raises(digest.NotAllSent) as failed:
        digest.send(at=MONDAY)
    assert failed.value.accounts == [anna.pk]
    assert digest.send(at=MONDAY, accounts=failed.value.accounts) == 1
    assert [message["to"] for message in box.messages] == [bela.email, anna.email]


def test_the_task_tries_again_only_whom_it_did_not_reach(box, monkeypatch):
    anna = make_user("anna", Role.AGENT, email="anna@site.example")
    make_user("bela", Role.AGENT, email="bela@site.example")
    monkeypatch.setattr("rights.tasks.timezone.now", lambda: MONDAY)
    type(make_case()).objects.update(due_on=MONDAY.date(), latest_on=MONDAY.date())
    box.faults.append("busy")
    with pytest.raises(Retry) as later:
        send_digest.delay()
    assert later.value.sig.kwargs == {"accounts": [anna.pk]}
    later.value.sig.apply()
    assert [message["to"] for message in box.messages].count(anna.email) == 1
    assert len(box.messages) == 2
