"""The one table of roles, and that nothing else grants anything."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access.models import User
from access.roles import LABELS, PERMISSIONS, Role, permissions_of
from access.sessions import SessionStore
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PERSONAL = {"lineage.see_person_names", "lineage.view_author", "lineage.view_artifact", "lineage.view_mention"}


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("lineage.view_genealogy", {Role.AGENT, Role.SUPERVISOR, Role.RESEARCHER}),
        ("lineage.see_person_names", {Role.AGENT, Role.SUPERVISOR}),
        ("lineage.view_author", {Role.AGENT, Role.SUPERVISOR}),
        ("lineage.decide_verdict", {Role.SUPERVISOR}),
        ("lineage.add_aliasverdict", {Role.SUPERVISOR}),
        ("lineage.run_harvest", {Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR}),
        ("lineage.view_consultation", {Role.DPO}),
        ("lineage.delete_consultation", set()),
        ("lineage.change_artifact", set()),
        ("rights.change_projectperiod", {Role.SUPERVISOR}),
        ("access.enter_back_office", {Role.AGENT, Role.SUPERVISOR, Role.DPO, Role.ADMINISTRATOR}),
        ("access.manage_accounts", {Role.ADMINISTRATOR}),
        ("access.add_user", {Role.ADMINISTRATOR}),
        ("access.delete_user", set()),
        ("access.grant_names", {Role.SUPERVISOR}),
        ("access.confirm_reset", {Role.SUPERVISOR, Role.ADMINISTRATOR}),
        ("django_celery_beat.change_periodictask", {Role.ADMINISTRATOR}),
    ],
)
def test_who_may_do_what(permission: str, roles: set[Role]) -> None:
    assert {role for role in Role if make_user("", role).has_perm(permission)} == roles


def test_every_permission_of_the_table_exists() -> None:
    known = {
        f"{row.content_type.app_label}.{row.codename}" for row in Permission.objects.select_related("content_type")
    }
    assert set().union(*PERMISSIONS.values()) - known == set()


def test_every_role_has_a_group_a_label_and_a_row() -> None:
    assert set(PERMISSIONS) == set(LABELS) == set(Role)
    assert set(Group.objects.values_list("name", flat=True)) == set(Role)


def test_the_groups_come_back_after_a_flush() -> None:
    Group.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert Group.objects.count() == len(Role)


def test_two_roles_add_up() -> None:
    both = make_user("", Role.RESEARCHER, Role.ADMINISTRATOR)
    assert both.get_all_permissions() == PERMISSIONS[Role.RESEARCHER] | PERMISSIONS[Role.ADMINISTRATOR]
    assert not both.get_all_permissions() & PERSONAL


def test_a_superuser_without_a_role_is_an_administrator_and_sees_no_personal_data() -> None:
    superuser = User.objects.create_superuser("root")
    assert superuser.get_all_permissions() == PERMISSIONS[Role.ADMINISTRATOR]
    assert not superuser.get_all_permissions() & PERSONAL
    assert not superuser.has_module_perms("tree_queries")


def test_ticks_on_an_account_or_a_group_grant_nothing() -> None:
    account, group = make_user("", Role.RESEARCHER), Group.objects.create(name="another")
    group.permissions.set(Permission.objects.all())
    Group.objects.get(name=Role.RESEARCHER).permissions.set(Permission.objects.all())
    account.groups.add(group)
    account.user_permissions.set(Permission.objects.all())
    account = User.objects.get(pk=account.pk)
    assert account.get_all_permissions() == PERMISSIONS[Role.RESEARCHER]
    assert not account.has_perm("lineage.see_person_names")
    assert not account.has_perms(["lineage.view_genealogy", "lineage.see_person_names"])


@pytest.mark.parametrize("role", list(Role))
def test_a_closed_account_may_do_nothing(role: Role) -> None:
    closed = make_user("", role, is_active=False)
    assert closed.get_all_permissions() == set()
    assert not any(closed.has_module_perms(app.label) for app in apps.get_app_configs())


def test_nobody_and_no_role() -> None:
    assert not AnonymousUser().has_perm("lineage.view_genealogy")
    assert make_user().get_all_permissions() == set()
    assert permissions_of(["agent ", "AGENT", "", "root"]) == frozenset()


def test_the_roles_are_read_once_a_request(django_assert_num_queries) -> None:
    account = User.objects.get(pk=make_user("", Role.AGENT).pk)
    with django_assert_num_queries(1):
        for permission in PERMISSIONS[Role.SUPERVISOR]:
            account.has_perm(permission)


@pytest.mark.parametrize("role", list(Role))
def test_templates_see_the_same(role: Role) -> None:
    client = Client()
    client.force_login(make_user("", role), backend="django.contrib.auth.backends.ModelBackend")
    perms = client.get("/account/").context["perms"]
    assert ("lineage.see_person_names" in perms) is ("lineage.see_person_names" in PERMISSIONS[role])


def test_what_an_account_holds_is_read_with_its_session() -> None:
    client, account = Client(), make_user("", Role.RESEARCHER, Role.DPO)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as queries:
        perms = client.get("/help/").context["perms"]
        assert "lineage.view_genealogy" in perms
        assert "rights.give_opinion" in perms
        assert "lineage.see_person_names" not in perms
    assert not [query for query in queries if 'FROM "auth_group"' in query["sql"]]
    account.groups.clear()
    assert "lineage.view_genealogy" not in client.get("/account/").context["perms"]


def test_a_session_tells_no_other_account() -> None:
    client, account, other = Client(), make_user("", Role.SUPERVISOR), make_user()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = SessionStore(client.session.session_key)
    assert session.get("_auth_user_id") == str(account.pk)
    session.tell(other)
    assert other.roles == ()
    again = User.objects.get(pk=account.pk)
    session.tell(again)
    assert again.roles == (Role.SUPERVISOR,)
