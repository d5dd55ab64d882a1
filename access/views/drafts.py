"""One's own draft of one form: read, saved and discarded by the script that watches the form."""

from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from access import drafts
from access.middleware import mark_use, not_a_use
from access.models import User


@not_a_use
@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def draft(request: HttpRequest, key: str) -> JsonResponse:
    """404 for a key that no page gave this account. Typing keeps a session open, asking again and again does not."""
    account = cast(User, request.user)
    if not drafts.is_own(key, account=account):
        raise Http404
    if request.method == "POST":
        return _save(request, key, account, at=timezone.now())
    if request.method == "DELETE":
        drafts.discard(key=key, account=account)
        return JsonResponse({})
    return JsonResponse(_found(key, account) | {"token": get_token(request)})


def _found(key: str, account: User) -> dict[str, Any]:
    kept = drafts.found(key=key, account=account)
    if kept is None:
        return {}
    moment = date_format(timezone.localtime(kept.at), "SHORT_DATETIME_FORMAT")
    said = _("A draft of this form was found, saved on {moment}. It was never sent.")
    return {"fields": kept.fields, "said": said.format(moment=moment)}


def _save(request: HttpRequest, key: str, account: User, *, at: datetime) -> JsonResponse:
    try:
        kept = drafts.save(drafts.read(request.body), key=key, account=account, at=at)
    except drafts.DraftRefused as refused:
        headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after else {}
        return JsonResponse({"said": str(refused)}, status=refused.status, headers=headers)
    if kept.changed:
        mark_use(request, at=at)
    moment = timezone.localtime(at)
    said = _("Draft saved at %(hour)s:%(minute)s.") % {"hour": moment.strftime("%H"), "minute": moment.strftime("%M")}
    return JsonResponse({"said": said})
