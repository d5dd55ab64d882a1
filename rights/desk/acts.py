"""What every act on a case has in common: it takes the case as it was seen, counts the dates anew, and is journaled."""

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from rights import journal
from rights.deadlines import due_on
from rights.models import RightsCase


class ActRefused(Exception):
    """The act cannot be, or not so. Nothing was changed. The words are for staff and name nobody."""


class Overtaken(ActRefused):
    """Somebody else changed the case since it was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else changed this case since you opened it. Nothing of yours was done: look at it again.")
        )


def take(case: RightsCase) -> RightsCase:
    """The case as it stands, for this act alone, if it is still the one that was seen. Raises Overtaken."""
    taken = RightsCase.objects.filter(pk=case.pk, version=case.version).update(version=F("version") + 1)
    if not taken:
        raise Overtaken
    case.version += 1
    return RightsCase.objects.get(pk=case.pk)


def entered(case: RightsCase, act: str, *, by: int, at: datetime, **details: int | str) -> None:
    """Write the act into the journal, under the opaque reference of its case."""
    journal.enter(act=act, by=by, at=at, reference=case.reference, details=details)


def count_dates(case: RightsCase) -> None:
    """Set both dates anew, from receipt, extension and answered questions. The caller saves them."""
    extended = case.extension_sent_on is not None
    stopping = case.questions.stopping().values_list("asked_on", "answered_on")
    suspensions = [(asked, answered) for asked, answered in stopping if answered]
    case.due_on = due_on(case.received_on, extended=extended)
    case.latest_on = due_on(case.received_on, extended=extended, suspensions=suspensions)
