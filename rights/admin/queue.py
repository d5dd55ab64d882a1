"""How the queue is cut: its saved addresses, its facets, and the badge of each case."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from rights.admin.slots import agents
from rights.deadlines import OVERDUE, days_left, legal_date, urgency
from rights.desk.listing import due_of
from rights.models import IncomingLetter, Referral, RightsCase
from rights.vocabulary import Right

SOON = timedelta(days=7)
QUEUES: Mapping[str, Promise] = {
    "mine": gettext_lazy("mine"),
    "unassigned": gettext_lazy("unassigned"),
    "overdue": gettext_lazy("overdue"),
    "week": gettext_lazy("due within 7 days"),
    "unconfirmed": gettext_lazy("not confirmed"),
    "returned": gettext_lazy("mail came back"),
    "closed": pgettext_lazy("a case", "closed"),
}
REFERRAL_QUEUES = {word: label for word, label in QUEUES.items() if word != "returned"}


class QueueFilter(admin.SimpleListFilter):
    """The saved addresses. Without one: all that is open and confirmed."""

    title, parameter_name = gettext_lazy("queue"), "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(QUEUES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = legal_date(timezone.now())
        return cut(queryset, self.value() or "", account=request.user.pk or 0, on=today)


class ReferralQueueFilter(QueueFilter):
    """The same addresses for referrals, which have a house's day to be answered by."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(REFERRAL_QUEUES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = legal_date(timezone.now())
        return cut_referrals(queryset, self.value() or "", account=request.user.pk or 0, on=today)


class RightFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("right"), "right"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Right.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(requests__right=self.value()) if self.value() else queryset


class AgentFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("agent"), "agent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(agents())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        return queryset.filter(agent=int(value)) if value.isdigit() and len(value) < 19 else queryset


def cut(cases: QuerySet[Any], queue: str, *, account: int, on: date) -> QuerySet[Any]:
    """The cases of one saved address on the day `on`; of none, all that are open and confirmed."""
    if queue == "closed":
        return cases.filter(closed_at__isnull=False).order_by("-closed_at")
    if queue == "unconfirmed":
        return cases.filter(closed_at=None, confirmed_at=None)
    kept = RightsCase.objects.open().confirmed()
    cuts = {
        "mine": kept.of(account),
        "unassigned": kept.unassigned(),
        "overdue": kept.overdue(on),
        "week": kept.due_by(on + SOON),
        "returned": kept.filter(pk__in=IncomingLetter.objects.unheeded().values("case")),
    }
    return cases.filter(pk__in=cuts.get(queue, kept).values("pk"))


def cut_referrals(referrals: QuerySet[Any], queue: str, *, account: int, on: date) -> QuerySet[Any]:
    """The referrals of one saved address on the day `on`; of none, all that are open and confirmed."""
    if queue == "closed":
        return referrals.filter(closed_at__isnull=False).order_by("-closed_at")
    if queue == "unconfirmed":
        return referrals.filter(closed_at=None, confirmed_at=None)
    kept = Referral.objects.open().confirmed()
    cuts = {
        "mine": kept.of(account),
        "unassigned": kept.unassigned(),
        "overdue": kept.overdue(on),
        "week": kept.aimed_by(on + SOON),
    }
    return referrals.filter(pk__in=cuts.get(queue, kept).values("pk"))


def badge(case: RightsCase | Referral, *, on: date) -> SafeString:
    """How many days are left, in words as well as in colour."""
    if case.closed_at is not None:
        return format_html('<span class="badge">{}</span>', pgettext("a case", "closed"))
    mark, left = urgency(due_of(case), on=on), days_left(due_of(case), on=on)
    name = {None: "calm", OVERDUE: "overdue"}.get(mark, str(mark))
    return format_html('<span class="badge badge--{}">{}</span>', name, left_words(left))


def left_words(left: int) -> str:
    """The days left as words."""
    if left < 0:
        return ngettext("overdue by {days} day", "overdue by {days} days", -left).format(days=-left)
    if left == 0:
        return _("due today")
    return ngettext("{days} day left", "{days} days left", left).format(days=left)
