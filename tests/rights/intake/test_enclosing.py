"""Files of letters: sealed where they lie, within bounds, shown to who may see the case, and gone in time."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.urls import reverse

from access.roles import Role
from lineage.models import Consultation
from rights import retention
from rights.intake.enclosing import sorted_out
from rights.mail import Part
from rights.models import Attachment, IncomingLetter, RightsCase
from rights.package import draw_up
from tests.lineage.readers import signed_in
from tests.rights.desk.cases import make_case
from tests.rights.filetypes.samples import EXE, PDF, TEXT, png
from tests.rights.intake.letters import AT, make_incoming
from tests.rights.referral.letters import make_referral

pytestmark = pytest.mark.django_db
SECRET = b"%PDF-1.4 Zoe Canari\n%%EOF"


def address(file):
    return reverse("admin:rights_attachment", args=[file.pk])


def test_neither_its_words_nor_its_name_lie_in_the_database():
    letter = make_incoming(("canari.pdf", SECRET), sender="zoe@canari.example", subject="canari", text="canari")
    with connection.cursor() as cursor:
        found = []
        for table in ("rights_attachment", "rights_incomingletter"):
            cursor.execute(f"SELECT * FROM {table}")
            found += [bytes(one) if isinstance(one, memoryview) else one for row in cursor.fetchall() for one in row]
    assert "anari" not in str(found)
    file = Attachment.objects.get()
    assert (file.name, file.content, file.size) == ("canari.pdf", SECRET, len(SECRET))
    assert IncomingLetter.objects.get(pk=letter.pk).sender == "zoe@canari.example"


def test_a_query_cannot_look_into_it():
    with pytest.raises(FieldError):
        Attachment.objects.filter(content=b"x").exists()


@pytest.mark.parametrize(
    ("role", "of_case", "of_referral", "waiting"),
    [
        (Role.AGENT, 200, 200, 200),
        (Role.SUPERVISOR, 200, 200, 200),
        (Role.DPO, 200, 200, 403),
        (Role.RESEARCHER, 403, 403, 403),
        (Role.ADMINISTRATOR, 403, 403, 403),
        (None, 403, 403, 403),
    ],
)
def test_who_may_see_the_case_gets_it(role, of_case, of_referral, waiting):
    letters = [
        make_incoming(("a.pdf", PDF), **more) for more in ({"case": make_case()}, {"referral": make_referral()}, {})
    ]
    client = signed_in(role)
    answers = [client.get(address(letter.attachments.get())).status_code for letter in letters]
    assert answers == [of_case, of_referral, waiting]


@pytest.mark.parametrize(
    ("name", "content", "media"),
    [
        ("été.pdf", PDF, "application/pdf"),
        ('a"\r\nX-Evil: 1.txt', TEXT, "application/octet-stream"),
        ("a.png", png(), "image/png"),
    ],
)
def test_it_is_to_be_saved_and_never_shown_by_the_site(name, content, media):
    case = make_case()
    file = make_incoming((name, content), case=case).attachments.get()
    answer = signed_in().get(address(file))
    assert answer.content == content
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", media)
    assert "X-Evil" not in answer.headers
    assert "sandbox" in answer["Content-Security-Policy"]


def test_reading_it_is_recorded_for_its_case():
    case = make_case()
    file = make_incoming(("a.pdf", PDF), case=case).attachments.get()
    signed_in().get(address(file))
    read = Consultation.objects.latest("pk")
    assert (read.reference, read.purpose) == (f"case:{case.pk}", case.reference)


def test_the_pages_list_it():
    case, referral = make_case(), make_referral()
    make_incoming(("scan <b>.pdf", PDF), case=case, subject="<i>hello", left_out="x.exe: no")
    make_incoming(("note.txt", TEXT), referral=referral)
    client = signed_in()
    said = client.get(reverse("admin:rights_rightscase_change", args=[case.pk])).content.decode()
    assert "scan _b_.pdf" in said
    assert "&lt;i&gt;hello" in said
    assert "x.exe: no" in said
    assert "note.txt" in client.get(reverse("admin:rights_referral_change", args=[referral.pk])).content.decode()


class TestBounds:
    def test_too_many_too_large_and_too_large_together(self, settings):
        settings.ATTACHMENTS_PER_LETTER, settings.ATTACHMENT_MEGABYTES, settings.ATTACHMENTS_MEGABYTES = 3, 1, 2
        large = [Part(f"{number}.txt", str(number).encode() * 900_000) for number in range(3)]
        small = [Part(f"{number}.txt", str(number).encode()) for number in range(4)]
        huge = Part("huge.txt", b"x" * 1_000_001)

        assert [len(found) for found in sorted_out(small)] == [3, 1]
        assert [one.why for one in sorted_out([huge])[1]] == ["a file has 1 MB at most"]
        assert "2 MB together" in sorted_out(large)[1][0].why

    def test_the_same_file_twice_is_one(self):
        taken, left = sorted_out([Part("a.pdf", PDF), Part("b.pdf", PDF)])
        assert ([file.name for file in taken], left) == (["a.pdf"], [])

    def test_what_is_left_out_is_named_on_one_line(self):
        (left,) = sorted_out([Part("a\r\nb.exe", EXE)])[1]
        assert str(left).startswith("a b.exe: it is none of PDF")


class TestRetention:
    def test_it_leaves_with_its_case(self):
        case, other = make_case(at=AT - timedelta(days=2500), received_at=AT - timedelta(days=2500)), make_case()
        for one in (case, other):
            make_incoming(("a.pdf", PDF), case=one)
        RightsCase.objects.filter(pk=case.pk).update(closed_at=AT - timedelta(days=2400))

        counts = retention.apply(at=AT)

        assert (counts["rights.Attachment"], counts["rights.IncomingLetter"]) == (1, 1)
        assert Attachment.objects.get().letter.case == other

    def test_what_nobody_entered_leaves_after_thirty_days(self):
        gone = make_incoming(("a.pdf", PDF), at=AT - timedelta(days=31))
        kept = make_incoming(("a.pdf", PDF), at=AT - timedelta(days=29))

        counts = retention.apply(at=AT)

        assert (counts["rights.Attachment"], counts["rights.IncomingLetter"]) == (1, 1)
        assert list(IncomingLetter.objects.all()) == [kept] != [gone]


def test_the_package_of_the_person_says_which_files_are_held():
    case = make_case()
    make_incoming(("scan.pdf", PDF), case=case, text="")
    make_incoming(("other.pdf", PDF), case=make_case())
    package = draw_up(account="zoe", at=AT, references=[case.reference])
    rows = {table.name: table.rows for table in package.tables}
    assert [row["name"] for row in rows["rights.Attachment"]] == ["scan.pdf"]
    assert len(rows["rights.IncomingLetter"]) == 1
    json.dumps(rows["rights.Attachment"])
