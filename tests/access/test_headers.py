"""The headers of every answer, whatever its status."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from access.roles import Role
from tests.access.sign_in import verified_client
from tests.factories import make_user

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
}
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault")


urlpatterns = [path("fault/", fail), path("", include("genealogy_site.urls"))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def agent() -> Client:
    client = verified_client(make_user("", Role.AGENT, Role.ADMINISTRATOR))
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("address", "status", "extra"),
    [
        ("/", 200, {}),
        ("/account/", 200, {}),
        ("/account/second-factor/qr.svg", 200, {}),
        ("/admin/", 200, {}),
        ("/healthz", 200, {}),
        ("/static/css/base.css", 200, {}),
        ("/account/sign-out/", 405, {}),
        ("/admin", 301, {}),
        ("/nothing/here", 404, {}),
        ("/admin/lineage/consultation/", None, {}),
        ("/fault/", 500, {}),
        ("/", 400, {"HTTP_HOST": "evil.example"}),
        ("/account/set-up/?key=x", 302, {}),
    ],
)
def test_every_answer_has_them(agent: Client, address: str, status: int | None, extra: dict[str, Any]) -> None:
    answer = agent.get(address, **extra)
    assert status is None or answer.status_code == status
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert "camera=()" in answer["Permissions-Policy"]
    assert {header: answer[header] for header in EXPECTED} == EXPECTED
    b"".join(answer)  # a file is read to its end, and closed


@pytest.mark.parametrize("address", ["/", "/account/", "/admin/", "/nothing", "/fault/", "/account/sign-in/"])
def test_no_page_is_kept_by_a_cache(agent: Client, address: str) -> None:
    assert "no-store" in agent.get(address)["Cache-Control"]


def test_no_csrf_token_no_answer(agent: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = agent.cookies
    answer = strict.post("/account/sessions/end/")
    assert answer.status_code == 403
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY


PRODUCTION = {"DEBUG": "0", "SECRET_KEY": "x9" * 40 + "abcdefgh", "ALLOWED_HOSTS": "genealogy.example"}
QUESTIONS = """
import json, django
django.setup()
from django.conf import settings as s
from django.test import Client
secure = Client().get("/account/sign-in/", headers={"host": "genealogy.example"}, secure=True)
plain = Client().get("/account/sign-in/", headers={"host": "genealogy.example"})
print(json.dumps({
    "second_factor": s.SECOND_FACTOR_REQUIRED, "debug": s.DEBUG, "hsts": secure["Strict-Transport-Security"],
    "plain": [plain.status_code, plain["Location"]], "names": [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME],
    "cookies": [str(morsel) for morsel in secure.cookies.values()], "proxies": s.TRUSTED_PROXY_COUNT,
    "header": getattr(s, "SECURE_PROXY_SSL_HEADER", None),
}))
"""


def in_production(tmp_path: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run Python in the folder of the site with a real installation's settings and an empty database."""
    variables = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "genealogy_site.settings",
    }
    return subprocess.run(
        [sys.executable, *arguments],
        env=variables | environment,
        cwd=site.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_real_installation(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    assert in_production(tmp_path, "manage.py", "collectstatic", "--noinput", **PRODUCTION).returncode == 0
    ran = in_production(tmp_path, "-c", QUESTIONS, **PRODUCTION)
    told = json.loads(ran.stdout.splitlines()[-1])
    assert (told["debug"], told["second_factor"], told["proxies"], told["header"]) == (False, True, 0, None)
    assert told["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert told["plain"] == [301, "https://genealogy.example/account/sign-in/"]
    assert told["names"] == ["__Host-sessionid", "__Host-csrftoken"]
    (cookie,) = told["cookies"]
    assert cookie.startswith("Set-Cookie: __Host-csrftoken=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_the_deployment_checks_find_nothing(tmp_path: Path) -> None:
    ran = in_production(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_demonstration_is_never_fit_for_deployment(tmp_path: Path) -> None:
    demonstration = PRODUCTION | {"DEMONSTRATION": "1"}
    ran = in_production(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **demonstration)
    assert ran.returncode == 1
    assert "security.W008" in ran.stderr  # no TLS
    assert "security.W018" not in ran.stderr  # but no DEBUG either


def test_the_second_factor_cannot_be_switched_off_outside_a_demonstration(tmp_path: Path) -> None:
    ran = in_production(
        tmp_path,
        "-c",
        "from genealogy_site import settings; print(settings.SECOND_FACTOR_REQUIRED)",
        **PRODUCTION | {"SECOND_FACTOR_REQUIRED": "0"},
    )
    assert ran.stdout.strip() == "True"


@pytest.mark.parametrize("environment", [{}, {"SECRET_KEY": ""}, {"DEBUG": "0"}])
def test_without_a_secret_key_nothing_starts(tmp_path: Path, environment: dict[str, str]) -> None:
    ran = in_production(tmp_path, "manage.py", "check", **environment)
    assert ran.returncode != 0
    assert "SECRET_KEY is not set." in ran.stderr.splitlines()[-1]
