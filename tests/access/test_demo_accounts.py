"""One account a role, in a demonstration only."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from access.models import User
from access.roles import PERMISSIONS, Role
from tests.access.sign_in import sign_in

PASSWORD = "only for the demonstration"


def make_accounts(password: str = PASSWORD) -> str:
    out = StringIO()
    call_command("demo_accounts", password=password, stdout=out)
    return out.getvalue()


def test_elsewhere_none_is_made(db, settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError):
        make_accounts()
    assert not User.objects.exists()


def test_each_role_can_sign_in_and_may_what_its_role_may(db, settings):
    settings.DEMONSTRATION = True
    said = make_accounts()
    for role in Role:
        account = User.objects.get(username=role.value)
        assert account.get_all_permissions() == PERMISSIONS[role]
        assert not account.is_superuser
        assert sign_in(Client(), account, PASSWORD) == 302
        assert role.value in said
    assert PASSWORD in said


def test_again_with_the_same_password_nothing_changes(db, settings):
    settings.DEMONSTRATION = True
    make_accounts()
    before = list(User.objects.order_by("pk").values())
    make_accounts()
    assert list(User.objects.order_by("pk").values()) == before


def test_again_with_another_password_that_one_counts(db, settings):
    settings.DEMONSTRATION = True
    make_accounts()
    make_accounts("another one, as long")
    assert all(account.check_password("another one, as long") for account in User.objects.all())
    assert User.objects.count() == len(Role)
