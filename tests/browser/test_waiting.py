"""What takes long says so on any page, and can be stopped."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_reading import assert_accessible
from tests.graphs import draw

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Playwright answers nothing while a page is under way: so the page itself tells, and stops what never comes.
WATCHING = """addEventListener('DOMContentLoaded', () => {
    const line = document.querySelector('[data-waiting]');
    new MutationObserver(() => {
        console.log(line.hidden ? 'rests' : 'waits');
        if (!line.hidden) setTimeout(() => line.querySelector('button').click(), 100);
    }).observe(line, { attributes: true, attributeFilter: ['hidden'] });
})"""


@pytest.fixture
def opened(live_server, page, context, sign_in):
    """The page of a trace whose next page never comes, and what is heard from it."""
    nodes, heard = draw("a -> b"), []
    sign_in(context)
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page.add_init_script(WATCHING)
    page.on("console", lambda said: heard.append(said.text))
    page.goto(live_server.url + reverse("lineage:trace", args=[nodes["a"].pk]))
    heard.clear()
    page.route("**/*", lambda route: None)
    return page, heard


@pytest.mark.parametrize("asked", ["Show the trace", "Tree"])
def test_it_says_so_and_is_stopped(opened, asked):
    page, heard = opened
    expect(page.locator("[data-waiting]")).to_be_hidden()
    page.get_by_role("main").get_by_text(asked, exact=True).first.click(no_wait_after=True)
    page.wait_for_timeout(1_500)
    assert heard[-2:] == ["waits", "rests"]
    expect(page.get_by_role("heading", level=1)).to_have_text("org/a")


def test_the_sign_is_accessible(opened):
    page, _heard = opened
    page.evaluate("""() => {
        const shown = document.querySelector('[data-waiting]').cloneNode(true);
        shown.hidden = false;
        document.querySelector('main').append(shown);
    }""")
    assert_accessible(page)


def test_a_file_that_is_fetched_is_no_page_to_wait_for(opened):
    page, heard = opened
    page.get_by_role("link", name="CSV").click(no_wait_after=True)
    page.wait_for_timeout(800)
    assert "waits" not in heard
