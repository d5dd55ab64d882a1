"""A letter becomes a case."""

from datetime import UTC, datetime, timedelta

import pytest

from rights.desk.acts import ActRefused, Overtaken
from rights.desk.opening import alike, by_contact, confirm
from rights.models import JournalEntry, RightsCase
from rights.vocabulary import Right, State
from tests.rights.desk.cases import AT, RECEIVED, make_case

pytestmark = pytest.mark.django_db


def test_one_request_a_right_each_received():
    case = make_case(Right.ACCESS, Right.ERASURE, Right.ACCESS)
    assert set(case.requests.values_list("right", "state")) == {
        (Right.ACCESS, State.RECEIVED),
        (Right.ERASURE, State.RECEIVED),
    }


def test_the_clock_runs_from_receipt_in_paris_confirmed_or_not():
    case = make_case(received_at=datetime(2026, 6, 30, 22, 0, tzinfo=UTC), at=AT, confirmed=False)
    assert case.received_on.isoformat() == "2026-07-01"
    assert case.due_on.isoformat() == case.latest_on.isoformat() == "2026-08-03"
    assert list(RightsCase.objects.unconfirmed()) == [case]


def test_the_reference_is_opaque_and_the_number_short():
    case = make_case()
    assert len(bytes.fromhex(case.reference)) * 8 >= 128
    assert case.number.isdigit()
    assert str(case) == f"{case.number[:3]} {case.number[3:]}"


def test_a_taken_number_is_tried_again(monkeypatch):
    first = make_case()
    numbers = iter([first.number, first.number, "123456"])
    monkeypatch.setattr(RightsCase._meta.get_field("number"), "_get_default", lambda: next(numbers))
    assert make_case().number == "123456"


def test_it_is_journaled_without_a_name():
    case = make_case(Right.ACCESS, name="Zoé Canari", accounts=["canari-z"])
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.reference) == ("case_opened", case.reference)
    assert entry.details == {"channel": "email", "rights": "access"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"received_at": AT + timedelta(seconds=1)}, "still to come"),
        ({"accounts": [f"account{number}" for number in range(21)]}, "20 accounts"),
        ({"message": "x" * 100_001}, "too long"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(wrong, said):
    with pytest.raises(ActRefused, match=said):
        make_case(**wrong)
    assert not RightsCase.objects.exists()
    assert not JournalEntry.objects.exists()


def test_an_account_is_claimed_once_however_it_is_spelled():
    assert [claim.name for claim in make_case(accounts=["Zoe-X", " zoe-x ", "", "other"]).accounts.all()] == [
        "zoe-x",
        "other",
    ]


def test_cases_alike_are_found_by_address_and_by_account():
    case = make_case(contact="Zoe@canari.example", accounts=["canari-z"])
    same_address = make_case(contact="zoe@canari.example", received_at=RECEIVED - timedelta(days=1))
    same_account = make_case(
        contact="other@example.org", accounts=["CANARI-z"], received_at=RECEIVED - timedelta(days=2)
    )
    make_case(contact="third@example.org", accounts=["third"])
    make_case(contact="")

    assert list(alike(case)) == [same_address, same_account]
    assert list(by_contact("ZOE@canari.example")) == [case, same_address]
    assert not by_contact(" ").exists()


def test_a_confirmation_counts_once():
    case = make_case(confirmed=False)
    confirm(case=case, at=AT)
    assert RightsCase.objects.get().confirmed_at == AT
    with pytest.raises(ActRefused, match="already"):
        confirm(case=case, at=AT)


def test_who_saw_an_older_case_is_told():
    seen, seen_too = make_case(confirmed=False), RightsCase.objects.get()
    confirm(case=seen, at=AT)
    with pytest.raises(Overtaken):
        confirm(case=seen_too, at=AT)
