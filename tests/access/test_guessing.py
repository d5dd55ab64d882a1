"""Guessing, one after the other and all at once: no more passwords are read than the limit, whoever is guessed."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.backends import ModelBackend
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from access.models import User
from access.roles import Role
from tests.access.sign_in import PASSWORD, sign_in, verified_client
from tests.factories import make_user

GUESSES = 32
LOCK = site.AXES_FAILURE_LIMIT


@pytest.fixture
def account() -> User:
    return make_user("camille", Role.AGENT, password=PASSWORD)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names for which a password was really compared, which takes a while, as it does with argon2."""
    names: list[str] = []
    compare = ModelBackend.authenticate

    def slowly(self: ModelBackend, request: Any, username: str, **more: Any) -> Any:
        names.append(username)
        time.sleep(0.02)
        return compare(self, request, username, **more)

    monkeypatch.setattr(ModelBackend, "authenticate", slowly)
    return names


def guess(number: int, *, name: str, address: str) -> int:
    """The status of one guess, from a browser of its own."""
    try:
        fields = {"username": name.format(number), "password": f"guess {number}"}
        client = Client(headers={"User-Agent": f"program {number}"}, REMOTE_ADDR=address.format(number))
        return client.post(reverse("login"), fields).status_code
    finally:
        if connection.vendor == "postgresql":
            connections.close_all()


WHO = {
    "a name, from everywhere": {"name": "camille", "address": "192.0.2.{}"},
    "nobody, from everywhere": {"name": "nobody", "address": "192.0.2.{}"},
    "every name, from one address": {"name": "name{}", "address": "192.0.2.1"},
    "one name, from one address": {"name": "camille", "address": "192.0.2.1"},
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", WHO.values(), ids=WHO)
def test_all_at_once(account: User, read: list[str], who: dict[str, str]) -> None:
    at_once = GUESSES if connection.vendor == "postgresql" else 1  # SQLite in memory is one connection's
    with ThreadPoolExecutor(at_once) as threads:
        statuses = list(threads.map(lambda number: guess(number, **who), range(GUESSES)))
    assert len(read) <= LOCK
    assert sorted(statuses) == [200] * (LOCK - 1) + [429] * (GUESSES - LOCK + 1)


@pytest.mark.django_db
def test_a_missing_name_is_answered_like_any_other_until_the_lock_and_after_it(account: User) -> None:
    def answers(name: str, address: str) -> list[tuple[int, str, list[str]]]:
        fields = {"username": name, "password": "wrong"}
        found = [Client(REMOTE_ADDR=address).post(reverse("login"), fields) for _number in range(LOCK + 2)]
        names = {name: "NAME", str(found[0].cookies.get("csrftoken")): ""}
        return [(each.status_code, _plain(each, names), sorted(each.headers)) for each in found]

    assert answers("camille", "192.0.2.1") == answers("nobody", "192.0.2.2")


def _plain(answer: Any, names: dict[str, str]) -> str:
    """The text of a page, without what differs from one showing of it to the next."""
    text: str = answer.content.decode()
    lines = [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]
    for name, word in names.items():
        lines = [line.replace(name, word) for line in lines]
    return "\n".join(lines)


PAGES = {
    "a new password": ("account-password", {"old_password": "?", "new_password1": "a" * 20, "new_password2": "a" * 20}),
    "new recovery codes": ("recovery-codes", {"password": "?"}),
    "another application": ("second-factor-enrol", {"password": "?", "code": "123456"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("page", "fields"), PAGES.values(), ids=PAGES)
def test_a_stolen_session_guesses_no_password_either(
    account: User, read: list[str], page: str, fields: dict[str, str]
) -> None:
    client, numbers = verified_client(account), count()
    fields = {name: f"{value}{next(numbers)}" if value == "?" else value for name, value in fields.items()}
    statuses = [client.post(reverse(page), fields).status_code for _number in range(GUESSES)]
    assert statuses[LOCK:] == [429] * (GUESSES - LOCK)
    assert 0 < len(read) <= LOCK
    assert sign_in(Client(), account) == 429
