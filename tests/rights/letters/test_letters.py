"""Letters: every kind in both languages, what is locked, what is kept, and what does not leave."""

import hashlib
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core import mail
from docx import Document

from rights.desk import moves, remedies
from rights.letters import LetterRefused, as_docx, deliver, drafted, offered, send
from rights.letters.texts import BLANK
from rights.models import JournalEntry, OutgoingLetter
from rights.vocabulary import Ground, LetterKind, Right, Way
from tests.factories import make_user
from tests.rights.desk.agents import asked, fresh, make_agent, refused, verified_case
from tests.rights.desk.cases import AT, make_case

pytestmark = pytest.mark.django_db
OF_A_RIGHT = {LetterKind.REFUSAL, LetterKind.RECIPIENTS, LetterKind.PORTABILITY, LetterKind.NOT_IDENTIFIED}
OF_A_CASE = [kind for kind in LetterKind if kind != LetterKind.REFERRAL]


def sent(case, kind=LetterKind.ACKNOWLEDGEMENT, right="", body=None, way=Way.MAIL, recipient="p@example.org", by=None):
    draft = drafted(case, kind, right, signatory="Camille Exemple")
    text = draft.body if body is None else body
    return send(matter=case, draft=draft, body=text, recipient=recipient, way=way, by=by or make_agent(), at=AT)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", OF_A_CASE)
def test_each_kind_has_a_text_in_each_language(kind, language):
    case = make_case(Right.ERASURE, accounts=["made-up-person"], language=language)
    draft = drafted(case, kind, Right.ERASURE, signatory="Camille Exemple")
    assert draft.subject
    assert len(draft.body) > 80 or kind == LetterKind.REFUSAL
    assert "{{" not in draft.subject + draft.body
    assert str(case) in draft.subject or kind == LetterKind.RECIPIENTS
    assert draft.text(draft.body).rstrip().endswith(draft.closing)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_refusal_has_its_three_items_whatever_the_agent_writes(language):
    case = verified_case(Right.ACCESS, language=language)
    refused(case, reasons="Because of somebody else.")
    letter = sent(fresh(case), LetterKind.REFUSAL, Right.ACCESS, body="Nothing of it.")
    for passage in ("Because of somebody else.", remedies.complaint(language), remedies.judicial_remedy(language)):
        assert passage in letter.text


@pytest.mark.parametrize("kind", [LetterKind.NOT_IDENTIFIED, LetterKind.PORTABILITY])
def test_complaint_and_remedy_stand_also_where_nothing_was_weighed(kind):
    case = make_case(Right.PORTABILITY, Right.ACCESS)
    letter = sent(case, kind, Right.PORTABILITY, body="No.")
    assert remedies.complaint("fr") in letter.text
    assert remedies.judicial_remedy("fr") in letter.text


def test_what_leaves_is_kept_with_its_fingerprint_and_journaled(django_capture_on_commit_callbacks):
    case = make_case(accounts=["made-up-person"])
    agent = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        letter = sent(case, by=agent.pk)
    letter.refresh_from_db()
    assert letter.sha256 == hashlib.sha256(f"{letter.subject}\n\n{letter.text}".encode()).hexdigest()
    assert letter.sent_at == AT
    (message,) = mail.outbox
    assert (message.subject, message.body, message.to) == (letter.subject, letter.text, ["p@example.org"])
    entry = JournalEntry.objects.get(act="letter")
    assert (entry.reference, entry.by_key, entry.details["sha256"]) == (case.reference, agent.pk, letter.sha256)
    assert "made-up-person" not in str(entry.details)


