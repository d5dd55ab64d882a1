"""Referrals: letters about somebody's dataset, kept apart from cases, without right, clock or refusal."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from rights import retention
from rights.desk.acts import ActRefused
from rights.models import JournalEntry, Referral, RightsCase, RightsRequest, Suppression
from rights.referral import receiving
from rights.referral.receiving import ReferralOvertaken
from tests.rights.referral.letters import AT, make_referral

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def test_a_letter_becomes_a_referral_and_nothing_else():
    referral = make_referral(message="I am in it", seen_what="my face", seen_where="train/12", seen_when="1 November")

    held = Referral.objects.get()
    assert (held, held.claimed, held.seen_where) == (referral, "acme/faces", "train/12")
    assert len(held.reference) == 32
    assert held.confirmed_at == AT
    assert not RightsCase.objects.exists()
    assert not RightsRequest.objects.exists()
    assert not Suppression.objects.exists()
    assert not hasattr(held, "due_on")


def test_what_the_person_wrote_is_sealed_and_the_journal_names_nobody():
    texts: dict[str, Any] = {
        name: f"secret-{name}" for name in ("message", "claimed", "seen_what", "seen_where", "seen_when", "name")
    }
    make_referral(contact="secret-contact@example.org", **texts)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM rights_referral")
        stored = repr(cursor.fetchall())
    assert "secret" not in stored
    assert "secret" not in repr(list(JournalEntry.objects.values_list()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"received_at": AT + MOMENT},
        {"claimed": " ", "message": ""},
        {"message": "x" * 100_001},
        {"seen_where": "x" * 100_001},
    ],
)
def test_what_cannot_be_is_refused_whole(wrong):
    with pytest.raises(ActRefused):
        make_referral(**wrong)
    assert not Referral.objects.exists()
    assert not JournalEntry.objects.exists()


def test_an_address_is_confirmed_once():
    referral = make_referral(confirmed=False, by=0)
    assert list(Referral.objects.unconfirmed()) == [referral]

    receiving.confirm(referral=referral, at=AT)
    with pytest.raises(ActRefused):
        receiving.confirm(referral=referral, at=AT)
    assert list(Referral.objects.confirmed()) == [referral]


def test_of_two_at_once_one_is_told():
    referral = make_referral()
    other = Referral.objects.get()
    receiving.withdraw(referral=referral, at=AT)
    with pytest.raises(ReferralOvertaken):
        receiving.withdraw(referral=other, at=AT)
    assert not Referral.objects.open().exists()


def test_what_is_closed_is_not_withdrawn_again():
    referral = make_referral()
    receiving.withdraw(referral=referral, at=AT)
    with pytest.raises(ActRefused):
        receiving.withdraw(referral=referral, at=AT)


def test_letters_of_one_person_are_found_by_their_address():
    first, second = make_referral(contact="P@example.org"), make_referral()
    make_referral(contact="")
    assert list(receiving.by_contact("p@EXAMPLE.org ")) == [second, first]
    assert not receiving.by_contact("")


@pytest.mark.parametrize(
    "impossible", [{"received_at": AT + MOMENT}, {"closed_at": AT - timedelta(days=2)}], ids=["received", "closed"]
)
def test_the_database_keeps_the_order_of_time(impossible):
    referral = make_referral()
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(**impossible)


def test_referrals_leave_a_year_after_their_end_and_unconfirmed_ones_after_thirty_days():
    long_ago = AT - timedelta(days=400)
    over, kept, still_open, waited, waits = (
        make_referral(at=at, received_at=at, confirmed=confirmed)
        for at, confirmed in [(long_ago, True)] * 3 + [(AT - timedelta(days=30) - MOMENT, False), (AT, False)]
    )
    Referral.objects.filter(pk=over.pk).update(closed_at=AT - timedelta(days=365) - MOMENT)
    Referral.objects.filter(pk=kept.pk).update(closed_at=AT - timedelta(days=365))

    assert retention.apply(at=AT)["rights.Referral"] == 2
    assert set(Referral.objects.all()) == {kept, still_open, waits}
    assert not Referral.objects.filter(pk__in=[over.pk, waited.pk]).exists()
