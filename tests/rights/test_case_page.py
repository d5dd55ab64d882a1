"""The case's page: everything is done from it, by whoever may, with errors that say what happened."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.models import User
from access.roles import Role
from lineage.models import Consultation
from rights.admin.acts import ACTS
from rights.models import AccessPackage, CaseNote, Exemption, Question, RightsCase, RightsRequest
from rights.vocabulary import Ground, LetterKind, Right, State
from tests.factories import make_artifact, make_author
from tests.lineage.readers import signed_in
from tests.rights.desk.agents import confirmed_case, fresh, verified_case
from tests.rights.desk.cases import make_case

pytestmark = pytest.mark.django_db
NAME = "made-up-person"


def page(case):
    return reverse("admin:rights_rightscase_change", args=[case.pk])


def send(client, case, word, target="case", version=None, **fields):
    """Send one form of the page, as a browser without JavaScript does."""
    prefix = f"{word}-{target}"
    data = {f"{prefix}-{name}": value for name, value in fields.items()}
    data[f"{prefix}-version"] = fresh(case).version if version is None else version
    return client.post(reverse("admin:rights_rightscase_act", args=[case.pk, word, target]), data)


def write(client, case, kind, right="whole", way="post"):
    """Write a letter from its page."""
    address = reverse("admin:rights_outgoingletter_write", args=["case", case.pk, kind, right])
    return client.post(address, {"recipient": "1 rue Inventée", "body": "As it is.", "way": way})


def link_to_the_account(client, case):
    [link] = re.findall(r'href="(/author/[^"]+)"', client.get(page(case)).content.decode())
    return link


def today():
    return timezone.localdate().isoformat()


def a_new_case(*rights, **more):
    at = timezone.now()
    return make_case(*rights, at=at, received_at=at - timedelta(days=2), **more)


def test_a_case_from_the_letter_to_the_answer_by_forms_alone():
    make_artifact(f"{NAME}/m", author=make_author(NAME))
    case, client = a_new_case(Right.ERASURE, accounts=[NAME]), signed_in(Role.AGENT)
    claim = str(case.accounts.get().pk)

    assert (
        send(client, case, "vouch", claim, proof="seen", note="a letter from the account's address").status_code == 302
    )
    assert send(client, case, "verify", "erasure").status_code == 302
    assert send(client, case, "grant", "erasure").status_code == 302
    assert "artifacts of the account" in client.get(page(case)).content.decode()
    assert send(client, case, "carry-out", "erasure").status_code == 302
    assert send(client, case, "fulfil", "erasure", told_on=today()).status_code == 400  # no letter left
    assert write(client, case, LetterKind.ERASURE, Right.ERASURE).status_code == 302
    assert send(client, case, "fulfil", "erasure", told_on=today()).status_code == 302

    request = RightsRequest.objects.get(case=case)
    assert (request.state, bool(fresh(case).closed_at)) == (State.FULFILLED, True)
    said = client.get(page(case)).content.decode()
    assert "answer sent" in said
    assert "account erased" in said


def test_the_copy_can_be_handed_over_by_an_agent_who_has_its_code():
    """Where the public pages are off, nobody else can."""
    make_artifact(f"{NAME}/m", author=make_author(NAME))
    case, client = verified_case(Right.ACCESS, account=NAME), signed_in(Role.AGENT)
    send(client, case, "grant", "access")
    answer = client.post(
        reverse("admin:rights_rightscase_act", args=[case.pk, "hand-over", "access"]),
        {"hand-over-access-version": fresh(case).version},
        follow=True,
    )
    [code] = re.findall(r"\b(?:[A-Z2-7]{6}-){3}[A-Z2-7]{6}\b", answer.content.decode())
    address = reverse("admin:rights_copy", args=[AccessPackage.objects.get().pk])

    assert address in client.get(page(case)).content.decode()
    assert client.post(address, {"code": "wrong"})["Location"] == page(case)
    assert signed_in(Role.DPO).post(address, {"code": code}).status_code == 403
    assert client.post(address, {"code": code}).content.startswith(b"PK")
    assert Consultation.objects.filter(operation="export", purpose=case.reference).count() == 2  # drawn up, handed over


def test_every_form_of_the_page_is_an_act_and_every_act_has_its_place():
    """What the page offers over a case's life is what can be sent, no more and no less."""
    offered = set()
    client = signed_in(Role.SUPERVISOR)
    cases = [
        a_new_case(Right.ACCESS, Right.ERASURE, accounts=[NAME]),
        a_new_case(Right.PORTABILITY, accounts=[NAME], requester="mandate", representation="all"),
        verified_case(Right.RECTIFICATION, Right.ERASURE, Right.ACCESS, Right.OBJECTION, account=NAME),
    ]
    send(client, cases[0], "code", str(cases[0].accounts.get().pk))
    send(client, cases[0], "ask", kind="routine", text="?", asked_on=today())
    send(client, cases[0], "ask", kind="doubt", text="who?", doubt="two names", asked_on=today())
    send(client, cases[0], "urgent")
    send(client, cases[0], "hold", reason="dispute")
    send(client, cases[1], "withdraw", "portability")
    for right in (Right.RECTIFICATION, Right.ERASURE, Right.ACCESS):
        send(client, cases[2], "grant", right)
    offered |= set(re.findall(r"/act/([\w-]+)/", client.get(page(cases[2])).content.decode()))
    send(client, cases[2], "ask-exception", "objection", ground=Ground.RESEARCH, argument="x")
    send(client, cases[2], "shared", str(cases[2].accounts.get().pk))
    for case in cases:
        offered |= set(re.findall(r"/act/([\w-]+)/", client.get(page(case)).content.decode()))
    restricted = confirmed_case(Right.OBJECTION, account="someone-restricted")
    offered |= set(re.findall(r"/act/([\w-]+)/", client.get(page(restricted)).content.decode()))
    write(client, restricted, LetterKind.LIFTING)
    send(client, restricted, "announce")
    offered |= set(re.findall(r"/act/([\w-]+)/", client.get(page(restricted)).content.decode()))

    assert offered <= set(ACTS)
    assert set(ACTS) - offered <= {"opinion", "decide-exception"}  # the DPO's, and the supervisor's after it


