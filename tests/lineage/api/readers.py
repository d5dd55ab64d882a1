"""Programs that read through the interface, with a token of whatever account and scopes."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from access import tokens
from access.models import User
from access.roles import Role
from access.scopes import Scope
from tests.factories import make_user

READ = (Scope.READ,)


def token_of(account: User, *scopes: Scope, days: int = 30) -> str:
    """The text of a new token; one with names needs a leave in force."""
    at = timezone.now()
    return tokens.make(account=account, name="a test", scopes=scopes or READ, days=days, at=at, is_verified=True)[1]


def program(account: User | None = None, *scopes: Scope) -> Client:
    """A client that sends such a token, of a researcher unless said."""
    account = account or make_user("", Role.RESEARCHER)
    return Client(headers={"Authorization": f"Bearer {token_of(account, *scopes)}"})


def leave(account: User, by: User | None = None) -> Any:
    """A supervisor's leave to see names, in force for an hour."""
    at = timezone.now() - timedelta(minutes=1)
    return account.name_grants.create(
        purpose="a study", given_by=by or make_user("", Role.SUPERVISOR), given_at=at, ends_at=at + timedelta(hours=1)
    )