def test_nothing_leaves_where_the_transaction_fails(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        sent(make_case())
    assert mail.outbox == []


def test_a_mail_server_that_refuses_loses_nothing(monkeypatch, django_capture_on_commit_callbacks):
    def down(*_arguments, **_options):
        raise ConnectionRefusedError

    monkeypatch.setattr("rights.letters.sending.EmailMessage.send", down)
    with django_capture_on_commit_callbacks(execute=True):
        letter = sent(make_case())
    assert list(OutgoingLetter.objects.undelivered()) == [letter]
    monkeypatch.undo()
    letter.refresh_from_db()
    assert deliver(letter, at=AT + timedelta(hours=1))
    assert deliver(letter, at=AT + timedelta(hours=2))  # twice is once
    assert len(mail.outbox) == 1
    assert not OutgoingLetter.objects.undelivered().exists()


def test_by_post_it_is_sent_when_noted():
    letter = sent(make_case(), way=Way.POST, recipient="1 rue Inventée\n75000 Paris")
    assert letter.sent_at == AT
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("body", "recipient", "way"),
    [
        ("", "p@example.org", Way.MAIL),
        (" \n", "p@example.org", Way.MAIL),
        ("x" * 20_001, "p@example.org", Way.MAIL),
        ("NUL \x00", "p@example.org", Way.MAIL),
        (f"To fill in: {BLANK} to whom]", "p@example.org", Way.MAIL),
        ("Well.", "", Way.POST),
        ("Well.", "1 rue Inventée, Paris", Way.MAIL),
        ("Well.", "p@example.org\nBcc: all@example.org", Way.MAIL),
        ("Well.", "p@example.org, other@example.org", Way.MAIL),
    ],
)
def test_what_cannot_leave_so_is_refused_and_nothing_is_kept(body, recipient, way):
    with pytest.raises(LetterRefused, match="Nothing was sent"):
        sent(make_case(), body=body, recipient=recipient, way=way)
    assert not OutgoingLetter.objects.exists()
    assert not JournalEntry.objects.filter(act="letter").exists()


def test_names_with_line_breaks_inject_no_header(django_capture_on_commit_callbacks):
    case = make_case(accounts=["made-up\r\nBcc: all@example.org"])
    with django_capture_on_commit_callbacks(execute=True):
        sent(case, LetterKind.ACKNOWLEDGEMENT)
    (message,) = mail.outbox
    assert "Bcc" not in dict(message.message().items())
    assert "\n" not in message.subject


def test_a_case_is_offered_what_its_state_calls_for():
    case = make_case(Right.ACCESS)
    on = date(2026, 11, 3)
    assert list(offered(case, on=on)) == [
        (LetterKind.ACKNOWLEDGEMENT, ""),
        (LetterKind.EXTENSION, ""),
        (LetterKind.NOT_IDENTIFIED, ""),
        (LetterKind.REDIRECTION, Right.ACCESS),
    ]
    assert (LetterKind.EXTENSION, "") not in offered(fresh(case), on=date(2027, 3, 1))
    asked(case, on)
    assert (LetterKind.QUESTION, "") in offered(fresh(case), on=on)


def test_a_decision_is_answered_by_its_letter():
    case = verified_case(Right.ACCESS, Right.PORTABILITY)
    moves.grant(case=fresh(case), right=Right.ACCESS, by=make_agent(), at=AT)
    refused(case, Right.PORTABILITY, ground=Ground.NOT_APPLICABLE, reasons="It does not apply.")
    kinds = set(offered(fresh(case), on=date(2026, 11, 3)))
    assert {(LetterKind.ACCESS, Right.ACCESS), (LetterKind.PORTABILITY, Right.PORTABILITY)} <= kinds


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "{{ settings.SECRET_KEY }} {% if %}",
        "<w:p>&amp;</w:p>",
        "NUL \x00 and \x0b here",
        "‮left",
        "a\n\nb",
        "x" * 10**5,
    ],
    ids=["plain", "template", "xml", "controls", "direction", "paragraphs", "long"],
)
def test_the_docx_says_what_the_letter_says(text):
    made = as_docx(subject="About", text=text, recipient="A & B <c>", language="fr", on=date(2026, 11, 2))
    paragraphs = [paragraph.text for paragraph in Document(BytesIO(made)).paragraphs]
    clean = text.replace("\x00", "").replace("\x0b", "")
    assert "2 novembre 2026" in paragraphs
    assert "A & B <c>" in paragraphs
    assert all(part in "\n".join(paragraphs) for part in clean.split("\n\n"))


def test_a_sheet_of_ones_own_is_used(settings, tmp_path):
    own = Document()
    own.add_paragraph("OUR HEAD")
    own.add_paragraph("{{ subject }}")
    own.save(tmp_path / "own.docx")
    settings.LETTER_LAYOUT = str(tmp_path / "own.docx")
    made = as_docx(subject="About", text="x", recipient="", language="en", on=None)
    assert [paragraph.text for paragraph in Document(BytesIO(made)).paragraphs] == ["OUR HEAD", "About"]
