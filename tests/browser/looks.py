"""The looks in which a tour sees each page, and what must hold in every one of them."""

import os
from itertools import product
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import BrowserContext, Page

from tests.browser.test_reading import assert_accessible, assert_nothing_sticks_out, is_complaint

FRENCH = Path(__file__).resolve().parents[2] / "locale" / "fr" / "LC_MESSAGES" / "django.po"
LANGUAGES, SCHEMES, WIDTHS = ("fr", "en"), ("light", "dark"), (360, 768, 1360)
IS_WHOLE = os.environ.get("TOUR") == "whole"
# All pairs of two values occur; neighbours differ in all that they can.
PAIRS = [
    ("fr", "light", 360),
    ("en", "dark", 768),
    ("fr", "dark", 1360),
    ("en", "light", 1360),
    ("en", "dark", 360),
    ("fr", "light", 768),
]
LOOKS = list(product(LANGUAGES, SCHEMES, WIDTHS)) if IS_WHOLE else PAIRS
SHORTEST = 12  # letters of a text that is looked for untranslated: shorter ones may be names
CUT = """() => [...document.querySelectorAll('main *, header *, footer *')]
    .filter(part => part.children.length === 0 && part.textContent.trim()
        && !part.closest('.visually-hidden, .map__labels, svg, select, .skip-link, .skip-to-content-link'))
    .filter(part => ['hidden', 'clip'].includes(getComputedStyle(part).overflowX)
        && part.scrollWidth > part.clientWidth + 1)
    .map(part => part.outerHTML)"""
# But for those of pictures, which say what the list or table beside them says.
TEXTS = """() => {
    const left = '[lang]:not(html), script, [data-picture], [data-map], .calendarbox, .clockbox, .datetimeshortcuts';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode())
        if (!walker.currentNode.parentElement.closest(left)) texts.push(walker.currentNode.textContent.trim());
    for (const part of document.querySelectorAll('[aria-label], [placeholder], [title]'))
        if (!part.closest(left))
            texts.push(['aria-label', 'placeholder', 'title'].map(name => part.getAttribute(name)).find(text => text));
    return texts;
}"""


def untranslated() -> set[str]:
    """The English texts whose French differs."""
    with FRENCH.open("rb") as file:
        messages = [message for message in read_po(file) if message.id and isinstance(message.id, str)]
    return {str(m.id) for m in messages if m.id != m.string and len(m.id) >= SHORTEST and "%" not in m.id}


def listening(context: BrowserContext) -> tuple[Page, list[str]]:
    """A new page of this browser, and what it will complain of."""
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def assert_looks_right(page: Page, name: str, language: str, english: set[str]) -> None:
    """In its language, with one heading, accessible, nothing beside the page or cut off, nothing left in English."""
    assert page.locator("html").get_attribute("lang") == language, name
    assert page.locator("h1").count() == 1, name
    assert_accessible(page)
    assert_nothing_sticks_out(page)
    assert page.evaluate(CUT) == [], name
    assert language == "en" or english.isdisjoint(page.evaluate(TEXTS)), name
