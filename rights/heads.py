"""The head of the journal, sent each month to somebody who keeps it elsewhere: the data protection officer."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from rights import journal
from rights.deadlines import legal_date

RECEIVE = "rights.receive_journal_head"


def send(*, at: datetime) -> int:
    """Mail number, chain, date and count to everybody who receives them; returns how many. No name is in it.

    A journal that does not verify is said to be so, in the same mail.
    """
    found = journal.verify()
    day = legal_date(at).isoformat()
    keep = _(
        "Keep this message. “manage.py rights verify-journal --head NUMBER:CHAIN” shows later whether the journal "
        "still holds what it held today."
    )
    lines = (
        _("Journal of rights, {day}").format(day=day),
        _("Entries: {entries}").format(entries=found.entries),
        _("Head: {head}").format(head=found.head or _("none")),
        found.fault or _("Nothing was changed, removed, added or cut off."),
        keep,
    )
    words = "\n\n".join(lines)
    addresses = _addresses()
    for address in addresses:
        send_mail(_("Head of the journal, {day}").format(day=day), words, None, [address])
    return len(addresses)


def _addresses() -> list[str]:
    accounts = get_user_model()._default_manager.filter(is_active=True).exclude(email="").order_by("pk")
    return [account.email for account in accounts if account.has_perm(RECEIVE)]
