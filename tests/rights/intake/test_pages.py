"""The pages of the intake: from a dropped mail or a typed letter to a case, a referral or a reply; what is refused."""

from datetime import date, timedelta

import pytest
from django.core import mail as mailbox
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from access.roles import Role
from lineage.models import Consultation
from rights.models import Attachment, IncomingLetter, JournalEntry, Referral, Reply, RightsCase
from rights.vocabulary import Channel, Right
from tests.lineage.readers import signed_in
from tests.rights.desk.cases import make_case
from tests.rights.filetypes.samples import HOSTILE, PDF, png
from tests.rights.intake.letters import make_incoming
from tests.rights.intake.mails import eml
from tests.rights.mail.hostile import HOSTILE as HOSTILE_MAILS
from tests.rights.referral.letters import make_referral

pytestmark = pytest.mark.django_db
LIST, TYPE = reverse("admin:rights_intake"), reverse("admin:rights_intake_type")
QUEUE = reverse("admin:rights_rightscase_changelist")
TEXT = "Bonjour, je demande l’accès à mes données, mon compte est « zoe-c »."


def page(letter):
    return reverse("admin:rights_intake_letter", args=[letter.pk])


def upload(content, name="a.eml"):
    return SimpleUploadedFile(name, content)


def drop(client, *contents):
    return client.post(LIST, {"mails": [upload(content) for content in contents]})


def sent_now(**headers):
    """A mail of some minutes ago."""
    moment = timezone.now() - timedelta(minutes=5)
    return eml(TEXT, **{"Date": moment.strftime("%a, %d %b %Y %H:%M:%S +0000")} | headers)


def fields(**more):
    return {
        "door": "case",
        "received_on": "2026-11-02",
        "name": "Zoe",
        "contact": "zoe@canari.example",
        "language": "fr",
        "rights": ["access"],
        "accounts": "zoe-c",
        "requester": "oneself",
    } | more


def stored():
    return [model.objects.count() for model in (RightsCase, Referral, Reply, IncomingLetter, Attachment)]


