"""The site's addresses, and two constant answers: what a signed-in page, and one to a program, cost before they say anything."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

ROWS = [
    {"name": f"organisation/model-{number}", "depth": number % 7, "downloads": number * 991} for number in range(50)
]


@login_required
def constant(request: HttpRequest) -> HttpResponse:
    """Fifty rows, the same each time, in the site's own frame."""
    return render(request, "benchmarks/constant.html", {"rows": ROWS})


@api_view(["GET"])
def constant_answer(request: Request) -> Response:
    """One row, the same each time, behind the interface's own token, permission and rate."""
    return Response(ROWS[0])


urlpatterns = [
    path("bench/constant/", constant),
    path("bench/constant.json", constant_answer),
    path("", include("genealogy_site.urls")),
]
