"""The family tree as a picture, in a real browser: the same as the list, by mouse and by keyboard."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import expect

from lineage.models import Artifact
from lineage.vocabulary import Relation
from tests.browser.test_reading import assert_accessible, assert_nothing_sticks_out
from tests.factories import make_artifact, make_derivation
from tests.graphs import draw

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ("base", "tuned", "other", "small", "chat", "mixed")


@pytest.fixture(autouse=True)
def built():
    if finders.find("bundles/tree.js") is None:
        pytest.skip("the pictures were not built: make pictures")


@pytest.fixture
def family():
    """base → tuned → (small, chat); base → other; mixed is merged from tuned and other."""
    nodes = draw("""
        base -> tuned -[quantized]-> small; tuned -[adapter]-> chat; base -> other;
        tuned -[merge]-> mixed; other -[merge]-> mixed
    """)
    for child, parent in (
        ("tuned", "base"), ("other", "base"), ("small", "tuned"), ("chat", "tuned"), ("mixed", "tuned")
    ):  # fmt: skip
        Artifact.objects.filter(pk=nodes[child].pk).update(parent=nodes[parent])
    return nodes


@pytest.fixture
def opened(live_server, page, context, sign_in, complaints):
    """Opens the tree of an artifact, in English; at the end, nothing was complained of."""
    sign_in(context)
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])

    def go(artifact, question=""):
        page.goto(f"{live_server.url}{reverse('lineage:tree', args=[artifact.pk])}{question}")
        return page

    yield go
    assert complaints == []


def node(page, artifact):
    return page.locator(f"[data-picture] [data-key='{artifact.pk}']")


def test_the_picture_shows_what_the_list_shows(family, opened):
    page = opened(family["base"], "?levels=all")
    for name in NAMES:
        expect(node(page, family[name])).to_have_count(1)
        expect(page.locator(f"#node-{family[name].pk}")).to_have_count(1)
    expect(page.locator(".picture__tree .edge")).to_have_count(len(NAMES) - 1 + 1)
    expect(page.locator(".picture__tree .edge--also")).to_have_count(1)
    expect(page.locator("[data-without-picture]")).to_have_count(0)
    shapes = {
        node(page, family[name]).locator(".mark").get_attribute("d") for name in ("tuned", "small", "chat", "mixed")
    }
    assert len(shapes) == 4
    assert_accessible(page)
    assert_nothing_sticks_out(page)


def test_a_click_lights_the_path_and_the_link_shows_it_again(family, opened):
    page = opened(family["base"], "?levels=3")
    node(page, family["mixed"]).locator(".mark").click()
    expect(page.locator(".node--lit")).to_have_count(3)
    expect(page.locator(".edge--lit")).to_have_count(2)
    expect(page.locator(".picture__about").get_by_role("link", name="org/other")).to_be_visible()
    assert page.url.endswith(f"?levels=3&lit={family['mixed'].pk}")
    page.reload()
    expect(page.locator(".node--lit")).to_have_count(3)
    assert_accessible(page)


def test_other_sources_stand_below_the_name(family, opened):
    make_derivation(make_artifact("elsewhere/far"), family["mixed"], relation=Relation.MERGE)
    page = opened(family["base"], "?levels=all")
    expect(node(page, family["mixed"]).locator(".node__others")).to_have_text("also from org/other + 1")
    expect(node(page, family["tuned"]).locator(".node__others")).to_have_count(0)


def test_a_long_name_keeps_its_owner_and_its_end(opened):
    root = make_artifact("an-owner/" + "very-long-" * 9 + "end")
    make_derivation(root, make_artifact("org/child", parent=root))
    page = opened(root)
    expect(node(page, root).locator("text:not([class])")).to_have_text(
        re.compile(r"^an-owner/very.{5,20}….{20,}-endan-owner/")
    )
    assert_nothing_sticks_out(page)


def test_branches_open_and_close_and_back_brings_what_was_there(family, opened):
    page = opened(family["base"])
    expect(node(page, family["chat"])).to_have_count(0)
    node(page, family["tuned"]).locator(".node__toggle").click()
    expect(node(page, family["chat"])).to_be_visible()
    expect(page.locator(f"#node-{family['chat'].pk}")).to_have_count(1)
    node(page, family["tuned"]).locator(".node__toggle").click()
    expect(node(page, family["chat"])).to_have_count(0)
    page.go_back()
    expect(node(page, family["chat"])).to_be_visible()
    page.reload()
    expect(node(page, family["chat"])).to_be_visible()


def test_by_keyboard_alone(family, opened):
    page = opened(family["base"])
    page.locator(".node[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    reached = page.locator(".node:focus").get_attribute("data-key")
    assert reached in {str(family["tuned"].pk), str(family["other"].pk)}
    page.keyboard.press("Home")
    expect(node(page, family["base"])).to_be_focused()
    page.keyboard.press("ArrowRight")
    while page.locator(".node:focus").get_attribute("data-key") != str(family["tuned"].pk):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("+")
    expect(node(page, family["chat"])).to_be_visible()
    expect(node(page, family["tuned"])).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".node--lit")).to_have_count(2)


def test_search_inside(family, opened):
    page = opened(family["base"], "?levels=3")
    page.get_by_label("Search in what is drawn").fill("SMALL")
    expect(page.locator(".node--found")).to_have_count(1)
    expect(page.locator(".picture__status")).to_have_text("found: 1")
    page.keyboard.press("Enter")
    expect(node(page, family["small"])).to_be_focused()
    assert "SMALL" not in page.url


def test_folding_by_choice_without_a_new_page(family, opened):
    page = opened(family["base"], "?levels=3")
    page.evaluate("window.same = true")
    page.get_by_label("Quantizations").check()
    page.get_by_role("button", name="Draw").click()
    expect(node(page, family["small"])).to_have_count(0)
    expect(page.get_by_text("1 derivative is folded away")).to_have_count(1)
    assert page.evaluate("window.same")
    assert "fold=quantized" in page.url


def test_what_cannot_be_loaded_is_told_and_nothing_is_lost(family, live_server, page, context, sign_in):
    sign_in(context)
    page.goto(live_server.url + reverse("lineage:tree", args=[family["base"].pk]))
    page.route("**/tree/?**", lambda route: route.abort())
    node(page, family["tuned"]).locator(".node__toggle").click()
    expect(page.locator(".picture__status")).not_to_be_empty()
    expect(node(page, family["other"])).to_be_visible()


def test_what_takes_long_says_so_and_can_be_stopped(family, live_server, page, context, sign_in):
    sign_in(context)
    page.goto(live_server.url + reverse("lineage:tree", args=[family["base"].pk]))
    page.route("**/tree/?**", lambda route: None)  # never answered
    node(page, family["tuned"]).locator(".node__toggle").click()
    page.locator(".picture__status button").click()
    expect(page.locator("#family-tree")).not_to_have_attribute("aria-busy", "true")
    expect(node(page, family["chat"])).to_have_count(0)


def test_without_scripts_the_list_holds_everything_and_opens(family, live_server, new_context, sign_in):
    context = new_context(java_script_enabled=False)
    sign_in(context)
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("lineage:tree", args=[family["base"].pk]))
    expect(page.locator("[data-without-picture]")).to_be_visible()
    page.locator(f"#node-{family['tuned'].pk} summary").click()
    page.locator(f"#node-{family['tuned'].pk}").get_by_role("link", name="Show them").click()
    expect(page.get_by_role("link", name="org/chat")).to_be_visible()
    page.get_by_label("Open below it").select_option("all")
    page.get_by_role("button", name="Draw").click()
    expect(page.get_by_role("link", name="org/mixed")).to_be_visible()


def test_on_a_phone_branches_stand_one_below_the_other_and_fit(family, opened):
    page = opened(family["base"], "?levels=all")
    page.set_viewport_size({"width": 360, "height": 800})
    page.reload()
    tops = [node(page, family[name]).bounding_box()["y"] for name in ("base", "tuned", "small")]
    assert tops == sorted(tops)
    assert len(set(tops)) == 3
    scroll = page.locator(".picture__scroll")
    assert scroll.evaluate("part => part.scrollWidth <= part.clientWidth")
    page.locator(".node[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".node").nth(1)).to_be_focused()
    page.set_viewport_size({"width": 1360, "height": 800})
    expect(page.locator(".picture__tree .edge[d*='C']").first).to_be_attached()
    assert_accessible(page)


def test_the_parent_of_very_many_stands_beside_the_first_of_them(opened):
    root = make_artifact("org/root")
    for number in range(80):
        make_derivation(root, make_artifact(f"org/child-{number:02}", parent=root))
    page = opened(root, "?levels=all")
    children = page.locator(".node:not(.node--focus)")
    expect(children).to_have_count(80)
    first, last = children.first.bounding_box()["y"], children.last.bounding_box()["y"]
    assert abs(node(page, root).bounding_box()["y"] - first) < 20 < last - first


def test_five_hundred_are_drawn_at_most_and_soon(opened):
    root = make_artifact("org/root")
    for number in range(600):
        make_derivation(root, make_artifact(f"org/child-{number}", parent=root))
    page = opened(root, "?levels=all")
    expect(page.locator(".node")).to_have_count(501)
    expect(page.locator(".node__others")).to_have_text("+ 100 others")
