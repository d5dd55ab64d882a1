"""The statistics of the desk as a page and as a file."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from rights.admin.chart import bars
from rights.deadlines import legal_date
from rights.desk import statistics

FIRST_YEAR = 2018  # the GDPR applies since then


def statistics_view(request: HttpRequest, each_context: dict[str, Any], *, may_view: bool) -> HttpResponse:
    """One year of the desk: `?year=`, this one where it is none; `?format=csv` for the file."""
    if not may_view:
        raise PermissionDenied
    today = legal_date(timezone.now())
    asked = request.GET.get("year", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
    told = statistics.year(min(max(number, FIRST_YEAR), today.year), on=today)
    if request.GET.get("format") == "csv":
        name = f"attachment; filename=statistics-{told.year}.csv"
        return HttpResponse(statistics.as_csv(told), content_type="text/csv", headers={"Content-Disposition": name})
    context = each_context | {
        "title": _("Statistics of {year}").format(year=told.year),
        "told": told,
        "headings": statistics.headings(),
        "rows": [statistics.cells(line) for line in told.lines],
        "bars": bars(told),
        "years": range(today.year, max(FIRST_YEAR, today.year - 5) - 1, -1),
    }
    return TemplateResponse(request, "admin/rights/rightscase/statistics.html", context)
