"""What the address of a list may ask: nothing about a field that nobody is shown, and no question ends in a failure."""

import pytest
from django.contrib import admin
from django.urls import reverse

from access.models import User
from access.roles import Role
from rights.register import REGISTER, Category
from tests.factories import make_user
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
SECRETS = [
    (model._meta.label, field.name)
    for model in admin.site._registry
    for field in model._meta.concrete_fields
    if (known := REGISTER.get((model._meta.label, field.name))) and known.entry.category == Category.SIGN_IN
    if not field.name.startswith("last_login")
]
QUESTIONS = ("", "__startswith", "__gt", "__regex", "__isnull", "__contains", "__in", "__length")


def test_there_are_secrets_behind_lists():
    assert ("access.User", "password") in SECRETS


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(("model", "field"), SECRETS)
def test_no_list_is_cut_by_a_secret(model, field, question):
    """Else whoever sees the list would learn it, one letter after the other."""
    make_user(password="a sentence nobody would guess")
    address = reverse(f"admin:{model.lower().replace('.', '_')}_changelist")
    for role in Role:
        assert signed_in(role).get(address, {f"{field}{question}": "a"}).status_code in (400, 403)


@pytest.mark.parametrize("beyond", ["account__password", "given_by__password", "asked_by__password"])
@pytest.mark.parametrize("model", ["namegrant", "secondfactorreset"])
def test_nor_by_one_behind_another_table(model, beyond):
    answer = signed_in(Role.SUPERVISOR).get(reverse(f"admin:access_{model}_changelist"), {f"{beyond}__startswith": "a"})
    assert answer.status_code in (302, 400)


def test_the_list_of_accounts_is_still_cut_by_what_it_shows():
    make_user("closed", is_active=False)
    page = signed_in(Role.ADMINISTRATOR).get(reverse("admin:access_user_changelist"), {"is_active__exact": 0})
    assert [account.username for account in page.context["cl"].result_list] == ["closed"]
    assert User.objects.count() > 1


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("queue", ["rights_rightscase_file", "rights_referral_file"])
@pytest.mark.parametrize("asked", ["next", "agent__password__startswith", "received_on__year", "contact__name", "\0"])
def test_a_queue_asked_for_under_a_filter_there_is_not_is_no_file(queue, suffix, asked):
    answer = signed_in(Role.SUPERVISOR).get(reverse(f"admin:{queue}", args=[suffix]), {asked: "x"})
    assert answer.status_code in (400, 404)
