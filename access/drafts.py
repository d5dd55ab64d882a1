"""Drafts: what is typed into a form is kept on the server, so that a session that ends loses nobody's text.

A draft is its writer's alone. Its key says which form of which account it is, without saying it to a reader, and
cannot be made up; so nobody fills the table with keys, and somebody else's key leads nowhere.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from access import sealing
from access.models import Draft, User

KEPT_FOR = timedelta(days=7)
LONGEST = 256 * 1024  # bytes of one draft
MOST_FIELDS = 200
SAVES_A_MINUTE = 30  # someone who types without a rest saves once in two seconds
SENT_WITH = "_draft"  # the hidden field in which the script names the draft of the form it sends

Fields = list[tuple[str, str]]


class DraftRefused(Exception):
    """The text was not kept. The words are for its writer; `status` for the script."""

    def __init__(self, words: str, *, status: int, retry_after: int = 0) -> None:
        super().__init__(words)
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft as its writer reads it back."""

    fields: Fields
    at: datetime
    changed: bool = False


def key_of(form: str, *, account: User) -> str:
    """The opaque key of this account's draft of a form; `form` is any text that tells it from the other forms."""
    page = salted_hmac("access.drafts.page", form, algorithm="sha256").hexdigest()[:24]
    return f"{page}-{_mark(page, account)}"


def is_own(key: str, *, account: User) -> bool:
    """Whether a page of this site gave this account this key."""
    page, _dash, mark = key.partition("-")
    return constant_time_compare(mark, _mark(page, account))


def read(text: bytes) -> Fields:
    """The fields as the script sends them: [[name, value], …]. Raises DraftRefused."""
    if len(text) > LONGEST:
        raise DraftRefused(
            _(
                "The draft was not saved: this text is too long to be kept as a draft ({kilobytes} kB at most). "
                "It is still on this page: send the form, or keep a copy of it."
            ).format(kilobytes=LONGEST // 1024),
            status=413,
        )
    try:
        fields = json.loads(text)
    except ValueError:
        fields = None
    if not _are_fields(fields):
        raise DraftRefused(_("The draft was not saved: what was sent is not a form."), status=400)
    return [(name, value) for name, value in fields]


def save(fields: Fields, *, key: str, account: User, at: datetime) -> Saved:
    """Keep the fields as the account's draft under its own `key`. Raises DraftRefused where they come too often."""
    text = json.dumps(fields)
    with transaction.atomic():
        new = {"sealed": "", "saved_at": at, "minute": at, "saves": 0}
        draft, _is_new = Draft.objects.select_for_update().get_or_create(account=account, page=key, defaults=new)
        changed = _opened(draft) != text
        _count(draft, at=at)
        draft.sealed, draft.saved_at = sealing.seal(text, holder=_holder(draft)), at
        draft.save()
    return Saved(fields, at, changed)


def found(*, key: str, account: User) -> Saved | None:
    """The account's draft under `key`, if there is one that can be opened."""
    draft = Draft.objects.filter(account=account, page=key).first()
    text = _opened(draft) if draft else None
    return Saved([(name, value) for name, value in json.loads(text)], draft.saved_at) if draft and text else None


def discard(*, key: str, account: User) -> bool:
    """Delete the account's draft under `key`. Returns whether there was one."""
    return bool(Draft.objects.filter(account=account, page=key).delete()[0])


def forget(*, at: datetime) -> int:
    """Delete the drafts that nobody wrote to for seven days, and those of closed accounts. Returns how many."""
    return Draft.objects.stale(at - KEPT_FOR).delete()[0]


def _count(draft: Draft, *, at: datetime) -> None:
    """One more save in this minute. Raises DraftRefused where there were enough."""
    if at - draft.minute >= timedelta(minutes=1):
        draft.minute, draft.saves = at, 0
    if draft.saves >= SAVES_A_MINUTE:
        wait = 60 - int((at - draft.minute).total_seconds())
        raise DraftRefused(
            _("The draft was not saved yet: it was saved very often. It is still on this page and will be saved soon."),
            status=429,
            retry_after=max(wait, 1),
        )
    draft.saves += 1


def _opened(draft: Draft) -> str | None:
    return sealing.unseal(draft.sealed, holder=_holder(draft))


def _holder(draft: Draft) -> str:
    return f"draft:{draft.account_id}:{draft.page}"


def _mark(page: str, account: User) -> str:
    return salted_hmac("access.drafts.mark", f"{account.pk}:{page}", algorithm="sha256").hexdigest()[:32]


def _are_fields(fields: object) -> bool:
    if not isinstance(fields, Sequence) or isinstance(fields, str) or len(fields) > MOST_FIELDS:
        return False
    return all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair) for pair in fields
    )
