"""For which case the pages of the genealogy are read: carried sealed in their addresses, from the case's page on.

Only the page of a case makes such a seal, for whoever reads the case there; nobody else's opens it. While links are
followed it is taken from the page one comes from, and put into the address, so that each read says what it was for.
"""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from lineage.consultations import serving
from lineage.sealing import PURPOSE, seal, unseal

PARAMETER = "for"
LONGEST = 1_000  # characters of a seal
READ = ("GET", "HEAD")


class PurposeMiddleware:
    """Every read in a request that names a case is recorded for that case."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        brought = _brought(request)
        if brought:
            return redirect(f"{request.path}?{_with(request, brought)}")
        token = request.GET.get(PARAMETER, "") if request.method in READ else _of_referer(request)
        request.purpose = opened(request, token)  # type: ignore[attr-defined]
        with serving(request.purpose):  # type: ignore[attr-defined]
            return self.get_response(request)


def sealed_for(reference: str, *, reader: int) -> str:
    """The seal that says that `reader` reads for the case of this reference: to be made on that case's page alone."""
    return seal(reference, holder=reader, use=PURPOSE)


def opened(request: HttpRequest, token: str) -> str:
    """The reference of the case; "" where the seal is not this reader's, or is none."""
    if not token or len(token) > LONGEST:
        return ""
    return unseal(token, holder=request.user.pk or 0, use=PURPOSE) or ""


def _brought(request: HttpRequest) -> str:
    """The seal in the address of the page that one comes from, where this address says nothing of a purpose itself."""
    if request.method not in READ or PARAMETER in request.GET or not _is_of_the_genealogy(request):
        return ""
    token = _of_referer(request)
    return token if opened(request, token) else ""


def _of_referer(request: HttpRequest) -> str:
    """The seal in the address of the page that one comes from; "" for a page of another site."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc != request.get_host():
        return ""
    return parse_qs(came_from.query).get(PARAMETER, [""])[0]


def _is_of_the_genealogy(request: HttpRequest) -> bool:
    """Whether this is a page of the genealogy, and no piece that a script asks for or part of the back office."""
    return not request.path.startswith(("/admin/", "/account/", "/api/", "/static/", "/language/"))


def _with(request: HttpRequest, token: str) -> str:
    query = request.GET.copy()
    query[PARAMETER] = token
    return query.urlencode()
