"""Making, changing and closing accounts; resets by two; leaves to see names."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access import accounts, second_factor
from access.models import NameGrant, SecondFactorReset, Session, User
from access.roles import Role
from tests.access.sign_in import PASSWORD, enrolled, sign_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return make_user("admin1", Role.ADMINISTRATOR)


def roles_of(account: User) -> set[Role]:
    return set(User.objects.get(pk=account.pk).roles)


# --- making and closing ------------------------------------------------------------------------


def test_an_account_is_made_without_a_password(administrator: User, at: datetime) -> None:
    account = accounts.create(username="camille", roles=[Role.AGENT, Role.DPO], by=administrator, at=at)
    assert not account.has_usable_password()
    assert roles_of(account) == {Role.AGENT, Role.DPO}
    assert account.date_joined == at


@pytest.mark.parametrize("username", ["", "two words", "admin1", "a" * 151, "<b>"])
def test_impossible_names_make_no_account(administrator: User, at: datetime, username: str) -> None:
    with pytest.raises(ValidationError):
        accounts.create(username=username, roles=[], by=None, at=at)
    assert User.objects.count() == 1


def test_nobody_changes_their_own_roles(administrator: User, at: datetime) -> None:
    with pytest.raises(accounts.NotAllowed, match="own roles"):
        accounts.set_roles(at=at, account=administrator, roles=[Role.ADMINISTRATOR, Role.AGENT], by=administrator)
    assert roles_of(administrator) == {Role.ADMINISTRATOR}


def test_nobody_closes_their_own_account(administrator: User, at: datetime) -> None:
    with pytest.raises(accounts.NotAllowed, match="own account"):
        accounts.close(account=administrator, by=administrator, at=at)


def test_the_last_supervisor_stays(administrator: User, at: datetime) -> None:
    last = make_user("", Role.SUPERVISOR)
    make_user("", Role.SUPERVISOR, is_active=False)
    with pytest.raises(accounts.NotAllowed, match="last supervisor"):
        accounts.close(account=last, by=administrator, at=at)
    with pytest.raises(accounts.NotAllowed, match="last supervisor"):
        accounts.set_roles(at=at, account=last, roles=[Role.AGENT], by=administrator)
    other = make_user("", Role.SUPERVISOR)
    accounts.close(account=last, by=administrator, at=at)
    last.refresh_from_db()
    assert (last.is_active, last.closed_at) == (False, at)
    assert roles_of(other) == {Role.SUPERVISOR}


def test_closing_takes_the_password_sessions_and_devices(administrator: User, at: datetime) -> None:
    account = make_user("camille", Role.AGENT, password=PASSWORD)
    sign_in(Client(), account)
    enrolled(account)
    second_factor.new_recovery_codes(account)
    accounts.close(account=account, by=administrator, at=at)
    assert not Session.objects.filter(account=account).exists()
    assert not second_factor.has_factor(account)
    assert not User.objects.get(pk=account.pk).has_usable_password()


# --- the first account -------------------------------------------------------------------------


def test_the_first_administrator(client: Client) -> None:
    out = StringIO()
    call_command("create_admin", username="first", address="https://genealogy.example", stdout=out)
    link = out.getvalue().splitlines()[-1]
    assert link.startswith("https://genealogy.example/account/set-up/?key=")
    assert client.get(link.removeprefix("https://genealogy.example"), follow=True).status_code == 200
    assert roles_of(User.objects.get()) == {Role.ADMINISTRATOR}


def test_a_second_first_administrator_of_that_name(administrator: User) -> None:
    with pytest.raises(CommandError, match="No account was made"):
        call_command("create_admin", username="admin1")


# --- resets by two -----------------------------------------------------------------------------


def test_a_reset_takes_two_persons(administrator: User, at: datetime) -> None:
    account, supervisor = make_user("camille", password=PASSWORD), make_user("", Role.SUPERVISOR)
    enrolled(account)
    sign_in(Client(), account)
    reset = accounts.ask_reset(account=account, by=administrator, at=at)
    assert second_factor.has_factor(account)
    accounts.confirm_reset(reset=reset, by=supervisor, at=at)
    assert not second_factor.has_factor(account)
    assert not Session.objects.filter(account=account).exists()


@pytest.mark.parametrize(
    ("roles", "is_asker", "is_holder"),
    [
        ([Role.ADMINISTRATOR], True, False),
        ([Role.ADMINISTRATOR], False, True),
        ([Role.AGENT], False, False),
        ([Role.DPO], False, False),
        ([Role.RESEARCHER], False, False),
        ([], False, False),
    ],
)
def test_who_may_not_confirm(
    administrator: User, at: datetime, roles: list[Role], is_asker: bool, is_holder: bool
) -> None:
    account = make_user("camille", *(roles if is_holder else []))
    enrolled(account)
    reset = accounts.ask_reset(account=account, by=administrator, at=at)
    by = administrator if is_asker else account if is_holder else make_user("", *roles)
    with pytest.raises(accounts.NotAllowed):
        accounts.confirm_reset(reset=reset, by=by, at=at)
    assert second_factor.has_factor(account)


@pytest.mark.parametrize("roles", [[], [Role.AGENT], [Role.SUPERVISOR], [Role.DPO]])
def test_who_may_not_ask(at: datetime, roles: list[Role]) -> None:
    with pytest.raises(accounts.NotAllowed):
        accounts.ask_reset(account=make_user(), by=make_user("", *roles), at=at)


def test_nobody_asks_for_themselves(administrator: User, at: datetime) -> None:
    with pytest.raises(accounts.NotAllowed):
        accounts.ask_reset(account=administrator, by=administrator, at=at)


def test_a_reset_is_carried_out_once_and_within_two_days(administrator: User, at: datetime) -> None:
    account, supervisor = make_user(), make_user("", Role.SUPERVISOR)
    reset = accounts.ask_reset(account=account, by=administrator, at=at)
    assert accounts.ask_reset(account=account, by=administrator, at=at) == reset
    with pytest.raises(accounts.NotAllowed, match="too long"):
        accounts.confirm_reset(reset=reset, by=supervisor, at=at + timedelta(days=2))
    accounts.confirm_reset(reset=reset, by=supervisor, at=at + timedelta(days=1))
    enrolled(account)
    with pytest.raises(accounts.NotAllowed, match="already"):
        accounts.confirm_reset(reset=reset, by=supervisor, at=at + timedelta(days=1))
    assert second_factor.has_factor(account)


@pytest.mark.parametrize("by", ["asker", "holder"])
def test_the_database_wants_a_third_person(administrator: User, at: datetime, by: str) -> None:
    account = make_user()
    reset = accounts.ask_reset(account=account, by=administrator, at=at)
    confirmed_by = {"asker": administrator, "holder": account}[by]
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondFactorReset.objects.filter(pk=reset.pk).update(confirmed_by=confirmed_by, confirmed_at=at)


# --- leaves to see names -----------------------------------------------------------------------


def test_a_researcher_sees_names_for_a_time() -> None:
    researcher, supervisor, at = make_user("", Role.RESEARCHER), make_user("", Role.SUPERVISOR), timezone.now()

    def sees() -> bool:
        return bool(User.objects.get(pk=researcher.pk).has_perm("lineage.see_person_names"))

    assert not sees()
    grant = accounts.grant_names(
        account=researcher, purpose="a study", ends_at=at + timedelta(days=1), by=supervisor, at=at
    )
    assert sees()
    accounts.withdraw_names(grant=grant, at=at)
    assert not sees()
    NameGrant.objects.update(withdrawn_at=None, given_at=at - timedelta(2), ends_at=at - timedelta(seconds=1))
    assert not sees()


def test_a_leave_is_nothing_without_the_role() -> None:
    researcher, at = make_user("", Role.RESEARCHER), timezone.now()
    accounts.grant_names(
        account=researcher, purpose="x", ends_at=at + timedelta(1), by=make_user("", Role.SUPERVISOR), at=at
    )
    researcher.groups.clear()
    assert not User.objects.get(pk=researcher.pk).has_perm("lineage.see_person_names")


@pytest.mark.parametrize(
    ("holder", "giver", "fields"),
    [
        ([Role.RESEARCHER], [Role.AGENT], {}),
        ([Role.RESEARCHER], [Role.ADMINISTRATOR], {}),
        ([Role.RESEARCHER], [Role.DPO], {}),
        ([Role.ADMINISTRATOR], [Role.SUPERVISOR], {}),
        ([], [Role.SUPERVISOR], {}),
        ([Role.RESEARCHER], [Role.SUPERVISOR], {"purpose": ""}),
        ([Role.RESEARCHER], [Role.SUPERVISOR], {"ends_at": datetime(2020, 1, 1, tzinfo=UTC)}),
    ],
)
def test_leaves_that_are_refused(at: datetime, holder: list[Role], giver: list[Role], fields: dict[str, Any]) -> None:
    asked: dict[str, Any] = {"purpose": "a study", "ends_at": at + timedelta(days=1)} | fields
    with pytest.raises((accounts.NotAllowed, ValidationError)):
        accounts.grant_names(account=make_user("", *holder), by=make_user("", *giver), at=at, **asked)
    assert not NameGrant.objects.exists()


def test_nobody_gives_themselves_leave(at: datetime) -> None:
    both = make_user("", Role.RESEARCHER, Role.SUPERVISOR)
    with pytest.raises(accounts.NotAllowed):
        accounts.grant_names(account=both, purpose="x", ends_at=at + timedelta(1), by=both, at=at)


# --- the back office ---------------------------------------------------------------------------


@pytest.fixture
def back_office(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_administrator_makes_an_account_and_gets_the_link(back_office: Client) -> None:
    fields = {"username": "camille", "first_name": "", "last_name": "", "email": "", "roles": ["agent", "researcher"]}
    page = back_office.post(reverse("admin:access_user_add"), fields, follow=True).content.decode()
    account = User.objects.get(username="camille")
    assert roles_of(account) == {Role.AGENT, Role.RESEARCHER}
    assert "/account/set-up/?key=" in page


@pytest.mark.parametrize(
    "extra", [{"is_superuser": "on"}, {"is_staff": "on"}, {"password": "x"}, {"user_permissions": "1"}, {"groups": "1"}]
)
def test_nothing_else_is_taken_from_the_form(back_office: Client, extra: dict[str, str]) -> None:
    account = make_user("camille")
    before = User.objects.filter(pk=account.pk).values("is_superuser", "is_staff", "password").get()
    fields = {"username": "camille", "roles": ["agent"]} | extra
    back_office.post(reverse("admin:access_user_change", args=[account.pk]), fields)
    assert User.objects.filter(pk=account.pk).values("is_superuser", "is_staff", "password").get() == before
    assert roles_of(account) == {Role.AGENT}
    assert not account.user_permissions.exists()


def test_the_form_says_why_ones_own_roles_stay(back_office: Client, administrator: User) -> None:
    fields = {"username": "admin1", "roles": ["administrator", "supervisor"]}
    page = back_office.post(reverse("admin:access_user_change", args=[administrator.pk]), fields)
    assert "Nobody changes their own roles" in page.content.decode()
    assert roles_of(administrator) == {Role.ADMINISTRATOR}


def test_a_made_up_role_is_refused(back_office: Client) -> None:
    fields = {"username": "camille", "roles": ["root"]}
    assert back_office.post(reverse("admin:access_user_add"), fields).status_code == 200
    assert not User.objects.filter(username="camille").exists()


@pytest.mark.parametrize("action", ["new_link", "close", "ask_reset"])
def test_the_actions_on_accounts(back_office: Client, action: str) -> None:
    account = make_user("camille", Role.AGENT)
    fields = {"action": action, "_selected_action": [account.pk]}
    page = back_office.post(reverse("admin:access_user_changelist"), fields, follow=True).content.decode()
    assert "Account camille:" in page
    account.refresh_from_db()
    assert account.is_active is (action != "close")
    assert SecondFactorReset.objects.exists() is (action == "ask_reset")


def test_a_supervisor_confirms_a_reset_and_gives_leave(administrator: User, at: datetime) -> None:
    supervisor, researcher = make_user("", Role.SUPERVISOR), make_user("", Role.RESEARCHER)
    reset = accounts.ask_reset(account=researcher, by=administrator, at=timezone.now())
    client = Client()
    client.force_login(supervisor, backend="django.contrib.auth.backends.ModelBackend")
    fields: dict[str, Any] = {"action": "confirm", "_selected_action": [reset.pk]}
    client.post(reverse("admin:access_secondfactorreset_changelist"), fields)
    reset.refresh_from_db()
    assert reset.confirmed_by == supervisor
    fields = {"account": researcher.pk, "purpose": "a study", "ends_at_0": "2036-01-01", "ends_at_1": "12:00:00"}
    client.post(reverse("admin:access_namegrant_add"), fields)
    grant = NameGrant.objects.get()
    assert (grant.account, grant.given_by) == (researcher, supervisor)
    client.post(reverse("admin:access_namegrant_changelist"), {"action": "withdraw", "_selected_action": [grant.pk]})
    grant.refresh_from_db()
    assert grant.withdrawn_at


def test_without_a_terminal_the_first_account_wants_its_name_as_an_option(monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO(""))
    with pytest.raises(CommandError, match="--username"):
        call_command("create_admin")
