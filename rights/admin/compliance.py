"""The data protection officer's page: what is in force, what is open, and two documents in one click."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from lineage import consultations
from lineage.models import Consultation
from rights import processing
from rights.deadlines import legal_date
from rights.desk import oversight

VIEW = "rights.view_compliance"
RECORD, ANNEX = "record", "dpia"


def compliance_view(request: HttpRequest, each_context: dict[str, Any]) -> HttpResponse:
    """The page; `?document=record` the sheet of Art. 30, `?document=dpia` the annex, both in Markdown."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    at = timezone.now()
    document = request.GET.get("document", "")
    if document == RECORD:
        return _file("article-30", processing.record(on=legal_date(at)), at.date().isoformat())
    consultations.record(
        by=request.user, operation=Consultation.Operation.VIEW, at=at, reference="compliance", purpose=""
    )
    if document == ANNEX:
        return _file("dpia-annex", oversight.dpia_annex(at=at), at.date().isoformat())
    context = each_context | {"title": _("Data protection at a glance"), "seen": oversight.oversight(at=at)}
    return TemplateResponse(request, "admin/rights/rightscase/compliance.html", context)


def _file(name: str, lines: Iterable[str], day: str) -> HttpResponse:
    headers = {"Content-Disposition": f"attachment; filename={name}-{day}.md"}
    return HttpResponse("\n".join(lines) + "\n", content_type="text/markdown; charset=utf-8", headers=headers)
