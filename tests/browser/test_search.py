"""Results as one types, in a real browser: by keyboard alone, gone back to, told when they do not come."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from lineage.models import Consultation
from lineage.vocabulary import Kind
from tests.browser.test_reading import assert_accessible
from tests.factories import make_alias, make_artifact

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(live_server, page, context, sign_in):
    """The home page, in English, over a few whales."""
    for name in ("org/whale", "org/whale-small", "org/orca"):
        make_artifact(name, task="text-generation" if name == "org/orca" else "")
    make_artifact("org/whale-songs", Kind.DATASET)
    make_alias("old-whale", make_artifact("org/porpoise"))
    sign_in(context)
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page.goto(live_server.url)
    return page


def results(page):
    return page.locator("[data-results] .results a")


def test_results_come_as_one_types_and_go_with_the_text(opened, complaints):
    box = opened.get_by_role("searchbox")
    box.press_sequentially("whale")
    expect(results(opened)).to_have_text(["org/whale", "org/whale-small", "org/whale-songs", "model org/porpoise"])
    expect(opened.locator("form [role=status]")).to_have_text("found: 4")
    assert "whale" not in opened.url
    assert_accessible(opened)
    box.press_sequentially("-so")
    expect(results(opened)).to_have_text(["org/whale-songs"])
    box.fill("")
    expect(opened.get_by_role("heading", name="What this base holds")).to_be_visible()
    expect(results(opened)).to_have_count(0)
    assert complaints == []


def test_by_keyboard_alone_and_back_again(opened):
    opened.get_by_role("searchbox").focus()
    opened.keyboard.type("whale")
    expect(results(opened)).to_have_count(4)
    opened.keyboard.press("ArrowDown")
    expect(results(opened).nth(0)).to_be_focused()
    opened.keyboard.press("ArrowDown")
    expect(results(opened).nth(1)).to_be_focused()
    opened.keyboard.press("ArrowUp")
    opened.keyboard.press("ArrowUp")
    expect(opened.get_by_role("searchbox")).to_be_focused()
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Escape")
    expect(opened.get_by_role("searchbox")).to_be_focused()
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    expect(opened.get_by_role("heading", level=1)).to_have_text("org/whale")
    opened.go_back()
    expect(results(opened)).to_have_count(4)
    expect(opened.get_by_role("searchbox")).to_have_value("whale")


def test_a_narrower_choice_searches_again(opened):
    opened.get_by_role("searchbox").fill("or")
    expect(results(opened).filter(has_text="org/orca")).to_have_count(1)
    opened.get_by_text("Narrow the search").click()
    opened.get_by_label("Kind").select_option("dataset")
    expect(results(opened)).to_have_text(["org/whale-songs"])


def test_only_pauses_are_questions_and_each_is_recorded(opened):
    opened.get_by_role("searchbox").press_sequentially("whale", delay=20)
    expect(results(opened)).to_have_count(4)
    assert Consultation.objects.filter(operation="search").count() == 1


def test_what_takes_long_or_fails_is_told(opened):
    opened.route("**/", lambda route: None if route.request.method == "POST" else route.continue_())
    opened.get_by_role("searchbox").fill("whale")
    expect(opened.locator("form [role=status]")).to_have_text("Searching…")
    opened.unroute("**/")
    opened.route("**/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    opened.get_by_role("searchbox").fill("orca")
    expect(opened.locator("form [role=status]")).to_contain_text("Nothing was lost")
    expect(opened.get_by_role("searchbox")).to_have_value("orca")
    opened.unroute("**/")
    opened.get_by_role("button", name="Search").click()
    expect(results(opened)).to_have_text(["org/orca"])


def test_the_box_of_every_page_leads_to_the_results(opened, live_server):
    opened.goto(live_server.url + reverse("lineage:help"))
    opened.get_by_role("searchbox").fill("orca")
    opened.keyboard.press("Enter")
    expect(results(opened)).to_have_text(["org/orca"])
