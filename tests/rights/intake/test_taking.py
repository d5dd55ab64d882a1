"""Mails dropped on the queue: once each, sealed until entered; answers join their case or are proposed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection

from rights import threads
from rights.admin.queue import cut
from rights.desk import moves
from rights.desk.acts import ActRefused
from rights.intake import entering, taking
from rights.intake.proposing import propose
from rights.intake.taking import Typed
from rights.letters import deliver, drafted, send
from rights.mail import Part
from rights.models import Attachment, IncomingLetter, JournalEntry, OutgoingLetter, Reply, RightsCase
from rights.vocabulary import Channel, LetterKind, Right, Way
from tests.factories import make_user
from tests.rights.desk.agents import fresh
from tests.rights.desk.cases import AT, make_case
from tests.rights.filetypes.samples import EXE, PDF
from tests.rights.intake.mails import OUR_SERVER, bounce, dropped, eml
from tests.rights.referral.letters import make_referral

pytestmark = pytest.mark.django_db
ZOE = "zoe@canari.example"


def sent_letter(matter, at=AT):
    """A letter of ours by mail, as it left; and the Message-ID it bore."""
    draft = drafted(matter, LetterKind.ACKNOWLEDGEMENT, "", signatory="A")
    letter = send(
        matter=matter, draft=draft, body="hello", recipient=matter.contact, way=Way.MAIL, by=int(make_user().pk), at=at
    )
    assert deliver(letter, at=at)
    return letter, mail.outbox[-1].extra_headers["Message-ID"]


def proposed(taken):
    """What it seems to answer."""
    found = propose(taken.letter).match
    assert found
    return found


class TestTheMailItself:
    def test_waits_sealed_with_what_it_says(self):
        taken = dropped(eml(files=(("scan.pdf", PDF), ("run.exe", EXE)), Received=OUR_SERVER))
        letter = IncomingLetter.objects.get()
        assert taken.letter == letter
        assert (letter.case, letter.referral, letter.channel) == (None, None, Channel.EMAIL)
        assert (letter.sender, letter.sender_name, letter.subject) == (ZOE, "Zoe Canari", "Mes données")
        assert (letter.received_at, letter.by_our_server) == (datetime(2026, 11, 2, 8, 31, tzinfo=UTC), True)
        assert letter.text.startswith("Bonjour")
        assert [file.name for file in letter.attachments.all()] == ["scan.pdf"]
        assert letter.left_out.startswith("run.exe: it is none of")
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM rights_incomingletter")
            assert "anari" not in str(cursor.fetchall())

    def test_twice_is_one_also_as_another_program_saves_it(self):
        first = dropped(eml())
        for copy in (eml(), eml().replace(b"\n", b"\r\n"), b"X-Status: read\n" + eml()):
            again = dropped(copy)
            assert (again.letter, again.was_known) == (first.letter, True)
        assert not dropped(eml(Message_ID="<2@canari.example>")).was_known
        assert IncomingLetter.objects.count() == 2

    def test_twice_is_one_also_after_it_was_entered(self):
        first = dropped(eml()).letter
        entering.join(incoming=first, matter=make_case(), received_at=AT, kept=(), by=1, at=AT)
        assert dropped(eml()).was_known
        assert Reply.objects.count() == 1

    def test_all_are_taken_in_or_none(self):
        files = [Part("good.eml", eml()), Part("\r\nbad.eml", b"")]
        with pytest.raises(ActRefused, match=r"Mail 2 \(bad\.eml\) is not taken: it is empty\. Nothing was stored"):
            taking.drop(files, by=int(make_user().pk), at=AT)
        assert not IncomingLetter.objects.exists()

    def test_too_many_or_too_large_together(self, settings):
        settings.ATTACHMENTS_MEGABYTES = 1
        by = int(make_user().pk)
        with pytest.raises(ActRefused, match="20 mails"):
            taking.drop([Part("a.eml", eml())] * 21, by=by, at=AT)
        with pytest.raises(ActRefused, match="too large together"):
            taking.drop([Part("a.eml", eml("x" * 1_100_000))] * 2, by=by, at=AT)

    def test_of_an_endless_text_the_beginning_is_kept(self):
        letter = dropped(eml("lorem ipsum\n" * 15_000)).letter
        assert len(letter.text) == 100_000
        assert "100,000" in letter.left_out


class TestAnAnswer:
    @pytest.mark.parametrize("header", ["In_Reply_To", "References"])
    def test_to_a_letter_of_ours_joins_its_case(self, header):
        case = make_case(contact=ZOE)
        _letter, message_id = sent_letter(case)
        version = fresh(case).version

        taken = dropped(eml("one thing more", files=(("a.pdf", PDF),), **{header: f"<x@y.example> {message_id}"}))

        assert taken.joined
        reply = Reply.objects.get()
        assert (reply.case, reply.text, reply.channel) == (case, "one thing more", Channel.EMAIL)
        assert Attachment.objects.get().letter.case == case
        assert IncomingLetter.objects.get().text == ""
        assert fresh(case).version == version
        assert JournalEntry.objects.filter(act="reply_received", reference=case.reference).exists()

    @pytest.mark.parametrize("how", ["reference", "number", "grouped"])
    def test_with_our_reference_in_its_subject_joins(self, how):
        case = make_case(contact="ZOE@canari.example")
        reference = " ".join(case.reference[at : at + 4] for at in range(0, 32, 4))
        said = {"reference": case.reference, "number": str(case), "grouped": reference}[how]
        assert dropped(eml(Subject=f"Re: your letter (no. {said})")).joined

    def test_to_a_mail_that_joined_before_joins_too(self):
        case = make_case(contact=ZOE)
        dropped(eml(Subject=f"Re: {case}"))
        assert dropped(eml("more", Message_ID="<2@canari.example>", In_Reply_To="<1@canari.example>")).joined
        assert case.replies.count() == 2

    def test_joins_a_referral_as_well(self):
        referral = make_referral(contact=ZOE)
        assert dropped(eml(Subject=f"no. {referral}")).joined
        assert Reply.objects.get().referral == referral

    def test_does_not_run_the_clock_on(self):
        case = make_case(contact=ZOE)
        dropped(eml(Subject=f"Re: {case}"))
        assert not case.questions.exists()

    @pytest.mark.parametrize(
        ("what", "headers"),
        [
            ("another address", {"From": "mallory@evil.example"}),
            ("no address", {"From": "nobody"}),
            ("two addresses", {"From": "mallory@evil.example, zoe@canari.example"}),
        ],
    )
    def test_from_elsewhere_is_proposed_only(self, what, headers):
        case = make_case(contact=ZOE)
        _letter, message_id = sent_letter(case)
        taken = dropped(eml(In_Reply_To=message_id, **headers))
        assert not taken.joined
        found = proposed(taken)
        assert (found.matter, found.certain) == (case, False)
        assert not Reply.objects.exists()

    def test_to_a_closed_case_is_proposed_only(self):
        case = make_case(Right.ACCESS, contact=ZOE)
        moves.withdraw(case=fresh(case), right=Right.ACCESS, at=AT)
        taken = dropped(eml(Subject=f"Re: {case}"))
        assert (taken.joined, proposed(taken).matter) == (False, case)

    def test_where_two_cases_are_cited_the_senders_own_is_taken(self):
        other, own = make_case(contact="p@example.org"), make_case(contact=ZOE)
        assert dropped(eml(Subject=f"Re: {other} and {own}")).joined
        assert Reply.objects.get().case == own

    @pytest.mark.parametrize(
        "forged", ["<letter.{key}.0123456789abcdef.{zeros}@x>", "<letter.{key}@x>", "<case.{key}.x.y@x>"]
    )
    def test_nobody_invents_a_message_id_of_ours(self, forged):
        letter, _message_id = sent_letter(make_case(contact=ZOE))
        assert not dropped(eml(In_Reply_To=forged.format(key=letter.pk, zeros="0" * 32))).joined

    def test_our_message_ids_say_what_they_are_about(self):
        made = threads.message_id("case", 12)
        assert threads.cited(made) == ("case", 12)
        assert threads.cited(made.replace(".12.", ".13.")) is None
        assert made != threads.message_id("case", 12)


class TestAMailThatCameBack:
    def test_shows_on_its_case_and_in_the_queue_until_a_letter_leaves(self):
        case = make_case(contact=ZOE)
        letter, message_id = sent_letter(case, at=AT - timedelta(hours=1))

        assert dropped(bounce(message_id)).joined

        found = case.incoming.get()
        assert (found.returned_status, found.returned_letter, found.text) == ("5.1.1", letter, "")
        assert set(cut(RightsCase.objects.all(), "returned", account=0, on=AT.date())) == {case}
        entry = JournalEntry.objects.get(act="mail_returned")
        assert entry.details == {"status": "5.1.1", "letter": letter.pk}
        sent_letter(case, at=AT + timedelta(hours=1))
        assert not cut(RightsCase.objects.all(), "returned", account=0, on=AT.date()).exists()

    @pytest.mark.parametrize(
        "message_id", ["", "<somebody@else.example>", "<letter.1.0123456789abcdef.0123456789abcdef0123456789abcdef@x>"]
    )
    def test_that_is_not_known_waits_for_an_agent(self, message_id):
        sent_letter(make_case(contact=ZOE))
        taken = dropped(bounce(message_id))
        assert (taken.joined, taken.letter.returned_status) == (False, "5.1.1")
        assert not OutgoingLetter.objects.filter(returns__isnull=False).exists()

    def test_holds_nothing_of_the_letter_that_came_back(self):
        _letter, message_id = sent_letter(make_case(contact=ZOE))
        dropped(bounce(message_id))
        assert not Attachment.objects.exists()


class TestTypedIn:
    def test_a_letter_waits_with_its_scans(self):
        typed = Typed(
            channel=Channel.LETTER, received_at=AT, sender="1 rue X\nParis", text="bonjour", files=(Part("s.pdf", PDF),)
        )
        letter = taking.type_in(typed, by=int(make_user().pk), at=AT)
        assert (letter.channel, letter.sender, letter.attachments.get().name) == (
            Channel.LETTER,
            "1 rue X\nParis",
            "s.pdf",
        )

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"received_at": AT + timedelta(days=1)}, "still to come"),
            ({"text": " "}, "neither text nor a scan"),
            ({"files": (Part("s.pdf", PDF), Part("s.exe", EXE))}, r"Nothing was stored\. s\.exe: it is none of"),
        ],
    )
    def test_is_refused_whole(self, changed, said):
        fields = {"channel": Channel.LETTER, "received_at": AT, "text": "x"} | changed
        with pytest.raises(ActRefused, match=said):
            taking.type_in(Typed(**fields), by=int(make_user().pk), at=AT)
        assert not IncomingLetter.objects.exists()
