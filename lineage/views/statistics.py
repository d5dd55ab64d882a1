"""The study of the ecosystem: charts, each with its table and file, and the totals that may be published."""

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lineage import consultations, disclosures
from lineage.exports.text import inert
from lineage.forms import StatisticsForm
from lineage.models import Consultation, Statistic
from lineage.naming import names_by_key, viewer_of
from lineage.statistics import charts, telling
from lineage.statistics.publication import published
from lineage.statistics.telling import Table
from lineage.views.gate import readers_only
from lineage.vocabulary import Measure

IN_TIME = {Measure.MODELS, Measure.DATASETS, Measure.DEPTH}  # drawn as columns, in order


@readers_only
@require_safe
def statistics_page(request: HttpRequest) -> HttpResponseBase:
    """Every measure of the period and family in the address; recorded, since families and datasets are named."""
    viewer = viewer_of(request.user)
    families = names_by_key(telling.families(), viewer)
    form = StatisticsForm.of_address(request.GET, telling.periods(), families)
    period, family = form.asked()
    told = telling.tables(viewer, period=period, family=family)
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.VIEW,
        at=timezone.now(),
        reference="statistics",
        definition={"period": period, "family": family},
        artifacts={*families, *(key for table in told for key in table.keys)},
    )
    context = {"form": form, "tables": [_drawn(table) for table in told], "as_of": _as_of()}
    return render(request, "lineage/statistics.html", context)


@readers_only
@require_safe
def statistics_file(request: HttpRequest, measure: str) -> HttpResponseBase:
    """One measure as CSV, under the same filters and masking. One that names artifacts stands in the ledger."""
    if measure not in set(Measure):
        raise Http404
    viewer = viewer_of(request.user)
    form = StatisticsForm.of_address(request.GET, telling.periods(), dict.fromkeys(telling.families(), ""))
    period, family = form.asked()
    table = telling.table(Measure(measure), viewer, period=period, family=family)
    if table is None:
        raise Http404
    definition = {"measure": measure, "period": period, "family": family}
    if table.keys or family:
        disclosures.hand_over_table(
            reference=f"statistics:{measure}",
            definition=definition,
            artifacts=table.keys | ({family} if family else set()),
            by=request.user,
            at=timezone.now(),
        )
    rows = [(inert(line.text), line.number, "" if line.share is None else round(line.share, 6)) for line in table.lines]
    if table.others:
        rows.append(("…", table.others, round(table.others / table.total, 6)))
    return _csv(f"{measure}.csv", [("label", "number", "share"), *rows])


@readers_only
@require_safe
def publication_file(request: HttpRequest) -> HttpResponseBase:
    """The totals that may be published, as CSV: no artifact, no account, no small number."""
    rows = [(measure.value, period, inert(text), number) for measure, period, text, number in published()]
    return _csv("publication.csv", [("measure", "period", "label", "number"), *rows])


def _csv(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return HttpResponse(
        text.getvalue().encode(errors="replace"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _drawn(table: Table) -> dict[str, object]:
    """A table with its chart."""
    cells = [(line.text, line.number) for line in table.lines]
    drawn: dict[str, object] = {"table": table}
    if table.measure in IN_TIME:
        return drawn | {
            "columns": charts.columns(charts.every_month(cells)),
            "greatest": max(number for _text, number in cells),
        }
    if table.measure == Measure.CONCENTRATION:
        return drawn
    bars = charts.bars(cells)
    return drawn | {"bars": bars, "height": charts.bars_height(bars)}


def _as_of() -> datetime | None:
    return Statistic.objects.values_list("as_of", flat=True).first()
