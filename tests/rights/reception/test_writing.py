"""What a stranger types becomes a case or a referral, waiting for its confirmation; or an error, and nothing at all."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from rights.models import JournalEntry, Knock, Referral, RightsCase
from rights.reception import stamps
from rights.vocabulary import Channel, Requester
from tests.rights.reception.people import CASE, LINK, REFERRAL, read, written

pytestmark = pytest.mark.django_db
HOSTILE = {
    "a megabyte": "x" * 1_000_000,
    "NUL": "a\0b",
    "a bell": "a\x07b",
    "a vertical tab": "a\x0bb",
}


def assert_nothing_happened():
    assert not RightsCase.objects.exists()
    assert not Referral.objects.exists()
    assert not JournalEntry.objects.exists()
    assert mail.outbox == []


def test_a_case_waits_for_its_confirmation_and_its_clock_runs(client):
    answer = written(client, message="Please.", was_minor="on")

    case = RightsCase.objects.get()
    assert answer.status_code == 302
    assert set(case.requests.values_list("right", flat=True)) == {"access", "erasure"}
    assert [account.name for account in case.accounts.all()] == ["made-up-person"]
    assert (case.confirmed_at, case.channel, case.was_minor) == (None, Channel.FORM, True)
    assert case.due_on > case.received_on
    assert str(case) in client.get(answer.url).content.decode()


@pytest.mark.parametrize(("address", "model"), [(CASE, RightsCase), (REFERRAL, Referral)])
def test_sent_twice_by_a_double_click_it_is_stored_told_and_counted_once(client, address, model):
    stamp = stamps.stamp(timezone.now() - timedelta(minutes=1))
    pages = [client.get(written(client, address, stamp=stamp).url).content.decode() for _ in range(7)]
    one = model.objects.get()
    assert all(str(one) in page for page in pages)
    assert (len(mail.outbox), Knock.objects.count(), JournalEntry.objects.count()) == (1, 1, 1)

    written(client, address, stamp=stamp, message="Another letter, typed after going back.")
    assert model.objects.count() == 2


@pytest.mark.parametrize("store", ["case", "referral"])
def test_of_two_at_the_same_instant_the_database_keeps_one(store, monkeypatch):
    """Neither saw the other when it looked: the second is told by the unique reference."""
    client = Client()
    monkeypatch.setattr("rights.views.writing._is_stored", lambda reference: False)
    stamp = stamps.stamp(timezone.now() - timedelta(minutes=1))
    address, model = (CASE, RightsCase) if store == "case" else (REFERRAL, Referral)
    answers = [written(client, address, stamp=stamp).status_code for _ in range(2)]
    assert (answers, model.objects.count(), len(mail.outbox)) == ([302, 302], 1, 1)


@pytest.mark.parametrize(
    ("requester", "more", "said"),
    [
        ("mandate", {"mandator": "Ada", "scope": "all", "until": "a year", "receives": "me"}, "Ada"),
        ("minor", {"child": "Tim, 9", "quality": "parent"}, "Tim, 9"),
        ("deceased", {"deceased": "Eve, 2020", "quality": "heir", "purpose": "estate"}, "to settle the estate"),
    ],
)
def test_who_writes_for_another_says_what_it_takes(client, requester, more, said):
    address = f"/rights/account/{requester}/"
    assert written(client, address).status_code == 200
    assert_nothing_happened()

    written(client, address, **more)
    case = RightsCase.objects.get()
    assert case.requester == Requester(requester)
    assert said in case.representation
    assert case.was_minor is (requester == "minor")


def test_a_referral_needs_no_account_and_opens_no_case(client):
    assert written(client, REFERRAL, urgent="on").status_code == 302
    referral = Referral.objects.get()
    assert (referral.claimed, referral.seen_where, referral.urgent) == ("acme/faces", "train, line 12", True)
    assert referral.confirmed_at is None
    assert not RightsCase.objects.exists()


def test_the_mail_holds_a_link_and_nothing_that_was_written(client):
    written(client, message="secret-message", name="Secret Name", accounts="secret-account")
    (sent,) = mail.outbox
    assert sent.to == ["person@example.org"]
    assert "secret" not in f"{sent.subject}{sent.body}".lower()
    assert read(LINK)


def test_the_link_asks_for_a_click_and_is_good_once(client):
    written(client)
    link = read(LINK)
    assert client.get(link).status_code == 200
    assert not RightsCase.objects.confirmed().exists()
    assert client.post(link).status_code == 200
    assert RightsCase.objects.confirmed().exists()
    assert [client.get(link).status_code, client.post(link).status_code] == [410, 410]


@pytest.mark.parametrize("address", [CASE, REFERRAL])
@pytest.mark.parametrize("field", ["name", "contact", "message"])
@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
def test_what_is_no_text_is_refused_whole(client, address, field, hostile):
    answer = written(client, address, **{field: HOSTILE[hostile]})
    assert answer.status_code == 200
    assert "field__error" in answer.content.decode()
    assert_nothing_happened()


@pytest.mark.parametrize("address", [CASE, REFERRAL])
def test_half_a_character_is_refused(address):
    from rights.forms.writing import OwnForm, ReferralForm
    from tests.rights.reception.people import told, typed

    form_class, data = (OwnForm, typed()) if address == CASE else (ReferralForm, told())
    form = form_class(data | {"message": "a\udc80b", "name": "\ud800"}, at=timezone.now())
    assert {"message", "name"} <= set(form.errors)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact", "a@example.org\nBcc: b@example.org"),
        ("contact", "a@example.org\r\nSubject: x"),
        ("contact", '"a\x0bb"@example.org'),
        ("contact", "a@example.org, b@example.org"),
        ("contact", "person"),
        ("name", "Ada\r\nBcc: b@example.org"),
        ("accounts", "<b>bold</b>"),
        ("accounts", "a/b"),
        ("accounts", "\n".join(f"a{number}" for number in range(21))),
        ("rights", ["everything"]),
        ("rights", []),
    ],
)
def test_what_does_not_fit_its_field_is_refused_whole(client, field, value):
    assert written(client, **{field: value}).status_code == 200
    assert_nothing_happened()


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "😀 ünï", "שלום עליכם", "{{ 7 }} %s", "'; DROP TABLE x; --"]
)
def test_any_text_is_kept_as_it_is(client, text):
    written(client, message=text, name=text)
    case = RightsCase.objects.get()
    assert (case.message, case.name) == (text, text)
    assert text not in str(mail.outbox[0].body)


def test_marks_that_turn_the_order_of_text_are_left_out(client):
    written(client, message="abc\u202edef\u2066")
    assert RightsCase.objects.get().message == "abcdef"


@pytest.mark.parametrize(
    "trapped",
    [
        {"homepage": "http://spam.example"},
        {"stamp": ""},
        {"stamp": "1:forged"},
        {"stamp": lambda: stamps.stamp(timezone.now())},
        {"stamp": lambda: stamps.stamp(timezone.now() + timedelta(minutes=1))},
        {"stamp": lambda: stamps.stamp(timezone.now() - timedelta(hours=13))},
    ],
    ids=["filled in", "no stamp", "forged", "too fast", "from the future", "too old"],
)
def test_a_machine_is_told_and_stores_nothing(client, trapped):
    made = {name: value() if callable(value) else value for name, value in trapped.items()}
    answer = written(client, **made)
    assert answer.status_code == 200
    assert "message--error" in answer.content.decode()
    assert_nothing_happened()


def test_the_sixth_in_an_hour_is_refused_with_words(client):
    statuses = [written(client, address).status_code for address in (CASE, REFERRAL, CASE, REFERRAL, CASE)]
    assert statuses == [302] * 5
    answer = written(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert "rights@example.org" in answer.content.decode()
    assert RightsCase.objects.count() + Referral.objects.count() == len(mail.outbox) == 5
    assert written(client, REMOTE="x").status_code == 429
    assert client.post(CASE, {}, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_a_mistake_in_a_field_costs_nothing(client):
    for _ in range(7):
        assert written(client, contact="nobody").status_code == 200
    assert not Knock.objects.exists()


def test_where_the_form_is_off_an_address_is_given(client, settings):
    settings.PUBLIC_FORM = False
    for address in ("/rights/", CASE, REFERRAL, "/rights/follow-up/"):
        assert "rights@example.org" in client.get(address).content.decode()
    assert written(client).status_code == 200
    assert_nothing_happened()
