"""What is good once is good once, asked by many at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from access import accounts, second_factor
from access.models import User
from access.roles import Role
from tests.access.sign_in import PASSWORD, code_of, enrolled, sign_in
from tests.factories import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory is one connection's"),
]
AT_ONCE = 8


def together(ask: Callable[[int], int]) -> list[int]:
    """What `ask` is answered, asked eight times at once."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> int:
        try:
            start.wait()
            return ask(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(one, range(AT_ONCE)))


@pytest.fixture
def account() -> User:
    return make_user("camille", Role.AGENT, password=PASSWORD)


def half_in(account: User) -> list[Client]:
    clients = [Client() for _number in range(AT_ONCE)]
    assert {sign_in(client, account) for client in clients} == {302}
    return clients


def test_a_one_time_link(account: User) -> None:
    key = accounts.set_up_key(account)
    clients = [Client() for _number in range(AT_ONCE)]
    for client in clients:
        client.get(reverse("account-set-up"), {"key": key})

    def ask(number: int) -> int:
        password = f"sentence {number} nobody would guess"
        fields = {"new_password1": password, "new_password2": password}
        return clients[number].post(reverse("account-set-up"), fields).status_code

    assert together(ask) == [302] + [410] * (AT_ONCE - 1)


@pytest.mark.parametrize("kind", ["recovery", "application"])
def test_a_code(account: User, kind: str, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    device, clients = enrolled(account), half_in(account)
    code = second_factor.new_recovery_codes(account)[0] if kind == "recovery" else code_of(device)

    def ask(number: int) -> int:
        return clients[number].post(reverse("second-factor"), {"code": code}).status_code

    assert together(ask) == [200] * (AT_ONCE - 1) + [302]


def test_pages_opened_at_once_enrol_one_application(account: User) -> None:
    clients = half_in(account)
    together(lambda number: clients[number].get(reverse("second-factor-enrol")).status_code)
    assert TOTPDevice.objects.filter(user=account).count() == 1
    assert clients[0].get(reverse("second-factor-enrol")).status_code == 200


def test_a_reset_of_two(account: User) -> None:
    reset = accounts.ask_reset(account=account, by=make_user("", Role.ADMINISTRATOR), at=timezone.now())
    supervisors = [make_user("", Role.SUPERVISOR) for _number in range(AT_ONCE)]

    def ask(number: int) -> int:
        try:
            accounts.confirm_reset(reset=reset, by=supervisors[number], at=timezone.now())
        except accounts.NotAllowed:
            return 0
        return 1

    assert together(ask) == [0] * (AT_ONCE - 1) + [1]
