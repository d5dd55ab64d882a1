"""A queue, under the filters of its address, as a file without any name of a person."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from lineage import consultations
from lineage.models import Consultation
from rights.deadlines import legal_date
from rights.desk.listing import Line, as_csv, as_xlsx

FILES = {
    "csv": (as_csv, "text/csv"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def queue(admin: "ModelAdmin[Any]", request: HttpRequest) -> QuerySet[Any]:
    """The rows under the filters of the address. Raises Http404 for filters that there are not."""
    try:
        return admin.get_changelist_instance(request).get_queryset(request)
    except IncorrectLookupParameters:
        raise Http404 from None


def queue_file(
    request: HttpRequest, rows: Iterable[Any], *, suffix: str, kind: str, lines: Callable[..., Iterator[Line]]
) -> HttpResponse:
    """The rows in a file of this kind; that they were taken out is recorded. Raises Http404 for a format unknown."""
    if suffix not in FILES:
        raise Http404
    letters = list(rows)
    write, media = FILES[suffix]
    at = timezone.now()
    today: date = legal_date(at)
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.EXPORT,
        at=at,
        definition={"list": kind, "cases": [letter.pk for letter in letters]},
    )
    name = f"attachment; filename={kind}-{today}.{suffix}"
    return HttpResponse(write(lines(letters, on=today)), content_type=media, headers={"Content-Disposition": name})
