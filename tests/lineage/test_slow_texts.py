"""Texts made to keep a regular expression busy: everything that reads text takes time linear in it.

No clock decides: a machine may be busy. The processor time of 100 kB is compared with that of 10 kB: ten times for what
is linear, a hundred for what is quadratic; the line is drawn at forty, and what takes less than a quarter of a second
for 100 kB is not quadratic whatever the noise says.
"""

import time

import pytest
from django.http import QueryDict

from genealogy_site.access_log import pattern
from lineage.exports.text import inert
from lineage.forms import SearchForm, TraceForm
from lineage.hub.names import is_account, is_placeholder, is_repo_id, read_sources, read_target
from lineage.hub.parse import parse
from lineage.hub.waiting import seconds_to_wait
from lineage.lookup import find, nearest
from lineage.naming import Viewer, masked, repo_ids_shown
from lineage.sealing import seal, unseal
from lineage.search import search
from lineage.vocabulary import Kind

PARTS = [
    *(
        "a",
        ".",
        "-",
        "_",
        "/",
        "\\",
        " ",
        "\t",
        "\n",
        "\r\n",
        "@",
        ":",
        "|",
        "<",
        '"',
        "'",
        "%",
        "=",
        ";",
        "\u200b",
        "é",
    ),
    *("a/", "./", "../", "models--", "/models--", "datasets--a--", "base_model:", "https://", "hf://", "a@", "-_."),
    *(
        "a b ",
        "extended|",
        "|x",
        ";\t=",
        " =",
        "[[",
        "((",
        "{{",
        "\u0130",
        "\ufb03",
        "1",
        "e9",
        "compte-",
        "your",
        "todo-",
    ),
]
FRAMES = ["{}", "!{}!", "org/{}!", "https://huggingface.co/{}\n"]
VIEWER = Viewer(sees_person_names=False)
SHORT, LONG = 10_000, 100_000  # characters
MOST_TIMES, NOISE = 40, 0.25  # times; seconds of processor time


def card(text):
    record = {"id": text, "author": text, "license": text, "tags": [text, f"base_model:{text}", f"dataset:{text}"]}
    return record | {"cardData": {"base_model": [text], "datasets": text, "source_datasets": text, "license": text}}


def read_card(text):
    for kind in Kind:
        parse(card(text) | {"id": "org/x"}, kind)
        parse(card(text), kind)


def read_name(text):
    for kind in Kind:
        read_target(text, kind)
        is_placeholder(text, kind)
    list(read_sources(text))
    is_repo_id(text)
    is_account(text)


def read_typed(text):
    SearchForm({"text": text}).is_valid()
    typed = QueryDict(mutable=True)
    typed.update(dict.fromkeys(TraceForm.base_fields, text))
    TraceForm.of_address(typed).is_valid()
    unseal(text, holder=1)
    unseal(seal(text, holder=1), holder=1)


def read_on_the_way_out(text):
    inert(text)
    masked(text)
    pattern(f"/{text}")
    seconds_to_wait({"retry-after": text, "ratelimit": text})


def read_in_the_base(text):
    search(text, VIEWER)
    repo_ids_shown([text], VIEWER)
    for kind in Kind:
        find(kind, text)
        nearest(kind, text)


def seconds(work, text):
    """Processor time, the least of three where it counts."""
    spent: list[float] = []
    while not spent or (min(spent) > NOISE and len(spent) < 3):
        begun = time.process_time()
        work(text)
        spent.append(time.process_time() - begun)
    return min(spent)


def stretched(part, frame, size):
    return frame.format((part * (size // len(part) + 1))[:size])


def linear(work, part):
    for frame in FRAMES:
        spent = seconds(work, stretched(part, frame, LONG))
        if spent > NOISE:
            assert spent < MOST_TIMES * seconds(work, stretched(part, frame, SHORT)), frame


def test_there_are_thirty():
    assert len(set(PARTS)) >= 30


@pytest.mark.parametrize("part", PARTS, ids=repr)
@pytest.mark.parametrize("work", [read_card, read_name, read_typed, read_on_the_way_out])
def test_reading_is_linear(work, part):
    linear(work, part)


@pytest.mark.django_db
@pytest.mark.parametrize("part", PARTS, ids=repr)
def test_seeking_is_linear(part):
    linear(read_in_the_base, part)
