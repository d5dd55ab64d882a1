"""Copies that left the site: who still holds any, and the words that ask for their destruction."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from lineage.models import Disclosure


@dataclass(frozen=True, slots=True)
class Copies:
    """One recipient and how many copies. `account` 0 stands for whoever works on the server; `email` may be empty."""

    account: int
    email: str
    exports: int

    @property
    def words(self) -> str:
        """What they are asked, in the language in force."""
        ended = _(
            "The genealogy of models and datasets has ended, and everything that was harvested for it was deleted."
        )
        asked = _(
            "Number of files and dossiers that you received from it: {exports}. Please destroy them and every copy you "
            "made, also in backups and other tools, and answer this message once that is done: your answer is kept "
            "with the certificate of the purge."
        )
        return f"{ended}\n\n{asked.format(exports=self.exports)}"


def copies(*, at: datetime) -> Iterator[Copies]:
    """Everybody who may still hold a copy at `at`."""
    held = Counter(Disclosure.objects.filter(kept_until__gt=at).values_list("user_key", flat=True))
    emails = dict(get_user_model()._default_manager.filter(pk__in=held).values_list("pk", "email"))
    return (Copies(key, emails.get(key, ""), exports) for key, exports in sorted(held.items()))


def tell(*, at: datetime) -> int:
    """Send the request to everybody who has an address; returns how many. Who has none is on the list for a person."""
    told = [one for one in copies(at=at) if one.email]
    for one in told:
        send_mail(_("Please destroy your copies"), one.words, None, [one.email])
    return len(told)
