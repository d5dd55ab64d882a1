"""A token ends with what it was made upon: the password, the second factor, the open account, the role."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.management.commands import changepassword
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from access import accounts
from access.models import ApiToken, User
from access.roles import Role
from tests.access.sign_in import PASSWORD, code_of, sign_in, verified_client
from tests.factories import make_user
from tests.lineage.api.readers import token_of

pytestmark = pytest.mark.django_db
NEW = "another sentence nobody would guess"


def status(text: str) -> int:
    """What a program with this token is answered."""
    return Client().get("/api/v1/coverage/", headers={"Authorization": f"Bearer {text}"}).status_code


@pytest.fixture
def account() -> User:
    return make_user("camille", Role.AGENT, Role.RESEARCHER, password=PASSWORD)


def browser(*roles: Role) -> Client:
    client = Client()
    client.force_login(make_user("", *roles), backend="django.contrib.auth.backends.ModelBackend")
    return client


def by_ones_own_page(account: User) -> None:
    fields = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert verified_client(account).post(reverse("account-password"), fields).status_code == 302


def by_a_one_time_link(account: User) -> None:
    client = Client()
    client.get(reverse("account-set-up"), {"key": accounts.set_up_key(account)})
    fields = {"new_password1": NEW, "new_password2": NEW}
    assert client.post(reverse("account-set-up"), fields).status_code == 302


def by_a_command(account: User) -> None:
    command = changepassword.Command(stdout=io.StringIO())
    command._get_pass = lambda prompt="": NEW  # type: ignore[attr-defined]
    call_command(command, account.username)


def by_a_reset_of_two(account: User) -> None:
    actions = {"action": "ask_reset", "_selected_action": [account.pk]}
    browser(Role.ADMINISTRATOR).post(reverse("admin:access_user_changelist"), actions)
    actions = {"action": "confirm", "_selected_action": [account.second_factor_resets.get().pk]}
    browser(Role.SUPERVISOR).post(reverse("admin:access_secondfactorreset_changelist"), actions)


def by_another_application(account: User) -> None:
    client = verified_client(account)
    client.get(reverse("second-factor-enrol"))
    code = code_of(TOTPDevice.objects.get(user=account, confirmed=False))
    client.post(reverse("second-factor-enrol"), {"code": code, "password": PASSWORD})


def by_closing(account: User) -> None:
    actions = {"action": "close", "_selected_action": [account.pk]}
    browser(Role.ADMINISTRATOR).post(reverse("admin:access_user_changelist"), actions)


def by_a_role_less(account: User) -> None:
    fields = {"username": account.username, "roles": ["agent"]}
    address = reverse("admin:access_user_change", args=[account.pk])
    assert browser(Role.ADMINISTRATOR).post(address, fields).status_code == 302


WAYS = [
    by_ones_own_page,
    by_a_one_time_link,
    by_a_command,
    by_a_reset_of_two,
    by_another_application,
    by_closing,
    by_a_role_less,
]


@pytest.mark.parametrize("end", WAYS, ids=lambda way: way.__name__)
def test_it_ends_for_good_and_nobody_elses_does(account: User, end: Callable[[User], None]) -> None:
    text, second, theirs = token_of(account), token_of(account), token_of(make_user("", Role.AGENT))
    assert [status(each) for each in (text, second, theirs)] == [200, 200, 200]
    end(account)
    assert [status(each) for each in (text, second, theirs)] == [401, 401, 200]
    User.objects.filter(pk=account.pk).update(is_active=True, closed_at=None)
    accounts.set_roles(account=account, roles=list(Role), by=None, at=timezone.now())
    assert status(text) == 401  # whatever the account is given later


@pytest.mark.parametrize("only", ["a flag", "a group"])
def test_what_is_taken_away_in_the_database_alone_counts_at_once(account: User, only: str) -> None:
    text = token_of(account)
    if only == "a flag":
        User.objects.update(is_active=False)
    else:
        account.groups.clear()
    assert status(text) == (401 if only == "a flag" else 403)


def test_neither_signing_in_nor_a_stronger_hash_of_the_same_password_ends_it(account: User, settings: Any) -> None:
    text, hashed = token_of(account), account.password
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    assert sign_in(Client(), account) == 302
    assert User.objects.get(pk=account.pk).password != hashed
    assert status(text) == 200


def test_one_more_role_ends_nothing(account: User) -> None:
    text = token_of(account)
    accounts.set_roles(account=account, roles=[*account.roles, Role.DPO], by=None, at=timezone.now())
    assert status(text) == 200
    assert ApiToken.objects.get().revoked_at is None
