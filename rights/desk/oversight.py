"""What the data protection officer sees at a glance, and the annex of a DPIA: read out of what is recorded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_celery_beat.models import PeriodicTask

from rights import processing
from rights.deadlines import legal_date
from rights.desk import statistics
from rights.models import Exemption, JournalEntry, Notice, RightsCase, Suppression
from rights.register import REGISTER, Category
from rights.register.words import USES
from rights.retention import APPLIED_BY

MOST_DECIDED = 20


@dataclass(frozen=True, slots=True)
class Oversight:
    """The page of the data protection officer on one day."""

    notice: Notice | None
    uses: list[tuple[str, str, str, str, str]]
    exceptions: list[Exemption]
    decided: list[Exemption]
    runs: list[Any]
    suppressions: list[Mapping[str, Any]]
    reviews_due: int
    head: JournalEntry | None
    cases: Mapping[str, int]


def oversight(*, at: datetime) -> Oversight:
    """Everything on the page, as it stands at `at`."""
    today = legal_date(at)
    exemptions = Exemption.objects.select_related("request__case", "asked_by", "opinion_by", "decided_by")
    return Oversight(
        notice=Notice.objects.in_force(today),
        uses=list(_uses()),
        exceptions=list(exemptions.undecided()),
        decided=list(exemptions.exclude(decided_at=None).order_by("-decided_at")[:MOST_DECIDED]),
        runs=list(retention_runs()),
        suppressions=list(_suppressions()),
        reviews_due=Suppression.objects.filter(review_on__lte=today).values("entry").distinct().count(),
        head=JournalEntry.objects.order_by("number").last(),
        cases=_cases(today),
    )


def retention_runs() -> Iterator[Any]:
    """The scheduled tasks that apply the periods of the register: when each ran last, and how often."""
    names = sorted({task for task in APPLIED_BY.values() if task})
    yield from PeriodicTask.objects.filter(task__in=names).order_by("task")


def dpia_annex(*, at: datetime) -> Iterator[str]:
    """The lines of the annex, in Markdown and the language in force: what is processed, how much, under what care."""
    today = legal_date(at)
    seen = oversight(at=at)
    yield "# " + _("Annex of the data protection impact assessment")
    yield ""
    yield from _counted(seen, today)
    yield ""
    yield "## " + _("Exceptions to rights")
    yield ""
    for exemption in (*seen.exceptions, *seen.decided):
        yield f"- {exemption.request.case}: {exemption.get_ground_display()}. " + _said(exemption)
    if not (seen.exceptions or seen.decided):
        yield "- " + pgettext("exceptions or entries", "none")
    yield ""
    for line in processing.record(on=today):
        yield f"#{line}" if line.startswith("#") else line  # one level down: it is a part here


def _counted(seen: Oversight, today: date) -> Iterator[str]:
    this_year = statistics.year(today.year, on=today).lines[0]
    version = seen.notice.version if seen.notice else _("none in force")
    personal = sum(field.entry.is_personal for field in REGISTER.values())
    words = (
        (_("As of"), today.isoformat()),
        (_("Notice in force"), version),
        (_("Fields that hold personal data"), f"{personal} / {len(REGISTER)}"),
        (_("Rights asked for this year"), this_year.received),
        (_("Ended in time, per cent"), "–" if this_year.share_on_time is None else this_year.share_on_time),
        (_("Accounts kept out"), sum(row["entries"] for row in seen.suppressions)),
        (_("Records left out by harvests because of it"), sum(row["hits"] or 0 for row in seen.suppressions)),
        (_("Journal entries"), seen.head.number if seen.head else 0),
        (_("Head of the journal"), seen.head.chain if seen.head else "–"),
    )
    yield from (f"- **{word}**: {said}" for word, said in words)
    yield ""
    yield "## " + _("Deletion when a period is over")
    yield ""
    for run in seen.runs:
        last = run.last_run_at.isoformat(timespec="minutes") if run.last_run_at else _("not yet")
        yield f"- {run.name}: {last} ({run.total_run_count})"


def _said(exemption: Exemption) -> str:
    opinion = exemption.get_opinion_display() if exemption.opinion else _("not given yet")
    decided = {None: _("not decided yet"), True: _("the exception applies"), False: _("the exception does not apply")}
    return _("Opinion: {opinion}. Decision: {decision}.").format(opinion=opinion, decision=decided[exemption.applies])


def _uses() -> Iterator[tuple[str, str, str, str, str]]:
    """Each category of personal data: whose, what for, who sees it, how long."""
    for category in Category:
        use = USES[category]
        kept = dict.fromkeys(
            str(field.retention.label) for field in REGISTER.values() if field.entry.category == category
        )
        if use.subjects:
            yield (
                str(category.label),
                _("; ").join(str(subject.label) for subject in use.subjects),
                str(use.purpose.label),
                _("; ").join(str(recipient.label) for recipient in use.recipients),
                _("; ").join(kept),
            )


def _suppressions() -> Iterator[Mapping[str, Any]]:
    labels = dict(Suppression.Ground.choices)
    grounds = Suppression.objects.values("ground").order_by("ground")
    for row in grounds.annotate(entries=Count("entry", distinct=True), hits=Sum("hits")):
        yield {**row, "label": labels[row["ground"]]}


def _cases(today: date) -> Mapping[str, int]:
    waits = Q(closed_at=None, confirmed_at__isnull=False)
    return RightsCase.objects.aggregate(
        open=Count("pk", filter=waits),
        overdue=Count("pk", filter=waits & Q(due_on__lt=today)),
        held=Count("pk", filter=Q(legal_hold_at__isnull=False)),
    )
