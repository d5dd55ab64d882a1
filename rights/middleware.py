"""What holds for every page of the back office's site: it stays shut while the database lacks what was carried out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rights import journal

WAIT_SECONDS = "300"


class LedgerMiddleware:
    """After a restore from an older backup, nothing is answered until “manage.py rights replay” was run."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not journal.behind():
            return self.get_response(request)
        answer = render(request, "rights/behind.html", status=503)
        answer.headers["Retry-After"] = WAIT_SECONDS
        return answer
