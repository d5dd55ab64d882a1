"""Drafts: one's own, sealed, bounded in size and rate, gone with the form sent, after a week, or with the account."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import constants
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access import accounts, drafts, sealing
from access.models import Draft, Session, User
from access.roles import Role
from access.tasks import forget_old_traces
from tests.access.sign_in import enrolled, verified_client
from tests.factories import AT, make_user

pytestmark = pytest.mark.django_db
FORM = "/a-form/"
TEXT = [("reason", "Ada Lovelace wrote to us")]


@pytest.fixture
def account() -> User:
    return make_user("camille", Role.SUPERVISOR)


def address(account: User, form: str = FORM) -> str:
    return reverse("account-draft", args=[drafts.key_of(form, account=account)])


def post(client: Client, to: str, fields: object = TEXT, **extra: Any) -> Any:
    return client.post(to, json.dumps(fields), content_type="application/json", **extra)


def saved(account: User, form: str = FORM, *, at: Any = AT) -> str:
    key = drafts.key_of(form, account=account)
    drafts.save(TEXT, key=key, account=account, at=at)
    return key


def test_what_is_saved_is_found_again_and_discarded(account: User) -> None:
    client, to = verified_client(account), address(account)
    assert "Draft saved at " in post(client, to).json()["said"]
    there = client.get(to).json()
    assert there["fields"] == [["reason", "Ada Lovelace wrote to us"]]
    assert there["token"]
    assert client.delete(to).status_code == 200
    assert "fields" not in client.get(to).json()


def test_in_french_it_says_when_as_the_french_do(account: User) -> None:
    said = post(verified_client(account), address(account), headers={"accept-language": "fr"}).json()["said"]
    hour, minute = timezone.localtime().strftime("%H %M").split()
    assert said == f"Brouillon enregistré à {hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{minute}."


def test_the_text_is_not_readable_in_the_database(account: User) -> None:
    saved(account)
    (row,) = Draft.objects.values_list("page", "sealed")
    assert "Lovelace" not in " ".join(row)
    assert "a-form" not in " ".join(row)


def test_a_key_is_its_holders_alone(account: User) -> None:
    saved(account)
    other = verified_client(make_user("other", Role.SUPERVISOR))
    for method in ("get", "post", "delete"):
        assert getattr(other, method)(address(account)).status_code == 404
    assert Draft.objects.count() == 1


def test_a_key_cannot_be_made_up(account: User) -> None:
    key = drafts.key_of(FORM, account=account)
    client = verified_client(account)
    for made_up in ("x", "0" * 24 + key[24:], key[:-1] + ("0" if key[-1] != "0" else "1")):
        assert post(client, reverse("account-draft", args=[made_up])).status_code == 404
    assert not Draft.objects.exists()


def test_a_row_moved_to_another_account_stays_closed(account: User) -> None:
    key = saved(account)
    other = make_user("other")
    Draft.objects.update(account=other)
    assert drafts.found(key=key, account=other) is None


def test_a_new_site_key_opens_what_the_former_sealed(settings: Any) -> None:
    settings.SECRET_KEY = "the former one"
    sealed = sealing.seal("a text", holder="x")
    settings.SECRET_KEY = "the new one"
    assert sealing.unseal(sealed, holder="x") is None
    settings.SECRET_KEY_FALLBACKS = ["the former one"]
    assert sealing.unseal(sealed, holder="x") == "a text"


def test_signed_out_is_sent_to_sign_in(account: User) -> None:
    assert post(Client(), address(account)).status_code == 302
    assert not Draft.objects.exists()


def test_without_its_second_factor_nobody_reads_a_draft(account: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    saved(account)
    enrolled(account)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address(account)).status_code == 302


def test_too_long_a_text_is_refused_and_the_former_draft_kept(account: User) -> None:
    client, to = verified_client(account), address(account)
    post(client, to)
    answer = post(client, to, [("reason", "x" * 1_000_000)])
    assert answer.status_code == 413
    assert "too long" in answer.json()["said"]
    assert client.get(to).json()["fields"] == [["reason", "Ada Lovelace wrote to us"]]


@pytest.mark.parametrize(
    "sent", [b"", b"{", b"{}", b'"text"', b'["ab"]', b'[["a", 1]]', b'[["a"]]', b"\xff", json.dumps([["a", "b"]] * 201)]
)
def test_what_is_no_form_is_refused(account: User, sent: bytes) -> None:
    answer = verified_client(account).post(address(account), sent, content_type="application/json")
    assert answer.status_code == 400
    assert not Draft.objects.exists()


def test_thirty_saves_a_minute_and_no_more(account: User) -> None:
    key = drafts.key_of(FORM, account=account)
    for number in range(drafts.SAVES_A_MINUTE):
        drafts.save([("reason", str(number))], key=key, account=account, at=AT)
    with pytest.raises(drafts.DraftRefused) as refused:
        drafts.save(TEXT, key=key, account=account, at=AT + timedelta(seconds=20))
    assert (refused.value.status, refused.value.retry_after) == (429, 40)
    assert drafts.save(TEXT, key=key, account=account, at=AT + timedelta(minutes=1)).changed


def aged(client: Client) -> None:
    """Leave the session one minute to live, last seen long ago."""
    session = client.session
    session["seen_at"] -= 29 * 60
    session.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))


def lives_on() -> bool:
    return Session.objects.get().expire_date > timezone.now() + timedelta(minutes=29)


def test_typing_keeps_a_session_open_a_timer_does_not(account: User) -> None:
    client, to = verified_client(account), address(account)
    post(client, to)
    aged(client)
    client.get(to)
    post(client, to)  # the same text again: nobody typed
    assert not lives_on()
    post(client, to, [("reason", "something more")])
    assert lives_on()


# A form of the site through which drafts are sent: a leave to see names, with its purpose.
GRANTS = "admin:access_namegrant_add"


def sent(client: Client, account: User, **fields: str) -> int:
    form = {
        "account": make_user("", Role.RESEARCHER).pk,
        "purpose": "to compare lineages",
        "ends_at_0": (timezone.now() + timedelta(days=9)).strftime("%Y-%m-%d"),
        "ends_at_1": "12:00:00",
        "_draft": drafts.key_of(FORM, account=account),
    }
    return client.post(reverse(GRANTS), form | fields).status_code


def test_a_form_that_is_taken_ends_its_draft(account: User) -> None:
    saved(account)
    assert sent(verified_client(account), account) == 302
    assert not Draft.objects.exists()


def test_a_form_with_a_mistake_keeps_its_draft(account: User) -> None:
    saved(account)
    assert sent(verified_client(account), account, purpose="") == 200
    assert Draft.objects.exists()


def test_a_form_sent_without_a_session_keeps_its_draft(account: User) -> None:
    saved(account)
    assert sent(Client(), account) == 302
    assert Draft.objects.exists()


def test_an_error_said_on_the_next_page_keeps_the_draft(account: User, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(account)
    monkeypatch.setattr("access.middleware.ERROR", constants.SUCCESS)  # so that what this page says counts as one
    assert sent(verified_client(account), account) == 302
    assert Draft.objects.exists()


def test_nobody_ends_somebody_elses_draft(account: User) -> None:
    other = make_user("other", Role.SUPERVISOR)
    saved(other)
    assert sent(verified_client(account), account, _draft=drafts.key_of(FORM, account=other)) == 302
    assert Draft.objects.filter(account=other).exists()


def test_the_forms_of_the_back_office_have_it(account: User) -> None:
    page = verified_client(account).get(reverse(GRANTS)).content.decode()
    assert f'data-draft="{drafts.key_of(reverse(GRANTS) + "#", account=account)}"' in page


def test_closing_an_account_deletes_its_drafts(account: User) -> None:
    make_user("", Role.SUPERVISOR)
    saved(account)
    accounts.close(account=account, by=None, at=AT)
    assert not Draft.objects.exists()


def test_a_week_later_it_is_gone(account: User) -> None:
    closed = make_user("closed", is_active=False)
    now = timezone.now()
    saved(account, "/old/", at=now - timedelta(days=7, seconds=1))
    saved(account, "/kept/", at=now - timedelta(days=6, hours=23))
    saved(closed, "/left/", at=now)
    forget_old_traces()
    (left,) = Draft.objects.all()
    assert left.page == drafts.key_of("/kept/", account=account)
