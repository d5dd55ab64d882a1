"""The whole way of a person in a real browser without JavaScript: notice, form, mail, follow-up, reply, withdrawal."""

import pytest
from django.core import mail
from playwright.sync_api import expect

from rights.models import Reply, RightsCase
from rights.notices.seeding import seed
from tests.browser.test_reading import assert_accessible, assert_nothing_sticks_out
from tests.factories import AT
from tests.rights.reception.people import CODE, LINK, REFERENCE, read

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def published(settings, live_server):
    settings.PUBLIC_FORM = True
    settings.RIGHTS_EMAIL = "rights@example.org"
    settings.SITE_URL = "http://site.test"
    seed(at=AT)


@pytest.mark.parametrize(("language", "scheme", "width"), [("fr", "light", 1360), ("en", "dark", 360)])
def test_from_the_notice_to_the_withdrawal(published, live_server, new_context, tmp_path, language, scheme, width):
    plain = new_context(java_script_enabled=False, color_scheme=scheme, viewport={"width": width, "height": 900})
    plain.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page = plain.new_page()
    seen = set()

    def look():
        """Keep the address, to be looked at by axe later, in a browser with scripts; and a picture."""
        assert page.locator("h1").count() == 1
        seen.add(page.url)
        page.screenshot(path=tmp_path / f"{len(seen):02}.png", full_page=True)

    def press(name):
        page.locator(f"main {name}").first.click()
        page.wait_for_load_state()
        look()

    page.goto(f"{live_server.url}/account/sign-in/")
    page.locator("footer a[href='/notice/']").click()
    look()
    press("a.button")
    press("a[href='/rights/account/']")
    press("a[href='/rights/account/oneself/']")
    press("button[type=submit]")
    expect(page.locator(".field__error").first).to_be_visible()
    page.wait_for_timeout(3100)  # faster is a machine
    for right in ("erasure", "objection"):
        page.check(f"input[value={right}]")
    page.fill("[name=accounts]", "made-up-person")
    page.fill("[name=contact]", "person@example.org")
    press("button[type=submit]")
    reference = page.locator(".reference").inner_text()
    assert reference == read(REFERENCE)

    page.goto(live_server.url + read(LINK))
    look()
    press("button[type=submit]")
    press("a[href='/rights/follow-up/']")
    page.fill("[name=reference]", reference)
    press("button[type=submit]")
    page.fill("[name=code]", read(CODE))
    press("button[type=submit]")
    page.fill("[name=text]", "one more thing")
    press("form[action='/rights/follow-up/reply/'] button")
    for box in page.locator("form[action='/rights/follow-up/withdraw/'] input[type=checkbox]").all():
        box.check()
    press("form[action='/rights/follow-up/withdraw/'] button")

    assert Reply.objects.get().text == "one more thing"
    assert RightsCase.objects.get().closed_at is not None
    assert len(mail.outbox) == 2
    assert len(seen) >= 8

    assert_fit_for_all(
        new_context(color_scheme=scheme, viewport={"width": width, "height": 900}), plain.cookies(), seen
    )


def assert_fit_for_all(context, cookies, seen):
    """The same pages with scripts on, which axe needs, by the same person."""
    context.add_cookies(cookies)
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    for address in sorted(seen):
        if not {"confirm", "reply", "withdraw"} & set(address.split("/")):
            page.goto(address)
            assert_accessible(page)
            assert_nothing_sticks_out(page)
    assert complaints == []
