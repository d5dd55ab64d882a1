"""The queue: what is due first stands first; its cuts, badges, files, look-up and statistics."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from access.roles import Role
from rights.admin.queue import badge, cut, cut_referrals
from rights.desk import handling, moves, statistics
from rights.desk.finding import find
from rights.models import Referral, RightsCase
from rights.referral.receiving import withdraw
from rights.referral.working import assign
from rights.vocabulary import Ground, LetterKind, Right
from tests.lineage.readers import make_reader, signed_in
from tests.rights.desk.agents import fresh, make_agent, refused, told, verified_case
from tests.rights.desk.cases import AT, make_case
from tests.rights.referral.letters import make_referral

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
QUEUE = reverse("admin:rights_rightscase_changelist")


def received(days_ago: int, **more):
    at = datetime(2026, 11, 24, 9, tzinfo=UTC) - timedelta(days=days_ago)
    return make_case(Right.ACCESS, at=at, received_at=at, **more)


@pytest.fixture
def cases():
    """One case a cut, by its name."""
    made = {"overdue": received(60), "week": received(27), "fresh": received(1), "waits": received(1, confirmed=False)}
    closed = made["closed"] = received(50)
    moves.withdraw(case=closed, right=Right.ACCESS, at=AT)
    return made


@pytest.mark.parametrize(
    ("queue", "names"),
    [
        ("", {"overdue", "week", "fresh"}),
        ("overdue", {"overdue"}),
        ("week", {"overdue", "week"}),
        ("unassigned", {"overdue", "week", "fresh"}),
        ("mine", set()),
        ("unconfirmed", {"waits"}),
        ("closed", {"closed"}),
        ("nonsense", {"overdue", "week", "fresh"}),
    ],
)
def test_the_saved_addresses(cases, queue, names):
    found = cut(RightsCase.objects.all(), queue, account=1, on=TODAY)
    assert set(found) == {cases[name] for name in names}


def test_mine_are_those_i_process_or_stand_in_for(cases):
    agent = make_reader(Role.AGENT)
    handling.assign(case=cases["fresh"], agent=None, deputy=agent.pk, by=agent.pk, at=AT)
    assert set(cut(RightsCase.objects.all(), "mine", account=agent.pk, on=TODAY)) == {cases["fresh"]}


@pytest.mark.parametrize(
    ("left", "said", "name"),
    [
        (11, "11 days left", "calm"),
        (10, "10 days left", "10"),
        (6, "6 days left", "10"),
        (5, "5 days left", "5"),
        (2, "2 days left", "2"),
        (1, "1 day left", "2"),
        (0, "due today", "0"),
        (-1, "overdue by 1 day", "overdue"),
        (-9, "overdue by 9 days", "overdue"),
    ],
)
def test_badges_say_it_in_words_and_in_colour(left, said, name):
    case = received(1)
    assert badge(case, on=case.due_on - timedelta(days=left)) == f'<span class="badge badge--{name}">{said}</span>'


def test_the_list_opens_first_what_is_due_first_and_nothing_sealed(cases, django_assert_max_num_queries):
    client = signed_in(Role.AGENT)
    with django_assert_max_num_queries(60):
        said = client.get(QUEUE).content.decode()
    places = [said.index(str(cases[name])) for name in ("overdue", "week", "fresh")]
    assert places == sorted(places)
    assert "p@example.org" not in said


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_files_hold_the_lines_of_the_list_and_no_name(cases, suffix):
    answer = signed_in(Role.AGENT).get(reverse("admin:rights_rightscase_file", args=[suffix]) + "?queue=closed")
    if suffix == "csv":
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    else:
        lines = [list(line) for line in load_workbook(io.BytesIO(answer.content)).active.values]
    assert [line[0] for line in lines] == ["number", str(cases["closed"])]
    assert "p@example.org" not in str(lines)


@pytest.fixture
def referrals():
    """One referral a cut, by its name, as on 24 November at 10 in Paris."""

    def made(days_ago: int, **more):
        at = datetime(2026, 11, 24, 9, tzinfo=UTC) - timedelta(days=days_ago)
        return make_referral(at=at, received_at=at, **more)

    every = {
        "overdue": made(32),
        "today": made(31),  # 24 October
        "week": made(24),  # 31 October: the 30 November
        "calm": made(20),
        "urgent": made(0, urgent=True),
        "yesterday": made(1, urgent=True),
        "waits": made(40, confirmed=False),
        "closed": made(50),
    }
    withdraw(referral=every["closed"], at=AT)
    return every


@pytest.mark.parametrize(
    ("queue", "names"),
    [
        ("", "overdue today week calm urgent yesterday"),
        ("overdue", "overdue yesterday"),
        ("week", "overdue today week urgent yesterday"),
        ("mine", "calm"),
        ("unassigned", "overdue today week urgent yesterday"),
        ("unconfirmed", "waits"),
        ("closed", "closed"),
    ],
)
def test_the_saved_addresses_of_the_referrals(referrals, queue, names):
    agent = make_agent()
    assign(referral=referrals["calm"], agent=agent, by=agent, at=AT)
    found = cut_referrals(Referral.objects.all(), queue, account=agent, on=TODAY)
    assert set(found) == {referrals[name] for name in names.split()}


@pytest.mark.parametrize("hour", [0, 12, 22, 23])
def test_the_cut_and_the_badge_of_a_referral_agree_on_its_day(hour):
    """On the same day in Paris, in the last hours of the day in UTC too."""
    first = datetime(2026, 9, 1, hour, tzinfo=UTC)
    for day in range(70):
        make_referral(at=first + timedelta(days=day), received_at=first + timedelta(days=day), urgent=day % 5 == 0)
    for on in (date(2026, 10, 1), date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 12)):
        said = {one for one in Referral.objects.all() if one.answer_by < on}
        assert set(Referral.objects.overdue(on)) == said


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_queue_of_referrals_and_its_files_say_when_and_not_who(referrals, suffix):
    client = signed_in(Role.AGENT)
    page = client.get(reverse("admin:rights_referral_changelist")).content.decode()
    assert "overdue by" in page
    assert "acme/faces" not in page
    assert reverse("admin:rights_referral_changelist") in client.get(QUEUE).content.decode()

    answer = client.get(reverse("admin:rights_referral_file", args=[suffix]) + "?queue=closed")
    if suffix == "csv":
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    else:
        lines = [list(line) for line in load_workbook(io.BytesIO(answer.content)).active.values]
    assert [line[0] for line in lines] == ["number", str(referrals["closed"])]
    assert not any(word in str(lines) for word in ("acme", "p@example.org"))
    assert client.get(reverse("admin:rights_referral_file", args=["pdf"])).status_code == 404


def test_a_case_is_found_by_what_a_caller_says():
    case = make_case(contact="zoe@canari.example", accounts=["canari-z"])
    make_case(contact="other@example.org")
    for sought in (str(case), case.number, case.reference, "ZOE@canari.example", "Canari-Z"):
        assert list(find(sought)) == [case]
    assert not find("  ").exists()
    assert not find("nobody").exists()
    client = signed_in(Role.AGENT)
    answer = client.post(reverse("admin:rights_rightscase_find"), {"sought": "canari-z"})
    assert answer["Location"] == reverse("admin:rights_rightscase_change", args=[case.pk])
    assert "No case" in client.post(reverse("admin:rights_rightscase_find"), {"sought": "\x00"}).content.decode()


def test_the_statistics_count_each_right_once():
    for _ in range(2):
        refused(verified_case(Right.ACCESS), ground=Ground.OTHERS)
    late = make_case(Right.PORTABILITY, at=AT, received_at=AT - timedelta(days=60))
    moves.withdraw(case=late, right=Right.PORTABILITY, at=AT)
    make_case(Right.ERASURE, confirmed=False)
    done = verified_case(Right.ACCESS)
    refused(done, ground=Ground.OTHERS)
    told(done, LetterKind.REFUSAL, Right.ACCESS)
    moves.fulfil(case=fresh(done), right=Right.ACCESS, told_at=AT, by=make_agent(), at=AT)

    year = statistics.year(2026, on=TODAY)

    everything, access = year.lines[0], year.lines[1]
    assert (everything.received, everything.running, everything.refused, everything.withdrawn) == (4, 2, 3, 1)
    assert (everything.on_time, everything.late, everything.share_on_time) == (1, 1, 50)
    assert (access.received, access.refused, access.median_days) == (3, 3, 0)
    assert (sum(came for came, _ in year.months), sum(went for _, went in year.months)) == (4, 2)


def test_the_page_the_picture_and_the_file_say_the_same():
    now = timezone.now()
    make_case(Right.ACCESS, at=now, received_at=now)
    address = reverse("admin:rights_rightscase_statistics")
    client = signed_in(Role.DPO)
    said = client.get(address).content.decode()
    lines = list(csv.reader(io.StringIO(client.get(address + "?format=csv").content.decode("utf-8-sig"))))
    assert lines[1][:3] == ["every right", "1", "1"]
    assert said.count("<rect") == 24
    assert "<td>1</td>" in said
    assert client.get(address + "?year=99999999999999999999").status_code == 200
