"""A file that came with a letter, handed to whoever may see its case: always to be saved, never opened by the site."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header

from lineage import consultations
from lineage.models import Consultation
from rights.desk.handling import PROCESS
from rights.filetypes import MEDIA_TYPES, FileKind
from rights.models import Attachment, IncomingLetter

CASE, REFERRAL = "rights.view_rightscase", "rights.view_referral"


def attachment_view(request: HttpRequest, key: int) -> HttpResponse:
    """The file. Reading it is recorded, for its case or referral."""
    if not any(request.user.has_perm(permission) for permission in (CASE, REFERRAL, PROCESS)):
        raise PermissionDenied
    found = get_object_or_404(Attachment.objects.unopened().select_related("letter__case", "letter__referral"), pk=key)
    if not request.user.has_perm(permission_for(found.letter)):
        raise PermissionDenied
    record_read(request, found.letter)
    content = Attachment.objects.get(pk=key).content
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=found.name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=MEDIA_TYPES[FileKind(found.kind)], headers=headers)


def permission_for(letter: IncomingLetter) -> str:
    """Who may see a letter and what came with it: who may see its case; while it waits, who enters it."""
    if letter.case_id is not None:
        return CASE
    return PROCESS if letter.referral_id is None else REFERRAL


def record_read(request: HttpRequest, letter: IncomingLetter) -> None:
    """One read of a letter, for what it belongs to; `case:` where it is a case's, so that a breach finds its writer."""
    matter = letter.case or letter.referral
    what = f"{matter._meta.model_name}:{matter.pk}".replace("rightscase", "case") if matter else f"incoming:{letter.pk}"
    if isinstance(request.user, AnonymousUser):
        raise PermissionDenied
    consultations.record(
        by=request.user,
        operation=Consultation.Operation.VIEW,
        at=timezone.now(),
        reference=what,
        purpose=matter.reference if matter else "",
    )