class TestDoors:
    def test_from_the_queue_to_a_case(self):
        client = signed_in()
        assert 'type="file"' in client.get(QUEUE).content.decode()
        answer = drop(client, sent_now())
        letter = IncomingLetter.objects.get()
        assert answer["Location"] == page(letter)

        proposal = client.get(page(letter))
        form = proposal.context["form"]
        assert form.initial["rights"] == ("access",)
        assert (form.initial["door"], form.initial["accounts"], form.initial["language"]) == ("case", "zoe-c", "fr")
        assert proposal.context["proposal"].next_letter == "acknowledgement"
        assert not RightsCase.objects.exists()

        day = proposal.context["proposal"].received_on
        answer = client.post(page(letter), fields(received_on=day.isoformat(), rights=["access", "erasure"]))
        case = RightsCase.objects.get()
        assert answer["Location"] == reverse("admin:rights_rightscase_change", args=[case.pk])
        assert case.received_at == letter.received_at
        assert {one.right for one in case.requests.all()} == {Right.ACCESS, Right.ERASURE}
        assert (case.contact, case.name, case.message.strip(), case.channel) == (
            "zoe@canari.example",
            "Zoe",
            TEXT,
            Channel.EMAIL,
        )
        assert [claim.name for claim in case.accounts.all()] == ["zoe-c"]
        assert case.incoming.get().text == ""
        assert client.get(page(letter))["Location"] == answer["Location"]

    def test_to_a_referral_with_what_came_with_it(self):
        letter = make_incoming(
            ("a.pdf", PDF), ("b.png", png()), text="Ma photo est dans un jeu de données", sender="z@c.example"
        )
        keep, drop_it = letter.attachments.all()
        client = signed_in()
        assert client.get(page(letter)).context["form"].initial["door"] == "referral"
        client.post(page(letter), fields(door="referral", claimed="acme/faces", kept=[keep.pk], urgent="on"))
        referral = Referral.objects.get()
        assert (referral.claimed, referral.urgent, referral.message) == ("acme/faces", True, letter.text)
        assert list(Attachment.objects.all()) == [keep] != [drop_it]
        assert "b.png: not kept by the agent" in referral.incoming.get().left_out

    @pytest.mark.parametrize("make", [make_case, make_referral])
    def test_to_a_reply(self, make):
        matter = make(contact="zoe@canari.example")
        letter = make_incoming(text="one thing more", received_at=None)
        signed_in().post(page(letter), fields(door="join", joins=f" {matter} ", received_on="2026-11-01"))
        assert [reply.text for reply in matter.replies.all()] == ["one thing more"]
        assert Reply.objects.get().received_at.date() == date(2026, 11, 1)

    def test_a_letter_is_typed_in_and_taken_the_same_way(self):
        client = signed_in()
        today = timezone.localdate()
        said = {
            "channel": "letter",
            "received_on": (today - timedelta(days=3)).isoformat(),
            "sender": "1 rue X",
            "text": TEXT,
        }
        answer = client.post(TYPE, said | {"scans": [upload(PDF, "scan.pdf"), upload(png(), "p.png")]})
        letter = IncomingLetter.objects.get()
        assert answer["Location"] == page(letter)
        kept = [file.pk for file in letter.attachments.all()]
        client.post(page(letter), fields(received_on=said["received_on"], contact="1 rue X", kept=kept))
        case = RightsCase.objects.get()
        assert (case.channel, case.received_on, case.contact) == (Channel.LETTER, today - timedelta(days=3), "1 rue X")
        assert Attachment.objects.filter(letter__case=case).count() == 2

    def test_several_mails_at_once(self):
        case = make_case(contact="zoe@canari.example")
        client = signed_in()
        answer = drop(
            client, sent_now(Subject=f"Re: {case}"), sent_now(Message_ID="<2@canari.example>", From="x@y.example")
        )
        assert answer["Location"] == LIST
        said = client.get(LIST).content.decode()
        assert "1 mail joined its case by itself." in said
        assert IncomingLetter.objects.waiting().count() == 1
        drop(client, sent_now(Subject=f"Re: {case}"))
        assert IncomingLetter.objects.count() in (2, 3)

    def test_what_else_of_the_same_person_is_here_is_shown(self):
        case, referral = make_case(contact="zoe@canari.example"), make_referral(contact="zoe@canari.example")
        named = make_case(accounts=["zoe-c"], contact="other@example.org")
        letter = make_incoming(text=TEXT, sender="ZOE@canari.example")
        proposal = signed_in().get(page(letter)).context["proposal"]
        assert set(proposal.alike) == {case, referral, named}
        assert proposal.due_on is not None


class TestOnce:
    def test_who_comes_second_is_told_and_stores_nothing(self):
        letter = make_incoming(text="x")
        client, other = signed_in(), signed_in()
        client.post(page(letter), fields())
        before = stored()
        assert other.post(page(letter), fields(door="referral", claimed="a/b")).status_code == 302
        assert stored() == before

    def test_set_aside_it_is_deleted_and_noted(self):
        letter = make_incoming(("a.pdf", PDF), text="buy now")
        client = signed_in()
        assert (
            client.post(reverse("admin:rights_intake_aside", args=[letter.pk]), {"why": "nonsense"}).status_code == 404
        )
        client.post(reverse("admin:rights_intake_aside", args=[letter.pk]), {"why": "spam"})
        assert stored() == [0, 0, 0, 0, 0]
        assert JournalEntry.objects.get().details == {"why": "spam"}

    def test_what_was_entered_is_not_set_aside(self):
        letter = make_incoming(case=make_case())
        signed_in().post(reverse("admin:rights_intake_aside", args=[letter.pk]), {"why": "spam"})
        assert IncomingLetter.objects.exists()


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "status"),
        [(Role.AGENT, 200), (Role.SUPERVISOR, 200), (Role.DPO, 403), (Role.RESEARCHER, 403), (Role.ADMINISTRATOR, 403)],
    )
    def test_take_letters_in(self, role, status):
        letter = make_incoming(text="x")
        client = signed_in(role)
        assert {client.get(address).status_code for address in (LIST, TYPE, page(letter))} == {status}
        if status == 403:
            assert client.post(page(letter), fields()).status_code == drop(client, eml()).status_code == 403
            assert not RightsCase.objects.exists()

    def test_reading_a_letter_is_recorded(self):
        letter = make_incoming(text="x")
        signed_in().get(page(letter))
        assert Consultation.objects.get().reference == f"incoming:{letter.pk}"

    def test_the_list_opens_nothing_sealed(self):
        make_incoming(text="canari", sender="zoe@canari.example", subject="canari")
        assert "canari" not in signed_in().get(LIST).content.decode()


