"""A tour of every page that a reader can open, discovered from the addresses of the site.

In the suite each page is seen in two looks, so that all pairs of language, colours and width occur; `make tour` shows
every page in every look. The back office has a tour of its own.
"""

import json
from dataclasses import dataclass

import pytest
from django.urls import reverse

from access.roles import Role
from lineage import disclosures
from lineage.models import Artifact, WeeklyCounter
from lineage.sealing import seal
from lineage.tracing import trace_from
from tests.access.addresses import filled, routes
from tests.browser.looks import IS_WHOLE, LOOKS, TEXTS, assert_looks_right, listening, untranslated
from tests.browser.test_reading import made_family
from tests.factories import AT
from tests.lineage.readers import make_reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KNOWN = {"search", "artifact", "tree", "map", "trace", "publishers", "why", "withdrawal", "dossier", "author",
         "statistics", "corpora", "watches", "tokens", "api", "help", "accessibility"}  # fmt: skip
LINKS = "() => [...document.querySelectorAll('main a[href]')].map(link => link.href.split('#')[0])"


@dataclass(frozen=True)
class Visited:
    """The pages to visit, by name, and who visits them."""

    pages: dict[str, str]
    cookie: str


@pytest.fixture
def visited(live_server, client):
    """Every address of the site that answers a supervisor with a page, each about a real row."""
    nodes = made_family()
    tuned, reader = nodes["tuned"], make_reader(Role.SUPERVISOR)
    for week, downloads in ((2, 10), (9, 30), (16, 20)):
        WeeklyCounter.objects.create(artifact=tuned, week=AT.replace(day=week), downloads=downloads, likes=week)
    entry = disclosures.hand_over(trace_from(nodes["base"]), form=disclosures.DOSSIER, by=reader, at=AT)
    client.force_login(reader)
    values: dict[str, object] = {"key": nodes["base"].pk, "target": tuned.pk}
    special: dict[str, dict[str, object]] = {
        "dossier/": {"key": entry.pk},
        "author/": {"key": Artifact.objects.get(pk=tuned.pk).author_id},
    }
    pages = {}
    for route in routes():
        own: dict[str, object] = next((value for start, value in special.items() if route.startswith(start)), {})
        if not route.startswith("admin/") and is_page(client, filled(route, values | own)):
            pages[route] = filled(route, values | own)
    pages |= {
        "found": searched("tuned", reader),
        "found nothing": searched("nobody at all", reader),
        "search expired": reverse("lineage:search") + "?s=x",
        "weeks": f"{reverse('lineage:artifact', args=[tuned.pk])}?open={nodes['base'].pk}",
        "dataset": reverse("lineage:artifact", args=[nodes["corpus"].pk]),
        "tree open": f"{reverse('lineage:tree', args=[nodes['base'].pk])}?levels=all&lit={nodes['small'].pk}",
        "trace refused": f"{reverse('lineage:trace', args=[nodes['base'].pk])}?depth=0",
        "trace weak": f"{reverse('lineage:trace', args=[nodes['base'].pk])}?certainty=inferred",
        "not found": reverse("lineage:artifact", args=[10**9]),
    }
    return Visited(pages, client.cookies["sessionid"].value)


def searched(text, reader):
    """The address of the results of a search."""
    return f"{reverse('lineage:search')}?s={seal(json.dumps({'text': text}), holder=reader.pk)}"


def is_page(client, address):
    answer = client.get(address)
    html = answer.get("Content-Type", "").startswith("text/html")
    return answer.status_code == 200 and html and b"<html" in answer.getvalue()


@pytest.fixture
def look(live_server, new_context, visited):
    """A browser of one look: `look(language, scheme, width)` returns a function that opens an address in it.

    That gives the page and what it complains of.
    """

    def browser(language="fr", scheme="light", width=1360, *, scripts=True):
        context = new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        for name, value in (("sessionid", visited.cookie), ("django_language", language)):
            context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page, complaints = listening(context)

        def opened(address):
            complaints.clear()
            page.goto(live_server.url + address)
            return page, complaints

        return opened

    return browser


def test_the_pages_that_readers_know_are_on_the_tour(visited):
    toured = " ".join(visited.pages)
    names = {"search": "found", "trace": "trace/", "artifact": "artifact/<int:key>/"}
    assert [name for name in KNOWN if names.get(name, name) not in toured] == []


@pytest.mark.parametrize(("turn", "seen"), list(enumerate(LOOKS)))
def test_every_page_in_its_looks(visited, look, turn, seen):
    english, (language, scheme, width) = untranslated(), seen
    opened = look(language, scheme, width)
    for place, (name, address) in enumerate(visited.pages.items()):
        if not IS_WHOLE and turn not in (place % 6, (place + 1) % 6):
            continue
        page, complaints = opened(address)
        assert_looks_right(page, name, language, english)
        expected = ("404",) if name == "not found" else ("400",) if name == "trace refused" else ()
        assert [said for said in complaints if not any(code in said for code in expected)] == [], name


def test_without_scripts_every_text_and_link_of_every_page_is_there(visited, look):
    """And each page that has a picture says so where it cannot be drawn."""
    with_scripts, without_scripts = look(), look(scripts=False)
    for name, address in visited.pages.items():
        whole, _ = with_scripts(address)
        whole.wait_for_load_state("networkidle")
        links, texts = set(whole.evaluate(LINKS)), set(whole.evaluate(TEXTS))
        page, _ = without_scripts(address)
        assert texts <= set(page.evaluate(TEXTS)), name
        there = page.locator("main a[href]").evaluate_all("links => links.map(link => link.href.split('#')[0])")
        assert {link for link in links if not link.endswith("/tree/")} <= set(there), name
        if page.locator("[data-picture], [data-map]").count():
            assert page.locator("[data-without-picture]").is_visible(), name
