"""The pages around the interface, in a real browser: tokens, description, corpora; in every look, without scripts."""

import pytest

from access.roles import Role
from tests.browser.test_reading import assert_accessible, assert_nothing_sticks_out
from tests.lineage.api.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [("fr", "light", 1360), ("en", "dark", 360), ("fr", "dark", 768)]


def pages(page, live_server):
    """Each page, after what leads to it; named."""
    page.goto(f"{live_server.url}/account/tokens/")
    yield "tokens"
    page.locator("input[name=name]").fill("a notebook")
    page.locator("main form.form button[type=submit]").click()
    yield "token made"
    assert page.locator("#token").inner_text().startswith("gnl_")
    page.locator("main a[href$='/tokens/']").click()
    yield "tokens with one"
    page.goto(f"{live_server.url}/api/")
    page.locator("summary").first.click()
    yield "description"
    page.goto(f"{live_server.url}/corpora/")
    page.locator("input[name=title]").fill("a study")
    page.locator("main form.form button[type=submit]").click()
    page.goto(f"{live_server.url}/corpora/")
    yield "corpora"


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_the_pages_are_accessible_whole_and_quiet(
    page, live_server, sign_in, complaints, settings, language, scheme, width
):
    make_world()
    sign_in(page.context, Role.RESEARCHER)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    for name in pages(page, live_server):
        assert_accessible(page)
        assert_nothing_sticks_out(page)
        assert complaints == [], name
    assert page.locator("a[href$='.zip']").count() == 1