def test_two_agents_at_once_one_wins_and_the_other_is_told_and_keeps_their_text():
    case, one, other = a_new_case(Right.ACCESS), signed_in(Role.AGENT), signed_in(Role.AGENT)
    assert send(one, case, "urgent", version=1).status_code == 302
    answer = send(other, case, "hold", reason="a long reason typed by hand", version=1)
    assert answer.status_code == 409
    assert "Somebody else changed this case" in answer.content.decode()
    assert "a long reason typed by hand" in answer.content.decode()
    assert fresh(case).legal_hold_at is None
    assert 'name="hold-case-version" value="2"' in answer.content.decode()


@pytest.mark.parametrize(
    ("word", "target", "fields", "said"),
    [
        ("fulfil", "access", {"told_on": ""}, "This field is required"),
        ("fulfil", "access", {"told_on": "soon"}, "Enter a valid date"),
        ("fulfil", "access", {"told_on": "2026-01-01"}, "cannot be done from where"),
        ("refuse", "access", {"ground": "whim", "reasons": "x"}, "Select a valid choice"),
        ("refuse", "access", {"ground": "unfounded", "reasons": "   "}, "This field is required"),
        ("refuse", "access", {"ground": "unfounded", "reasons": "a\x00b"}, "Null characters"),
        ("ask", "case", {"kind": "doubt", "text": "who?", "asked_on": "2026-01-01"}, "what it rests on"),
        ("note", "case", {"text": "x" * 20_001}, "at most 20000 characters"),
        ("vouch", "999999", {"proof": "seen", "note": "x"}, "not claimed in this case"),
        ("answer", "999999999999999999999", {"answered_on": "2026-01-01", "text": "x"}, "not of this case"),
        ("verify", "nonsense", {}, "not asked for in this case"),
        ("assign", "case", {"agent": "999999"}, "Select a valid choice"),
    ],
)
def test_wrong_input_says_what_is_wrong_and_changes_nothing(word, target, fields, said):
    case, client = a_new_case(Right.ACCESS), signed_in(Role.AGENT)
    answer = send(client, case, word, target, **fields)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert (fresh(case).version, CaseNote.objects.count(), Question.objects.count()) == (1, 0, 0)


def test_what_a_person_wrote_is_shown_as_text():
    case = a_new_case(Right.ACCESS, message="<script>alert(1)</script>", name='"><img src=x>', accounts=["<b>x</b>"])
    said = signed_in(Role.AGENT).get(page(case)).content.decode()
    assert "<script>alert(1)" not in said
    assert "<img src=x>" not in said
    assert "<b>x</b>" not in said
    assert "&lt;script&gt;" in said


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.AGENT, 200),
        (Role.SUPERVISOR, 200),
        (Role.DPO, 200),
        (Role.RESEARCHER, 403),
        (Role.ADMINISTRATOR, 403),
        (None, 403),
    ],
)
def test_who_reads_a_case(role, status):
    assert signed_in(role).get(page(a_new_case(Right.ACCESS))).status_code == status


