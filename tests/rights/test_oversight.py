"""The data protection officer's page and documents, and the daily mail of what is due."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.module_loading import import_string
from django_celery_beat.models import PeriodicTask

from access.roles import Role
from rights import suppressions
from rights.desk import digest, exemptions, handling, oversight
from rights.models import Exemption, JournalEntry
from rights.referral.working import assign
from rights.suppressions import Names
from rights.vocabulary import Ground, Right
from tests.factories import make_user
from tests.lineage.readers import signed_in
from tests.rights.desk.agents import fresh, make_agent, verified_case
from tests.rights.desk.cases import AT, make_case
from tests.rights.referral.letters import make_referral

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:rights_rightscase_compliance")


def exception(**opinion):
    case = verified_case(Right.ERASURE)
    asked = exemptions.ask_exemption(
        case=case, right=Right.ERASURE, ground=Ground.RESEARCH, argument="a cohort", by=make_agent(), at=AT
    )
    if opinion:
        exemptions.give_opinion(case=fresh(case), exemption=asked.pk, by=make_agent(), at=AT, **opinion)
    return case, asked


def test_the_page_shows_open_exceptions_with_their_opinions_hits_and_the_journals_head():
    case, _ = exception(opinion="unfavourable", text="there is another way")
    decided_case, decided = exception(opinion="unfavourable", text="not this way")
    exemptions.decide_exemption(
        case=fresh(decided_case),
        exemption=decided.pk,
        applies=True,
        motive="needed all the same",
        by=make_agent(),
        at=AT,
    )
    names = Names(frozenset({"gone-person"}), frozenset(), frozenset())
    suppressions.suppress(names, ground="erasure", reference="x", at=AT)
    head = JournalEntry.objects.latest("number")

    said = signed_in(Role.DPO).get(PAGE).content.decode()

    for words in (
        str(case),
        "there is another way",
        "not this way",
        "needed all the same",
        f"{head.number}:{head.chain}",
    ):
        assert words in said
    assert "gone-person" not in said


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.DPO, 200), (Role.SUPERVISOR, 200), (Role.AGENT, 403), (Role.ADMINISTRATOR, 403), (None, 403)],
)
def test_who_reads_it(role, status):
    assert signed_in(role).get(PAGE).status_code == status


@pytest.mark.parametrize(
    ("document", "words"), [("record", "Record of processing"), ("dpia", "Annex of the data protection")]
)
def test_the_documents_are_one_click_away(document, words):
    exception()
    answer = signed_in(Role.DPO).get(f"{PAGE}?document={document}")
    assert "attachment" in answer["Content-Disposition"]
    assert words in answer.content.decode()


def test_the_annex_says_opinions_and_decisions_and_names_nobody():
    make_case(name="Zoé Canari", contact="zoe@canari.example", accounts=["canari-z"])
    exception(opinion="reserved", text="hm")
    said = "\n".join(oversight.dpia_annex(at=AT))
    assert "favourable with reservations" in said
    assert "anari" not in said


def test_every_period_that_a_task_applies_is_shown():
    from rights.retention import APPLIED_BY

    assert {run.task for run in oversight.retention_runs()} == {task for task in APPLIED_BY.values() if task}


MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


def due(day: date, agent: int | None = None):
    """A case whose earlier date is that day, whatever its receipt."""
    case = make_case(Right.ACCESS, name="Zoé Canari")
    type(case).objects.filter(pk=case.pk).update(due_on=day, latest_on=day)
    if agent:
        handling.assign(case=fresh(case), agent=agent, deputy=None, by=agent, at=AT)
    return case


@pytest.mark.parametrize(
    ("left", "told"),
    [(11, False), (10, True), (9, False), (5, True), (2, True), (1, False), (0, True), (-1, True), (-8, True)],
)
def test_an_agent_is_warned_at_the_marks_and_each_day_after_the_end(left, told):
    agent = make_user("anna", Role.AGENT, email="anna@site.example")
    case = due(MONDAY.date() + timedelta(days=left), agent.pk)
    assert digest.send(at=MONDAY) == int(told)
    if told:
        [letter] = mail.outbox
        assert letter.to == ["anna@site.example"]
        assert str(case) in letter.body
        assert "anari" not in f"{letter.body}{letter.subject}"


def test_what_is_nobodys_is_told_to_all_and_what_is_mine_to_me():
    mine, other = (make_user(name, Role.AGENT, email=f"{name}@site.example") for name in ("anna", "bela"))
    make_user("rena", Role.RESEARCHER, email="rena@site.example")
    hers, nobodys = due(MONDAY.date(), mine.pk), due(MONDAY.date())
    assert digest.send(at=MONDAY) == 2
    bodies = {letter.to[0]: letter.body for letter in mail.outbox}
    assert str(hers) in bodies[mine.email]
    assert str(hers) not in bodies[other.email]
    assert all(str(nobodys) in body for body in bodies.values())


def test_referrals_stand_in_the_mail_apart():
    agent = make_user("anna", Role.AGENT, email="anna@site.example")
    urgent, calm = (
        make_referral(at=MONDAY, received_at=MONDAY, urgent=True),
        make_referral(at=MONDAY, received_at=MONDAY),
    )
    mine = make_referral(at=MONDAY, received_at=MONDAY, urgent=True)
    assign(referral=mine, agent=agent.pk, by=agent.pk, at=MONDAY)
    assert digest.send(at=MONDAY) == 1
    said = str(mail.outbox[0].body).splitlines()
    assert [line.split("  ")[1] for line in said if line.startswith(" ")] == [str(mine), str(urgent)]
    assert str(calm) not in mail.outbox[0].body


def test_the_dpo_is_told_what_awaits_an_opinion():
    make_user("dora", Role.DPO, email="dora@site.example")
    case, _ = exception()
    exception(opinion="favourable", text="yes")
    assert digest.send(at=MONDAY) == 1
    assert str(case) in mail.outbox[0].body
    assert str(Exemption.objects.exclude(opinion="").get().request.case) not in mail.outbox[0].body


@pytest.mark.parametrize("day", ["2026-11-22", "2026-11-11"])
def test_no_mail_on_a_day_off(day):
    make_user("anna", Role.AGENT, email="anna@site.example")
    due(date(2026, 11, 1))
    assert digest.send(at=datetime.fromisoformat(f"{day}T07:00:00+00:00")) == 0


def test_it_is_scheduled():
    task = PeriodicTask.objects.get(task="rights.tasks.send_digest", enabled=True)
    assert import_string(task.task).name == task.task
