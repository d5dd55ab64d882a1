"""Pages on paper: no navigation, nothing cut off, nothing folded away, dark ink on white whatever the screen."""

from typing import Any

import pytest
from django.urls import reverse

from access.roles import Role
from lineage import disclosures
from lineage.tracing import trace_from
from tests.browser.looks import CUT
from tests.browser.test_reading import assert_nothing_sticks_out, made_family
from tests.factories import AT
from tests.lineage.readers import make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAPER = {"width": 703, "height": 1009}  # A4 within its margins, in CSS pixels
ACTED_UPON = ".site-nav, .skip-link, main button, main input, main select, [data-picture], .pages, .files, .onward"
SEEN = """selector => [...document.querySelectorAll(selector)].filter(part => part.getClientRects().length)
    .map(part => part.outerHTML)"""
# Texts that a screen shows once everything is open, and paper does not.
LOST = """() => [...document.querySelectorAll('main dd, main td, main th, main li, main summary, main h2, main p')]
    .filter(part => part.textContent.trim() && !part.checkVisibility({contentVisibilityAuto: true}))
    .filter(part => !part.closest(
        '.filters, .actions, .onward, .files, .unprinted, .pages, form, details[data-branch], '
        + '[data-picture], [hidden]'))
    .filter(part => !part.matches('li:has(> .tree__others)'))
    .map(part => part.outerHTML)"""
OUT = """() => [...document.querySelectorAll('body *')].filter(part => part.getClientRects().length
    && !part.closest('.visually-hidden, svg') && part.getBoundingClientRect().right > window.innerWidth + 1)
    .map(part => part.outerHTML.slice(0, 200))"""
INK = """() => [getComputedStyle(document.querySelector('main h1')).color,
    getComputedStyle(document.querySelector('main h2')).color, getComputedStyle(document.body).backgroundColor]"""


@pytest.fixture
def printed(live_server: Any) -> dict[str, str]:
    """The pages that are printed, by name."""
    nodes, reader = made_family(), make_reader(Role.SUPERVISOR)
    entry = disclosures.hand_over(trace_from(nodes["base"]), form=disclosures.DOSSIER, by=reader, at=AT)
    pages = {name: reverse(f"lineage:{name}", args=[nodes["tuned"].pk]) for name in ("artifact", "map", "publishers")}
    return pages | {
        "tree": reverse("lineage:tree", args=[nodes["base"].pk]) + "?levels=all&fold=adapter",
        "trace": reverse("lineage:trace", args=[nodes["base"].pk]),
        "why": reverse("lineage:why", args=[nodes["base"].pk, nodes["small"].pk]),
        "dataset": reverse("lineage:artifact", args=[nodes["corpus"].pk]),
        "dossier": reverse("lineage:dossier", args=[entry.pk]),
        "statistics": reverse("lineage:statistics"),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_on_paper(printed, live_server, new_context, sign_in, scheme):
    context = new_context(viewport=PAPER, color_scheme=scheme)
    sign_in(context, Role.SUPERVISOR)
    page = context.new_page()
    for name, address in printed.items():
        page.goto(live_server.url + address)
        page.emulate_media(media="print", color_scheme=scheme)
        assert page.evaluate(SEEN, ACTED_UPON) == [], name
        assert page.evaluate(LOST) == [], name
        assert page.evaluate(OUT) == [], name
        assert page.evaluate(CUT) == [], name
        assert_nothing_sticks_out(page)
        assert page.evaluate(INK) == ["rgb(0, 0, 0)", "rgb(0, 0, 0)", "rgb(255, 255, 255)"], name
        assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF"), name
        page.emulate_media(media="screen")
