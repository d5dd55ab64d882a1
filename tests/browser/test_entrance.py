"""Coming in for the first time, in a real browser: link, password, sign-in, telephone, recovery codes, own account."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from access import accounts
from access.roles import Role
from tests.access.sign_in import PASSWORD, code_of
from tests.browser.test_reading import assert_accessible, assert_nothing_sticks_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def account(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    return accounts.create(username="camille", roles=[Role.AGENT], by=None, at=timezone.now())


def fill(page, *values):
    for place, value in enumerate(values):
        page.locator("main form input:not([type=hidden])").nth(place).fill(value)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(("language", "scheme", "width"), [("fr", "light", 1360), ("en", "dark", 360)])
def test_the_first_day(account, live_server, new_context, language, scheme, width):
    context = new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)

    def look(address):
        assert page.url.removeprefix(live_server.url).partition("?")[0] == reverse(address)
        assert page.locator("h1").count() == 1
        assert_accessible(page)
        assert_nothing_sticks_out(page)

    page.goto(f"{live_server.url}{reverse('account-set-up')}?key={accounts.set_up_key(account)}")
    look("account-set-up")
    fill(page, PASSWORD, PASSWORD)
    look("login")
    fill(page, "camille", "a wrong password")
    look("login")
    fill(page, "camille", PASSWORD)
    look("second-factor-enrol")
    assert page.locator("img.qr-code").evaluate("picture => picture.naturalWidth") > 0
    fill(page, code_of(account.totpdevice_set.get()))
    look("second-factor-enrol")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    code = page.locator(".recovery-codes li").first.inner_text()
    page.goto(live_server.url + reverse("account"))
    look("account")
    page.goto(live_server.url + reverse("account-password"))
    look("account-password")

    context.clear_cookies(name="sessionid")
    page.goto(live_server.url + reverse("lineage:help"))
    look("login")
    fill(page, "camille", PASSWORD)
    look("second-factor")
    fill(page, code)
    look("lineage:help")
    assert complaints == []
