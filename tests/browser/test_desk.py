"""The desk in a real browser: nothing cut off, nothing inaccessible, and a case worked by forms alone."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from access.roles import Role
from rights.models import RightsRequest
from rights.vocabulary import Right, State
from tests.browser.test_reading import RULES
from tests.factories import make_artifact, make_author
from tests.rights.desk.cases import make_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "made-up-person"
NO_BREAK = "x" * 300


@pytest.fixture
def case():
    make_artifact(f"{NAME}/m", author=make_author(NAME))
    at = timezone.now()
    letter: dict[str, Any] = {"accounts": [NAME], "message": f"Bonjour,\n\n{NO_BREAK}", "name": "Zoé Canari"}
    return make_case(Right.ERASURE, Right.ACCESS, at=at, received_at=at - timedelta(days=3), **letter)


def address(live_server, name, *args):
    return live_server.url + reverse(f"admin:rights_rightscase_{name}", args=args)


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("fr", "light", 1360), ("en", "dark", 1360), ("fr", "light", 768)]
)
def test_nothing_is_cut_off_or_out_of_reach(language, scheme, width, case, browser, live_server, sign_in, tmp_path):
    context = browser.new_context(
        locale=language,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        extra_http_headers={"accept-language": language},
    )
    sign_in(context, Role.SUPERVISOR)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    for name, args in {"changelist": (), "change": (case.pk,), "statistics": (), "find": (), "compliance": ()}.items():
        page.goto(address(live_server, name, *args))
        for summary in page.locator("details.slot > summary").all():
            summary.click()
        page.screenshot(path=tmp_path / f"{name}-{language}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found] == [], name
    assert heard == []
    context.close()


def test_a_case_is_worked_in_french_without_javascript(case, browser, live_server, sign_in):
    context = browser.new_context(locale="fr", java_script_enabled=False, extra_http_headers={"accept-language": "fr"})
    sign_in(context, Role.AGENT)
    page = context.new_page()
    page.goto(address(live_server, "changelist"))
    page.get_by_role("link", name=str(case)).click()
    claim = case.accounts.get().pk

    def done(word, target, **fields):
        form = page.locator(f"form[action$='/act/{word}/{target}/']")
        if page.locator(f"details#{word}-{target}").count():
            page.locator(f"details#{word}-{target} > summary").click()
        for name, value in fields.items():
            field = form.locator(f"[name='{word}-{target}-{name}']")
            field.select_option(value) if name == "proof" else field.fill(value)
        form.get_by_role("button").click()
        expect(page.locator(".messagelist .success")).to_be_visible()

    done("vouch", claim, proof="seen", note="courrier venu de l'adresse du compte")
    for right in ("access", "erasure"):
        done("verify", right)
        done("grant", right)
    done("hand-over", "access")
    done("carry-out", "erasure")
    page.locator("a[href$='/erasure/erasure/']").first.click()
    page.locator("button[value=post]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    done("fulfil", "erasure")
    assert RightsRequest.objects.get(case=case, right=Right.ERASURE).state == State.FULFILLED
    context.close()
