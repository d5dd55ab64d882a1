"""The daily mail to each agent: which cases and referrals are due, by their short numbers.

No name, no word of a letter.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rights.deadlines import days_left, is_warned, is_working_day, legal_date
from rights.desk.handling import PROCESS
from rights.desk.listing import due_of
from rights.models import Exemption, Referral, RightsCase

OPINE = "rights.give_opinion"
MOST = 100  # cases of one list


class NotAllSent(Exception):
    """The mail server did not take the mails to these accounts, given by key; all others left."""

    def __init__(self, accounts: list[int]) -> None:
        super().__init__(f"not sent to {len(accounts)} accounts")
        self.accounts = accounts


def send(*, at: datetime, accounts: Collection[int] | None = None) -> int:
    """Mail every agent what is due of theirs and what is nobody's, and every DPO what awaits an opinion.

    Returns how many mails. None on a day off, and none where there is nothing to say; overdue cases are said every
    working day, the others 10, 5, 2 and 0 days before their end. `accounts`: only to these. Raises NotAllSent, after
    every mail was tried.
    """
    if not is_working_day(legal_date(at)):
        return 0
    staff = get_user_model()._default_manager.filter(is_active=True).exclude(email="").order_by("pk")
    sent, failed = 0, []
    for account in staff if accounts is None else staff.filter(pk__in=accounts):
        lines = list(_lines(account, at))
        if not lines:
            continue
        if _is_sent(account, lines, at):
            sent += 1
        else:
            failed.append(account.pk)
    if failed:
        raise NotAllSent(failed)
    return sent


def _is_sent(account: Any, lines: list[str], at: datetime) -> bool:
    subject = _("Rights cases, {day}").format(day=legal_date(at).isoformat())
    try:
        send_mail(subject, "\n".join(lines), None, [account.email])
    except (OSError, SMTPException):  # what the server says may hold the address: it goes into no log
        return False
    return True


def _lines(account: Any, at: datetime) -> Iterator[str]:
    if account.has_perm(PROCESS):
        open_cases = RightsCase.objects.open().confirmed().unopened().order_by("due_on", "pk")
        yield from _listed(_("Yours:"), open_cases.of(account.pk), at)
        yield from _listed(_("Nobody's:"), open_cases.unassigned(), at)
        referrals = Referral.objects.open().confirmed().unopened()
        yield from _listed(_("Referrals of yours:"), referrals.of(account.pk), at)
        yield from _listed(_("Nobody's referrals:"), referrals.unassigned(), at)
    if account.has_perm(OPINE):
        waiting = Exemption.objects.undecided().filter(opinion="").select_related("request__case")
        cases = [exemption.request.case for exemption in waiting[:MOST]]
        if cases:
            yield _("Awaiting your opinion: {numbers}").format(numbers=", ".join(map(str, cases)))


def _listed(title: str, cases: Iterable[RightsCase | Referral], at: datetime) -> Iterator[str]:
    """A list of the cases of which today is a day to warn; nothing for none."""
    today = legal_date(at)
    due = [case for case in cases if is_warned(due_of(case), on=today)]
    if due:
        yield title
        yield from (f"  {case}  {due_of(case).isoformat()}  {_left(case, at)}" for case in due[:MOST])
        if len(due) > MOST:
            yield f"  … + {len(due) - MOST}"


def _left(case: RightsCase | Referral, at: datetime) -> str:
    left = days_left(due_of(case), on=legal_date(at))
    if left < 0:
        return ngettext("overdue by {days} day", "overdue by {days} days", -left).format(days=-left)
    if left == 0:
        return _("due today")
    return ngettext("{days} day left", "{days} days left", left).format(days=left)
