"""What a caller asks for by what they say: their case by number, address or account; whether they were erased."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from lineage import consultations
from lineage.consultations import Reader
from lineage.hub.texts import account_typed
from lineage.models import Consultation
from lineage.naming import STAFF_ON_SERVER, names_by_key
from rights import suppressions
from rights.models import NameDoubt, RightsCase, Suppression
from rights.sealed import mark

MOST = 50


def find(sought: str) -> QuerySet[RightsCase]:
    """The cases of this number or reference, e-mail address or account, the latest first; none for nothing."""
    text = sought.strip()[:400]
    if not text:
        return RightsCase.objects.none()
    seen, number = mark(text), "".join(text.split())
    same = Q(contact_mark=seen) | Q(accounts__name_mark=seen)
    if number.isascii() and number.isalnum():
        same |= Q(number=number) | Q(reference=number.lower())
    keys = RightsCase.objects.filter(same).values("pk")
    return RightsCase.objects.unopened().filter(pk__in=keys).order_by("-received_at", "-pk")[:MOST]


def suppressed(typed: str, *, by: Reader, at: datetime) -> list[Suppression]:
    """“Did you erase me?”: the entries of the suppression list that an account meets, however its name is typed.

    Each entry once, whatever keys it stands under. The look-up is recorded, without what was typed. Raises KeysMissing.
    """
    account = account_typed(typed[:400])
    met = suppressions.find_account(account).order_by("pk") if account else ()
    found = list({entry.entry: entry for entry in met}.values())
    consultations.record(
        by=by,
        operation=Consultation.Operation.SEARCH,
        at=at,
        definition={"list": "suppression", "entries": [entry.pk for entry in found]},
    )
    return found


def doubtful(*, at: datetime) -> Iterator[tuple[NameDoubt, str]]:
    """The names in doubt, each with the name as whoever works on the server reads it; the read is recorded."""
    rows = list(NameDoubt.objects.order_by("pk"))
    names = names_by_key([row.artifact_key for row in rows], STAFF_ON_SERVER)
    consultations.record(
        by=consultations.ON_SERVER,
        operation=Consultation.Operation.VIEW,
        at=at,
        artifacts=list(names),
        definition={"list": "names in doubt"},
    )
    return ((row, names[row.artifact_key]) for row in rows)
