"""Fields that a form does not have, posted to it all the same: they change nothing.

The forms are discovered: those of the back office from its registry, our own from the modules they stand in.
"""

import importlib
import pkgutil

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django.forms.models import fields_for_model
from django.test import RequestFactory
from django.urls import reverse

import access
import lineage
import rights
from access.models import User
from access.roles import Role
from lineage.models import Artifact
from tests.access.sign_in import verified_client
from tests.factories import make_artifact, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a sentence nobody would guess"
# What someone would try to set: rights, identity, and what only a harvest or another person decides.
NEVER = {
    *("id", "pk", "is_superuser", "is_staff", "user_permissions", "password", "last_login", "date_joined"),
    *("presence", "withheld_at", "superseded_by", "hub_id", "is_current", "family", "given_by", "given_at"),
    *("withdrawn_at", "decided_by", "decided_at", "asked_by", "confirmed_by", "confirmed_at", "closed_at", "closed_by"),
    *("state", "user_key", "at", "count", "shown", "digest", "held_from", "held_until", "made_at"),
}
OURS = (access, lineage, rights)


def own_forms():
    """Each class of form that our own modules define."""
    found: dict[type[forms.BaseForm], None] = {}
    for package in OURS:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name:
                loaded = importlib.import_module(module.name)
                found |= {each: None for each in vars(loaded).values() if is_own_form(each)}
    return sorted(found, key=lambda each: each.__qualname__)


def is_own_form(each):
    own = tuple(package.__name__ for package in OURS)
    return isinstance(each, type) and issubclass(each, forms.BaseForm) and each.__module__.partition(".")[0] in own


def own_admins():
    own = {package.__name__ for package in OURS}
    return [each for model, each in admin.site._registry.items() if model._meta.app_label in own]


@pytest.mark.parametrize("form", own_forms(), ids=lambda form: form.__name__)
def test_a_form_names_its_fields_one_by_one(form):
    asked = set() if issubclass(form, forms.ModelForm) else {"family", "presence"}  # what a question asks about
    assert not NEVER & set(form.base_fields) - {"password"} - asked
    if issubclass(form, forms.ModelForm) and form._meta.model is not None:
        assert form._meta.fields != forms.ALL_FIELDS
    if "password" in form.base_fields:
        assert not issubclass(form, forms.ModelForm)


@pytest.mark.parametrize("form", own_admins(), ids=lambda form: type(form).__name__)
@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.DPO, Role.ADMINISTRATOR])
def test_no_page_of_the_back_office_takes_them(form, role):
    """Where rows may be added or changed at all, none of these can be, nor anything the page does not show."""
    request = RequestFactory().post("/", {})
    request.user = verified(role)
    for may, row in ((form.has_add_permission, None), (form.has_change_permission, form.model())):
        if may(request):
            taken = set(form.get_form(request, row, change=row is not None).base_fields)
            assert not NEVER & taken
            assert not taken & set(form.get_readonly_fields(request, row))


def verified(role):
    account = make_user("", role)
    vars(account).update(otp_device=object(), is_verified=lambda: True)
    return account


def everything():
    """Every field of every model, with a value that would be seen: what a hostile request adds."""
    extra: dict[str, str] = {}
    for package in OURS:
        for model in admin.site._registry:
            if model._meta.app_label == package.__name__:
                extra |= {field.name: value_for(field) for field in model._meta.concrete_fields}
    return extra | dict.fromkeys(fields_for_model(User), "1") | {"is_superuser": "on", "is_staff": "on", "pk": "1"}


def value_for(field):
    if isinstance(field, models.DateTimeField):
        return "2001-01-01 00:00"
    return "1" if isinstance(field, models.ForeignKey | models.IntegerField) else "on"


def rows():
    """What these requests must leave as it is."""
    return (
        list(User.objects.order_by("pk").values()),
        list(Artifact.objects.order_by("pk").values()),
        sorted(User.groups.through.objects.values_list("user_id", "group_id")),
        sorted(Group.permissions.through.objects.values_list("group_id", "permission_id")),
    )


@pytest.mark.parametrize(
    "name",
    ["lineage:search", "account", "account-end-others", "recovery-codes", "second-factor", "set_language", "login"],
)
@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ADMINISTRATOR])
def test_our_own_pages_take_no_more_than_they_ask(name, role):
    account = make_user("", role, password=PASSWORD)
    make_artifact("made-up-person/m")
    client = verified_client(account)
    before = rows()
    client.post(reverse(name), everything() | {"text": "x", "language": "fr", "password": PASSWORD})
    assert rows() == before


def test_a_new_password_is_all_that_changes():
    account = make_user("", Role.RESEARCHER, password=PASSWORD)
    client = verified_client(account)
    before = User.objects.filter(pk=account.pk).values().get()
    new = "another sentence nobody would guess"
    words = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    answer = client.post(reverse("account-password"), everything() | words)
    after = User.objects.filter(pk=account.pk).values().get()
    assert answer.status_code == 302
    assert {name for name in after if after[name] != before[name]} == {"password"}
    assert [group.name for group in account.groups.all()] == [Role.RESEARCHER]


def test_an_account_is_made_with_what_the_page_asks_alone():
    client = verified_client(make_user("", Role.ADMINISTRATOR))
    supervisors = Group.objects.get(name=Role.SUPERVISOR)
    posted = {"username": "new-account", "email": "", "groups": [supervisors.pk], "roles": [Role.RESEARCHER]}
    client.post(reverse("admin:access_user_add"), everything() | posted)
    made = User.objects.get(username="new-account")
    assert (made.is_superuser, made.is_staff, made.has_usable_password()) == (False, False, False)
    assert made.last_login is None
    assert not made.user_permissions.exists()
    assert [group.name for group in made.groups.all()] == [Role.RESEARCHER]
    assert User.objects.count() == 2