@pytest.mark.parametrize(("name", "content", "fault"), HOSTILE)
def test_hostile_uploads_store_nothing_and_say_why(name, content, fault):
    said = {"channel": "letter", "received_on": "2026-11-02", "text": "x"}
    answer = signed_in().post(TYPE, said | {"scans": [upload(PDF, "good.pdf"), upload(content or b" ", name)]})
    assert answer.status_code == 400
    assert "Nothing was stored." in answer.content.decode()
    assert stored() == [0, 0, 0, 0, 0]
    assert mailbox.outbox == []


@pytest.mark.parametrize(("name", "content", "fault"), HOSTILE_MAILS, ids=[name for name, *_ in HOSTILE_MAILS])
def test_hostile_mails_are_refused_whole_or_wait_tamed(name, content, fault):
    client = signed_in()
    answer = drop(client, eml(), content)
    if fault:
        assert answer.status_code == 400
        assert "Nothing was stored" in answer.content.decode()
        assert stored() == [0, 0, 0, 0, 0]
    else:
        assert answer.status_code == 302
        letter = IncomingLetter.objects.latest("pk")
        shown = client.get(page(letter))
        assert shown.status_code == 200
        assert "<script>alert" not in shown.content.decode()
        client.post(page(letter), fields())
        assert RightsCase.objects.count() == 1
    assert mailbox.outbox == []


HOSTILE_TEXTS = {
    "markup": "<script>alert(1)</script>",
    "a megabyte": "x" * 1_000_000,
    "line ends": "a\r\nBcc: victim@victim.example",
    "NUL": "a\0b",
    "turned round": "\u202egnp.exe\u2066",
    "half a character": "\\ud800",
    "a template": "{{ settings.SECRET_KEY }}{% include 'x' %}",
}


FIELDS = [
    "door",
    "received_on",
    "name",
    "contact",
    "language",
    "kept",
    "rights",
    "accounts",
    "requester",
    "representation",
    "claimed",
    "seen_what",
    "joins",
]


@pytest.mark.parametrize("what", HOSTILE_TEXTS)
def test_hostile_fields_of_the_proposal(what):
    client = signed_in()
    for field in FIELDS:
        letter = make_incoming(text="x")
        before = RightsCase.objects.count() + Referral.objects.count()
        door = {"claimed": "referral", "seen_what": "referral", "joins": "join"}.get(field, "case")
        answer = client.post(page(letter), fields(door=door) | {field: HOSTILE_TEXTS[what]})
        assert answer.status_code in (302, 400), field
        made = RightsCase.objects.count() + Referral.objects.count() - before
        assert made == (answer.status_code == 302), field
        assert IncomingLetter.objects.waiting().filter(pk=letter.pk).count() == 1 - made, field
        assert b"<script>alert(1)" not in answer.content, field
        if made:
            said = client.get(answer["Location"]).content.decode()
            assert "<script>alert(1)" not in said, field
            assert "\u202e" not in said, field
    assert mailbox.outbox == []


@pytest.mark.parametrize("what", HOSTILE_TEXTS)
def test_hostile_fields_of_a_typed_letter(what):
    client = signed_in()
    for field in ["channel", "received_on", "name", "sender", "text", "scans"]:
        before = IncomingLetter.objects.count()
        said = {"channel": "letter", "received_on": "2026-11-02", "text": "hello"} | {field: HOSTILE_TEXTS[what]}
        answer = client.post(TYPE, said)
        assert answer.status_code in (302, 400), field
        assert IncomingLetter.objects.count() - before == (answer.status_code == 302), field
        assert b"<script>alert(1)" not in answer.content, field


@pytest.mark.parametrize("sent", [{}, {"mails": "no file"}, {"mails": ""}])
def test_without_a_file_nothing_happens(sent):
    answer = signed_in().post(LIST, sent)
    assert answer.status_code == 400
    assert stored() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("day", ["2999-01-01", "0001-01-01", "x", ""])
def test_an_impossible_day_of_receipt(day):
    letter = make_incoming(text="x")
    assert signed_in().post(page(letter), fields(received_on=day)).status_code in (302, 400)
    assert RightsCase.objects.count() + IncomingLetter.objects.waiting().count() == 1
