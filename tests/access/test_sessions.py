"""How long one stays signed in, and what ends it."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access import accounts
from access.browsers import describe
from access.models import Session, User
from access.roles import Role
from tests.access.sign_in import PASSWORD, sign_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db
OWN = reverse("account")


@pytest.fixture
def account() -> User:
    return make_user("camille", Role.AGENT, password=PASSWORD)


def signed_in(account: User) -> Client:
    client = Client()
    assert sign_in(client, account, **{"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}) == 302
    return client


def rewind(client: Client, **seconds: int) -> None:
    """Make a mark in the session so many seconds older."""
    session = client.session
    for mark, by in seconds.items():
        session[mark] -= by
    session.save()


def test_idle_for_30_minutes(account: User) -> None:
    client = signed_in(account)
    assert site.SESSION_COOKIE_AGE == 30 * 60
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    Session.objects.update(expire_date=timezone.now())
    assert client.get(OWN).status_code == 302


def test_use_keeps_it_open_written_once_a_minute(account: User) -> None:
    client = signed_in(account)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))
    client.get(OWN)
    assert Session.objects.get().expire_date < timezone.now() + timedelta(minutes=6)
    rewind(client, seen_at=61)
    client.get(OWN)
    assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=29)


@pytest.mark.parametrize(("hours", "is_open"), [(9.9, True), (10.1, False)])
def test_ten_hours_at_most(account: User, hours: float, is_open: bool) -> None:
    client = signed_in(account)
    rewind(client, signed_in_at=int(hours * 3600))
    assert (client.get(OWN).status_code == 200) is is_open
    assert Session.objects.filter(account=account).exists() is is_open


def test_a_session_without_its_beginning_ends(account: User) -> None:
    client = signed_in(account)
    session = client.session
    del session["signed_in_at"]
    session.save()
    assert client.get(OWN).status_code == 302


def test_ones_own_sessions_are_shown_without_their_keys(account: User) -> None:
    here, elsewhere = signed_in(account), signed_in(account)
    page = here.get(OWN).content.decode()
    assert page.count("Firefox, Linux") == 2
    for client in (here, elsewhere):
        assert str(client.session.session_key) not in page


def test_ending_another_of_ones_sessions(account: User) -> None:
    here, elsewhere = signed_in(account), signed_in(account)
    rows = here.get(OWN).context["sessions"]
    (other,) = [row for row in rows if not row["is_this"]]
    here.post(reverse("account-end-session", args=[other["reference"]]))
    assert elsewhere.get(OWN).status_code == 302
    assert here.get(OWN).status_code == 200


def test_nobody_ends_somebody_elses_session(account: User) -> None:
    theirs = signed_in(make_user("other", password=PASSWORD))
    (row,) = theirs.get(OWN).context["sessions"]
    mine = signed_in(account)
    assert mine.post(reverse("account-end-session", args=[row["reference"]])).status_code == 404
    assert theirs.get(OWN).status_code == 200


def test_ending_all_others(account: User) -> None:
    here, elsewhere, theirs = signed_in(account), signed_in(account), signed_in(make_user("other", password=PASSWORD))
    here.post(reverse("account-end-others"))
    assert [client.get(OWN).status_code for client in (here, elsewhere, theirs)] == [200, 302, 200]


def test_a_new_password_ends_the_others_and_renews_this_one(account: User) -> None:
    here, elsewhere = signed_in(account), signed_in(account)
    key = here.session.session_key
    new = "another sentence nobody would guess"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post(reverse("account-password"), fields)["Location"] == OWN
    assert here.session.session_key != key
    assert [client.get(OWN).status_code for client in (here, elsewhere)] == [200, 302]
    assert Session.objects.filter(account=account).count() == 1


@pytest.mark.parametrize("by_flag", [True, False])
def test_a_closed_account_is_out_at_once(account: User, by_flag: bool) -> None:
    client = signed_in(account)
    if by_flag:
        User.objects.update(is_active=False)
    else:
        accounts.close(account=account, by=None, at=timezone.now())
        assert not Session.objects.filter(account=account).exists()
    assert client.get(OWN).status_code == 302


def test_a_role_taken_away_is_gone_at_the_next_request(account: User) -> None:
    client = signed_in(account)
    assert client.get("/").status_code == 200
    account.groups.clear()
    assert client.get("/").status_code == 403


def test_cookies(account: User, settings: Any) -> None:
    client = signed_in(account)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 1800


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18 Safari/605", "Safari, macOS"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari, iOS"),
        ("", "?, ?"),
        ("<script>alert(1)</script>" * 500, "?, ?"),
    ],
)
def test_a_browser_in_three_words(user_agent: str, words: str) -> None:
    assert describe(user_agent) == words
