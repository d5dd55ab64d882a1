"""Who reads the pages, in tests: signed in, with a role."""

from django.contrib.auth.models import Group
from django.test import Client

from access.models import User
from access.roles import Role
from tests.factories import make_user


def make_reader(role: Role | None = Role.AGENT) -> User:
    """An account of this role; of none for None."""
    user = make_user()
    if role is not None:
        user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return user


def signed_in(role: Role | None = Role.AGENT) -> Client:
    """A browser in which an account of this role is signed in, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_reader(role))
    return client
