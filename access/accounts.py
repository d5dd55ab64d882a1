"""What is done to accounts: created, given roles, closed; their sessions ended; a second factor reset by two.

`by` is the account that acts, None for whoever runs a command on the server.
"""

from collections.abc import Collection
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _

from access import drafts, second_factor, tokens
from access.models import NameGrant, SecondFactorReset, Session, User, end_sessions
from access.roles import CONFIRM_RESET, GRANT_NAMES, MANAGE_ACCOUNTS, Role


class NotAllowed(Exception):
    """What was asked may not be done; the text says why, what was kept and what to do."""


class SetUpKeys(PasswordResetTokenGenerator):
    """Keys of one-time links: void once a password is set, after sign-in, and after PASSWORD_RESET_TIMEOUT."""

    key_salt = "access.accounts.SetUpKeys"


KEYS = SetUpKeys()


def create(
    *, username: str, roles: Collection[Role], by: User | None, at: datetime, is_superuser: bool = False
) -> User:
    """A new open account without a password: its holder sets one by the one-time link."""
    with transaction.atomic():
        account = User(username=username, is_superuser=is_superuser, date_joined=at)
        account.set_unusable_password()
        account.full_clean()
        account.save()
        set_roles(account=account, roles=roles, by=by, at=at)
    return account


def set_roles(*, account: User, roles: Collection[Role], by: User | None, at: datetime) -> None:
    """Give an account exactly these roles; losing one ends its tokens. Raises NotAllowed, as `check_roles` does."""
    names = [role.value for role in roles]
    with transaction.atomic():
        check_roles(account=account, roles=roles, by=by)
        if account.groups.exclude(name__in=names).exists():
            tokens.revoke_all(account=account, at=at)
        account.groups.set(Group.objects.filter(name__in=names))
    account.refresh_from_db()


def check_roles(*, account: User, roles: Collection[Role], by: User | None) -> None:
    """Raises NotAllowed for a change of one's own roles, and for one that leaves no supervisor."""
    if by == account and set(roles) != set(account.roles):
        raise NotAllowed(_("Nobody changes their own roles. Nothing was changed: ask another administrator."))
    if account.pk and Role.SUPERVISOR not in roles:
        _keep_a_supervisor_besides(account)


def close(*, account: User, by: User | None, at: datetime) -> None:
    """Close the account of someone who left: no sign-in, sessions, devices, drafts, tokens. Raises NotAllowed."""
    if by == account:
        raise NotAllowed(_("Nobody closes their own account. Nothing was changed: ask another administrator."))
    with transaction.atomic():
        _keep_a_supervisor_besides(account)
        account.is_active, account.closed_at = False, at
        account.set_unusable_password()
        account.save()
        end_sessions(account)
        second_factor.forget(account)
        account.drafts.all().delete()
        tokens.revoke_all(account=account, at=at)


def set_up_key(account: User) -> str:
    """The key of a one-time link by which the holder sets a password."""
    return f"{int_to_base36(account.pk)}.{KEYS.make_token(account)}"


def account_of_key(key: str) -> User | None:
    """The open account whose link this is; None for one that was used, is too old or was made up."""
    number, _, token = key.partition(".")
    try:
        account = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    return account if account and KEYS.check_token(account, token) else None


def set_up(*, account: User, key: str, password: str) -> bool:
    """Set the password by a one-time link and end the sessions; returns whether the link was still good."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=account.pk)  # of two at once, the second finds the link used
        held = account_of_key(key)
        if held != account:
            return False
        held.set_password(password)
        held.save()
        end_sessions(held)
    return True


def ask_reset(*, account: User, by: User, at: datetime) -> SecondFactorReset:
    """First of two persons: ask that the account's second factor be forgotten. Raises NotAllowed."""
    if by == account or not by.has_perm(MANAGE_ACCOUNTS):
        raise NotAllowed(_("Another administrator must ask for this reset. Nothing was changed."))
    waiting = SecondFactorReset.objects.waiting(at).filter(account=account).first()
    return waiting or SecondFactorReset.objects.create(account=account, asked_by=by, asked_at=at)


def confirm_reset(*, reset: SecondFactorReset, by: User, at: datetime) -> None:
    """Second of two persons: forget the devices, end the sessions and tokens. Raises NotAllowed."""
    with transaction.atomic():
        held = SecondFactorReset.objects.select_for_update().waiting(at).filter(pk=reset.pk).first()
        if held is None:
            raise NotAllowed(_("This reset was confirmed already, or waited too long. Nothing was changed: ask anew."))
        if by.pk in (held.asked_by_id, held.account_id) or not by.has_perm(CONFIRM_RESET):
            raise NotAllowed(_("A second person must confirm: neither the holder nor who asked. Nothing was changed."))
        held.confirmed_by, held.confirmed_at = by, at
        held.save()
        end_sessions(held.account)
        second_factor.forget(held.account)
        tokens.revoke_all(account=held.account, at=at)


def grant_names(*, account: User, purpose: str, ends_at: datetime, by: User, at: datetime) -> NameGrant:
    """A supervisor lets a researcher see names until `ends_at`. Raises NotAllowed."""
    if Role.RESEARCHER not in account.roles or by == account or not by.has_perm(GRANT_NAMES):
        raise NotAllowed(_("Only a supervisor lets a researcher see names. Nothing was changed."))
    grant = NameGrant(account=account, purpose=purpose, ends_at=ends_at, given_by=by, given_at=at)
    grant.full_clean()
    grant.save()
    return grant


def withdraw_names(*, grant: NameGrant, at: datetime) -> None:
    """Take a leave back before its end: names are masked again at once."""
    grant.withdrawn_at = at
    grant.save(update_fields=["withdrawn_at"])


def forget_traces(*, at: datetime) -> None:
    """Remove sessions and failed sign-ins that no longer count at `at`, and old drafts."""
    drafts.forget(at=at)
    Session.objects.filter(expire_date__lt=at).delete()
    AccessAttempt.objects.filter(attempt_time__lt=at - settings.AXES_COOLOFF_TIME).delete()


def _keep_a_supervisor_besides(account: User) -> None:
    """Raises NotAllowed if `account` is the only open one that supervises."""
    supervisors = Group.objects.select_for_update().get(name=Role.SUPERVISOR.value).user_set
    if set(supervisors.filter(is_active=True).values_list("pk", flat=True)) == {account.pk}:
        raise NotAllowed(
            _("This is the last supervisor: nothing was changed. Give another account the role first, then try again.")
        )
