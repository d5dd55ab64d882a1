"""The copy of a person's data that waits, for an agent to hand over where the person cannot fetch it themselves."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lineage import consultations
from lineage.models import Consultation
from rights.desk.handling import PROCESS
from rights.models import AccessPackage, RightsCase
from rights.package.deposits import PackageRefused, open_with

LONGEST = 100  # characters of a code as it is typed


@require_POST
@sensitive_post_parameters("code")
def copy_view(request: HttpRequest, key: int) -> HttpResponse:
    """The archive, opened with the code that was shown when it was drawn up. The read is recorded for its case."""
    if not request.user.has_perm(PROCESS):
        raise PermissionDenied
    at = timezone.now()
    waiting = get_object_or_404(AccessPackage.objects.waiting(at).defer("body"), pk=key)
    case = get_object_or_404(RightsCase, reference=waiting.reference)
    try:
        body = open_with(token=waiting.token, code=request.POST.get("code", "")[:LONGEST], at=at)
    except PackageRefused as refused:
        messages.error(request, str(refused))
        return redirect("admin:rights_rightscase_change", case.pk)
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.EXPORT,
        at=at,
        purpose=case.reference,
        definition={"package": waiting.pk},
    )
    headers = {"Content-Disposition": f"attachment; filename=copy-{case.number}.zip"}
    return HttpResponse(body, content_type="application/zip", headers=headers)
