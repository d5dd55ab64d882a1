"""What the admin pages of this application have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest

from access.accounts import NotAllowed
from access.models import User


class KeptForGood(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that nobody deletes."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ChangedByActions(KeptForGood):
    """Rows that are shown, and changed by actions only."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def acting(request: HttpRequest) -> User:
    """Whoever is signed in: the back office lets nobody else in."""
    return cast(User, request.user)


@contextmanager
def refusals_shown(request: HttpRequest) -> Iterator[None]:
    """Show why something may not be done, instead of failing."""
    try:
        yield
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
