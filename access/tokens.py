"""Tokens by which programs read: made by their holder, shown once, kept as a digest, narrowed to their scopes."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from access.models import ApiToken, User
from access.roles import SEE_PERSON_NAMES
from access.scopes import Scope, let_through

PREFIX = "gnl_"  # so that whoever finds one in a file knows what it is, and search tools find it
LONGEST_DAYS = 365
MOST_TOKENS = 20  # in force at once, of one account
TOUCH_EVERY = timedelta(minutes=1)  # a use is noted no more often than this


class TokenRefused(Exception):
    """The token was not made; the text says why and what to do."""


@transaction.atomic
def make(
    *, account: User, name: str, scopes: Collection[Scope], days: int, at: datetime, is_verified: bool
) -> tuple[ApiToken, str]:
    """A new token and its text, which is told this once. Raises TokenRefused.

    `is_verified`: the holder gave the second factor, or the site asks for none.
    """
    User.objects.select_for_update().get(pk=account.pk)
    if refusal := _refusal(account, scopes, at, is_verified=is_verified):
        raise TokenRefused(refusal)
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        account=account,
        name=name,
        digest=digest_of(text),
        scopes=sorted(scope.value for scope in scopes),
        created_at=at,
        expires_at=at + timedelta(days=min(days, LONGEST_DAYS)),
    )
    token.full_clean()
    token.save()
    return token, text


def _refusal(account: User, scopes: Collection[Scope], at: datetime, *, is_verified: bool) -> str:
    if not is_verified:
        return _("Give your second factor first. No token was made.")
    if Scope.NAMES in scopes and not account.name_grants.in_force(at).exists():
        return _(
            "Names are let through only by a supervisor's leave, and none is in force for you. No token was made. "
            "Ask a supervisor, or leave that scope out."
        )
    if account.api_tokens.in_force(at).count() >= MOST_TOKENS:
        return _("You have {count} tokens in force. No token was made: revoke one first.").format(count=MOST_TOKENS)
    return ""


def revoke(*, account: User, key: int, at: datetime) -> bool:
    """Take one of the account's own tokens back; returns whether there was one in force."""
    return account.api_tokens.filter(pk=key).revoke(at) == 1


def revoke_all(*, account: User, at: datetime) -> int:
    """Take back every token of an account; returns how many were in force."""
    return account.api_tokens.all().revoke(at)


def bearer(text: str, *, at: datetime) -> User | None:
    """The account in whose name this token reads, able to do no more than its scopes let through; None if refused."""
    token = ApiToken.objects.in_force(at).select_related("account").filter(digest=digest_of(text)).first()
    if token is None or not token.account.is_active:
        return None
    _note_use(token, at)
    account: User = token.account
    account.narrow(_allowed(token, at))
    return account


def _allowed(token: ApiToken, at: datetime) -> frozenset[str]:
    """What its scopes let through. Names need a leave in force, whatever the roles of its account."""
    allowed = let_through(token.scopes)
    if SEE_PERSON_NAMES in allowed and not token.account.name_grants.in_force(at).exists():
        return allowed - {SEE_PERSON_NAMES}
    return allowed


def _note_use(token: ApiToken, at: datetime) -> None:
    if token.last_used_at is None or token.last_used_at <= at - TOUCH_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=at)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at.replace(second=0, microsecond=0))


def digest_of(text: str) -> str:
    """What is stored of a token. Its 256 random bits need no slow hash."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
