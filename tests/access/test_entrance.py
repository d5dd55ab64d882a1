"""Coming in: the sign-in page, its one answer, its lock, the one-time link."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access import accounts
from access.lockout import wait_seconds
from access.models import Session, User
from access.roles import Role
from tests.access.sign_in import PASSWORD, sign_in, verified_client
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SEARCH = "/"


@pytest.fixture
def account() -> User:
    return make_user("camille", Role.AGENT, password=PASSWORD)


def age_failures(minutes: int) -> None:
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        ([Role.AGENT], "lineage:search"),
        ([Role.RESEARCHER], "lineage:search"),
        ([Role.DPO], "admin:index"),
        ([Role.ADMINISTRATOR], "admin:index"),
        ([], "account"),
    ],
)
def test_each_role_comes_in_where_its_work_is(client: Client, roles: list[Role], page: str) -> None:
    make_user("camille", *roles, password=PASSWORD)
    answer = client.post(reverse("login"), {"username": "camille", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse(page)
    assert answer.status_code == 200


def test_a_new_key_at_sign_in(client: Client, account: User) -> None:
    client.get(reverse("login"))
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = str(planted)
    assert sign_in(client, account) == 302
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


@pytest.mark.parametrize("is_active", [True, False])
def test_one_answer_for_a_wrong_name_a_wrong_password_and_a_closed_account(client: Client, is_active: bool) -> None:
    make_user("camille", Role.AGENT, password=PASSWORD, is_active=is_active)
    tries = [{"username": "camille", "password": "wrong"}, {"username": "nobody", "password": PASSWORD}]
    if not is_active:
        tries.append({"username": "camille", "password": PASSWORD})
    pages = {client.post(reverse("login"), fields).context["form"].errors.as_text() for fields in tries}
    assert len(pages) == 1


def test_a_missing_account_costs_the_same_work(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(User, "set_password", lambda self, password: hashed.append(password))
    client.post(reverse("login"), {"username": "nobody", "password": "a guess"})
    assert hashed == ["a guess"]


@pytest.mark.parametrize("username", ["camille", "nobody"])
def test_after_five_failures_the_next_attempt_must_wait(client: Client, account: User, username: str) -> None:
    for _ in range(5):
        client.post(reverse("login"), {"username": username, "password": "wrong"})
    answer = client.post(reverse("login"), {"username": username, "password": PASSWORD})
    assert "wait 2 seconds" in answer.context["form"].errors.as_text()
    age_failures(minutes=1)
    answer = client.post(reverse("login"), {"username": username, "password": PASSWORD})
    assert answer.status_code == (302 if username == "camille" else 200)


@pytest.mark.parametrize(("failures", "wait"), [(0, 0), (4, 0), (5, 2), (6, 4), (7, 8), (9, 32)])
def test_how_long_to_wait(failures: int, wait: int) -> None:
    at = timezone.now()
    AccessAttempt.objects.create(
        username="camille", ip_address="192.0.2.1", failures_since_start=failures, attempt_time=at
    )
    AccessAttempt.objects.update(attempt_time=at)
    assert wait_seconds(username="camille", address="192.0.2.9", at=at) == wait
    assert wait_seconds(username="other", address="192.0.2.1", at=at) == wait
    assert wait_seconds(username="other", address="192.0.2.9", at=at) == 0
    assert wait_seconds(username="camille", address="192.0.2.1", at=at + timedelta(minutes=16)) == 0


@pytest.mark.parametrize("username", ["camille", "nobody"])
def test_ten_failures_lock_the_name_from_everywhere_for_15_minutes(
    client: Client, account: User, username: str
) -> None:
    for number in range(10):
        answer = client.post(
            reverse("login"), {"username": username, "password": "wrong"}, REMOTE_ADDR=f"192.0.2.{number}"
        )
    assert answer.status_code == 429
    assert "15 minutes" in answer.content.decode()
    age_failures(minutes=14)
    assert client.post(reverse("login"), {"username": username, "password": PASSWORD}).status_code == 429
    age_failures(minutes=16)
    answer = client.post(reverse("login"), {"username": username, "password": PASSWORD})
    assert answer.status_code == (302 if username == "camille" else 200)


def test_ten_failures_lock_the_address_for_every_name(client: Client, account: User) -> None:
    for number in range(10):
        client.post(reverse("login"), {"username": f"guess{number}", "password": "wrong"}, REMOTE_ADDR="192.0.2.1")
    fields = {"username": "camille", "password": PASSWORD}
    assert client.post(reverse("login"), fields, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert client.post(reverse("login"), fields, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_signing_in_forgets_ones_own_failures_and_nobody_elses(client: Client, account: User) -> None:
    make_user("insider", password=PASSWORD)
    for name in ("camille", "camille", "insider"):
        client.post(reverse("login"), {"username": name, "password": "wrong"})
    client.post(reverse("login"), {"username": "insider", "password": PASSWORD})
    assert list(AccessAttempt.objects.values_list("username", "failures_since_start")) == [("camille", 2)]


def test_knocking_while_locked_does_not_lengthen_the_lock(client: Client, account: User) -> None:
    for _ in range(10):
        client.post(reverse("login"), {"username": "camille", "password": "wrong"})
    age_failures(minutes=14)
    client.post(reverse("login"), {"username": "camille", "password": "wrong"})
    latest = AccessAttempt.objects.latest("attempt_time").attempt_time
    assert timezone.now() - latest > timedelta(minutes=13)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),  # the first is the client's own word
        (2, "10.0.0.1, 203.0.113.9, 192.0.2.7", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "203.0.113.9:49152", "203.0.113.9"),
        (1, "[2001:db8::9]:49152", "2001:db8::9"),
        (1, "2001:db8::9", "2001:db8::9"),
        (1, "unknown", "127.0.0.1"),
        (1, "fe80::9%eth0", "fe80::9"),
        (1, "x" * 500, "127.0.0.1"),
    ],
)
def test_the_trusted_address(
    client: Client, account: User, settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    sign_in(client, account, "wrong", **{"X-Forwarded-For": forwarded})
    assert AccessAttempt.objects.get().ip_address == address


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_no_way_out_of_the_site(client: Client, account: User, next_page: str) -> None:
    fields = {"username": "camille", "password": PASSWORD, "next": next_page}
    assert client.post(reverse("login"), fields)["Location"] == reverse("start")


def test_signing_out_ends_the_session_and_takes_a_post(client: Client, account: User) -> None:
    sign_in(client, account)
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert not Session.objects.filter(account=account).exists()
    assert client.get(SEARCH).status_code == 302


def test_the_one_time_link(client: Client) -> None:
    account = accounts.create(username="camille", roles=[Role.AGENT], by=None, at=timezone.now())
    link = f"{reverse('account-set-up')}?key={accounts.set_up_key(account)}"
    answer = client.get(link, follow=True)
    assert answer.redirect_chain == [(reverse("account-set-up"), 302)]  # the key left the address
    fields = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(reverse("account-set-up"), fields)["Location"] == reverse("login")
    assert sign_in(client, account) == 302
    assert Client().get(link, follow=True).status_code == 410


@pytest.mark.parametrize(
    "key", ["", "x", "1.x", "zzzzzzzzzzzzzzzzzzzz.a-b", "0.a-b", "é.x", "1." + "a" * 5000, "-1.a-b"]
)
def test_a_made_up_link_opens_nothing(client: Client, key: str) -> None:
    answer = client.get(reverse("account-set-up"), {"key": key}, follow=True)
    assert answer.status_code == 410
    assert client.post(reverse("account-set-up"), {"new_password1": PASSWORD}).status_code == 410


def test_the_link_ends_with_the_account_and_with_time(client: Client, settings: Any) -> None:
    account = accounts.create(username="camille", roles=[], by=None, at=timezone.now())
    key = accounts.set_up_key(account)
    assert accounts.account_of_key(key) == account
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert accounts.account_of_key(key) is None
    settings.PASSWORD_RESET_TIMEOUT = 60
    accounts.close(account=account, by=None, at=timezone.now())
    assert accounts.account_of_key(key) is None


@pytest.mark.parametrize("password", ["short", "fourteen chars", "123456789012345", "passwordpassword"])
def test_passwords_that_are_refused(client: Client, password: str) -> None:
    account = accounts.create(username="camille", roles=[], by=None, at=timezone.now())
    client.get(f"{reverse('account-set-up')}?key={accounts.set_up_key(account)}")
    fields = {"new_password1": password, "new_password2": password}
    assert client.post(reverse("account-set-up"), fields).status_code == 200
    account.refresh_from_db()
    assert not account.has_usable_password()


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("page", ["account", "admin:index"])
def test_no_page_that_one_may_see_links_to_one_that_is_refused(role, page):
    client = verified_client(make_user("kim", role))
    seen = client.get(reverse(page))
    linked = {link.partition("#")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', seen.text)}
    assert [link for link in sorted(linked) if client.get(link, follow=True).status_code >= 400] == []
    assert linked


@pytest.mark.parametrize(
    ("came_from", "wanted"),
    [
        ("http://testserver/artifact/12/trace/?depth=2", "/artifact/12/trace/?depth=2"),
        ("http://testserver/artifact/12/trace/", "/artifact/12/trace/"),
        ("https://elsewhere.example/trap/", "/artifact/12/trace/dossier/"),
        ("//elsewhere.example/trap/", "/artifact/12/trace/dossier/"),
        ("", "/artifact/12/trace/dossier/"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(came_from, wanted):
    answer = Client().post("/artifact/12/trace/dossier/", headers={"referer": came_from})
    assert parse_qs(urlsplit(answer["Location"]).query) == {"next": [wanted]}
