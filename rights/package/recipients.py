"""Who received what, as a person is told: outside researchers by name, staff by what they are."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model

from access.roles import Role
from rights.register import Recipient


def recipients(keys: Iterable[int]) -> dict[int, str]:
    """What each account of this site is called as a recipient. Who acts for the department is the department."""
    named = {key: str(Recipient.AGENTS.label) for key in keys}
    researchers = get_user_model()._default_manager.filter(pk__in=named, groups__name=Role.RESEARCHER)
    return named | {account.pk: account.get_full_name() or account.get_username() for account in researchers}