def test_the_dpo_reads_gives_an_opinion_and_decides_nothing():
    case, dpo, agent, supervisor = (
        verified_case(Right.ERASURE),
        *map(signed_in, (Role.DPO, Role.AGENT, Role.SUPERVISOR)),
    )
    assert send(agent, case, "ask-exception", "erasure", ground=Ground.RESEARCH, argument="a cohort").status_code == 302
    key = str(Exemption.objects.get().pk)
    assert set(re.findall(r"/act/([\w-]+)/", dpo.get(page(case)).content.decode())) == {"opinion"}
    assert send(dpo, case, "opinion", key, opinion="unfavourable", text="no need").status_code == 302
    for word, fields in {
        "decide-exception": {"applies": "yes", "motive": "m"},
        "grant": {},
        "note": {"text": "x"},
    }.items():
        assert send(dpo, case, word, key, **fields).status_code == 403
    assert send(agent, case, "decide-exception", key, applies="yes", motive="m").status_code == 403
    assert send(supervisor, case, "decide-exception", key, applies="yes", motive="m").status_code == 302
    exemption = Exemption.objects.get()
    assert (exemption.applies, exemption.opinion) == (True, "unfavourable")
    assert "no need" in supervisor.get(page(case)).content.decode()


def test_reading_a_case_is_one_row_for_that_case():
    case = a_new_case(Right.ACCESS)
    signed_in(Role.AGENT).get(page(case))
    row = Consultation.objects.get()
    assert (row.purpose, row.reference) == (case.reference, f"case:{case.pk}")


def test_what_is_read_from_a_case_on_is_read_for_it():
    author = make_author(NAME)
    artifact = make_artifact(f"{NAME}/m", author=author)
    case, client = confirmed_case(Right.ACCESS, account=NAME), signed_in(Role.AGENT)
    address = link_to_the_account(client, case)
    client.get(address)
    there = reverse("lineage:artifact", args=[artifact.pk])
    followed = client.get(there, headers={"referer": f"http://testserver{address}"}, follow=True)

    rows = Consultation.objects.exclude(reference__startswith="case:")
    assert [(row.purpose, row.reference) for row in rows.order_by("pk")] == [
        (case.reference, f"author:{author.pk}"),
        (case.reference, f"artifact:{artifact.pk}"),
    ]
    assert "for=" in followed.redirect_chain[0][0]


def test_nobody_else_reads_for_the_case_and_nobody_makes_a_seal_of_typed_text():
    author = make_author(NAME)
    case, client = confirmed_case(Right.ACCESS, account=NAME), signed_in(Role.AGENT)
    address = link_to_the_account(client, case)
    signed_in(Role.AGENT).get(address)
    typed = client.post("/", {"text": case.reference})["Location"].partition("s=")[2]
    client.get(reverse("lineage:author", args=[author.pk]) + f"?for={typed}")
    client.get(reverse("lineage:author", args=[author.pk]), headers={"referer": f"http://elsewhere.example{address}"})

    rows = Consultation.objects.filter(reference=f"author:{author.pk}")
    assert [row.purpose for row in rows] == ["study"] * 3


def test_leaving_the_case_is_study_again():
    author = make_author(NAME)
    case, client = confirmed_case(Right.ACCESS, account=NAME), signed_in(Role.AGENT)
    address = link_to_the_account(client, case)
    left = reverse("lineage:author", args=[author.pk]) + "?for="
    client.get(left, headers={"referer": f"http://testserver{address}"})
    client.get(reverse("lineage:author", args=[author.pk]), headers={"referer": f"http://testserver{left}"})
    assert {row.purpose for row in Consultation.objects.filter(reference=f"author:{author.pk}")} == {"study"}


def test_only_those_who_process_cases_are_given_one():
    case, supervisor = a_new_case(Right.ACCESS), signed_in(Role.SUPERVISOR)
    signed_in(Role.RESEARCHER)
    agent = User.objects.with_role(Role.SUPERVISOR).get()
    assert send(supervisor, case, "assign", agent=str(agent.pk), deputy=str(agent.pk)).status_code == 400
    assert send(supervisor, case, "assign", agent=str(agent.pk)).status_code == 302
    assert fresh(case).agent == agent
    researcher = User.objects.with_role(Role.RESEARCHER).get()
    assert send(supervisor, case, "assign", agent=str(researcher.pk)).status_code == 400


def test_an_agent_does_not_refuse_late():
    at = timezone.now()
    case = make_case(Right.PORTABILITY, at=at, received_at=at - timedelta(days=60))
    fields = {"ground": "not_applicable", "reasons": "x", "late_because": "ill"}
    assert send(signed_in(Role.AGENT), case, "refuse", "portability", **fields).status_code == 400
    assert send(signed_in(Role.SUPERVISOR), case, "refuse", "portability", **fields).status_code == 302


def test_nothing_is_added_or_deleted_by_the_admins_own_pages():
    case, client = a_new_case(Right.ACCESS), signed_in(Role.SUPERVISOR)
    assert client.get(reverse("admin:rights_rightscase_delete", args=[case.pk])).status_code == 403
    assert client.post(page(case), {"number": "1"}).status_code == 405
    assert RightsCase.objects.count() == 1
