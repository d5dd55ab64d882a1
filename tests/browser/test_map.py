"""The family map in a real browser: painted, filtered, moved by mouse and keyboard, saved; and without WebGL."""

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import expect

from access.roles import Role
from lineage.models import Artifact
from tests.browser.test_reading import assert_accessible, assert_nothing_sticks_out
from tests.factories import AT
from tests.graphs import draw

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NO_GL = "HTMLCanvasElement.prototype.getContext = () => null"


@pytest.fixture(autouse=True)
def built():
    if finders.find("bundles/map.js") is None:
        pytest.skip("the pictures were not built: make pictures")


@pytest.fixture
def family():
    nodes = draw("base -> tuned -[quantized]-> small; base -[adapter]-> lora; tuned -[merge]-> mixed")
    for month, (child, parent) in enumerate(
        [("tuned", "base"), ("lora", "base"), ("small", "tuned"), ("mixed", "tuned")]
    ):
        Artifact.objects.filter(pk=nodes[child].pk).update(parent=nodes[parent], created_at=AT.replace(month=month + 1))
    return nodes


@pytest.fixture
def opened(live_server, page, context, sign_in, family):
    sign_in(context)
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(live_server.url + reverse("lineage:map", args=[family["tuned"].pk]))
    expect(page.locator("[data-map][data-painted]")).to_be_visible()
    yield page
    assert complaints == []


def inks(page):
    """How many pixels of the painted map are not its ground."""
    return page.evaluate("""() => new Promise(told => {
        const canvas = document.querySelector('.map__canvas');
        document.querySelector('[data-zoom="1.5"]').click();
        document.querySelector('[data-zoom="0"]').click();
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
        requestAnimationFrame(() => {
            copy.drawImage(canvas, 0, 0);
            const bytes = copy.getImageData(0, 0, canvas.width, canvas.height).data;
            let count = 0;
            for (let at = 0; at < bytes.length; at += 4)
                if (bytes[at] + bytes[at + 1] + bytes[at + 2] < 740) count += 1;
            told(count);
        });
    })""")


def test_it_is_painted_and_accessible(opened):
    assert inks(opened) > 100
    expect(opened.locator(".map__labels")).to_contain_text("org/base")
    expect(opened.locator("[data-without-picture]")).to_have_count(0)
    assert_accessible(opened)
    assert_nothing_sticks_out(opened)


def test_relations_and_dates_filter_what_is_painted(opened):
    everything = inks(opened)
    opened.get_by_label("Quantizations").uncheck()
    fewer = inks(opened)
    assert 0 < fewer < everything
    opened.get_by_label("Quantizations").check()
    slider = opened.locator("#map-month")
    slider.focus()
    opened.keyboard.press("Home")
    expect(opened.locator(".map__month")).to_have_text("until January 2026")
    assert 0 < inks(opened) < everything
    opened.keyboard.press("End")


def test_hover_tells_the_facts_and_a_click_opens_the_page(opened, family):
    box = opened.locator(".map__canvas").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    opened.mouse.move(*middle)
    expect(opened.locator(".map__about").get_by_role("link", name="org/base")).to_be_visible()
    opened.mouse.click(*middle)
    opened.wait_for_url(f"**/artifact/{family['base'].pk}/")


def test_by_keyboard(opened):
    label = opened.locator(".map__labels span").first
    opened.locator(".map__canvas").focus()
    before = label.bounding_box()
    opened.keyboard.press("ArrowRight")
    opened.wait_for_timeout(100)
    assert label.bounding_box()["x"] < before["x"]
    opened.keyboard.press("0")
    opened.wait_for_timeout(100)
    assert label.bounding_box()["x"] == before["x"]


@pytest.mark.parametrize(("name", "ending", "beginning"), [("PNG", "png", b"\x89PNG"), ("SVG", "svg", b"<svg xmlns")])
def test_what_is_seen_can_be_saved(opened, tmp_path, name, ending, beginning):
    with opened.expect_download() as saved:
        opened.get_by_role("button", name=name).click()
    saved.value.save_as(tmp_path / "map")
    body = (tmp_path / "map").read_bytes()
    assert saved.value.suggested_filename.endswith(f".{ending}")
    assert body.startswith(beginning)
    assert ending == "png" or body.count(b"<path") >= 5


def test_without_webgl_it_says_so_and_the_table_is_there(live_server, page, context, sign_in, family):
    sign_in(context, Role.RESEARCHER)
    page.add_init_script(NO_GL)
    page.goto(live_server.url + reverse("lineage:map", args=[family["base"].pk]))
    expect(page.locator("[data-without-gl]")).to_be_visible()
    expect(page.locator("[data-map]")).to_be_hidden()
    expect(page.locator("tr[data-member]")).to_have_count(5)
    assert_accessible(page)


def test_without_scripts_the_table_and_the_trace_are_there(live_server, new_context, sign_in, family):
    context = new_context(java_script_enabled=False)
    sign_in(context)
    page = context.new_page()
    page.goto(live_server.url + reverse("lineage:map", args=[family["base"].pk]))
    expect(page.locator("[data-without-picture]")).to_be_visible()
    expect(page.locator("tr[data-member]")).to_have_count(5)
    expect(page.locator(f"main section a[href='/artifact/{family['base'].pk}/trace/']")).to_be_visible()


def test_what_cannot_be_loaded_is_told(live_server, page, context, sign_in, family):
    sign_in(context)
    page.route("**/map.bin", lambda route: route.abort())
    page.goto(live_server.url + reverse("lineage:map", args=[family["base"].pk]))
    expect(page.locator(".map__status")).not_to_be_empty()
    expect(page.locator("tr[data-member]")).to_have_count(5)
