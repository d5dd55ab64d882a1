"""A hundred corrected facts, looked for in every place that tells facts, after harvests that say the former ones."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse

from access.roles import Role
from lineage import canonical, corpora
from lineage.models import Artifact
from lineage.naming import STAFF_ON_SERVER
from lineage.search import Narrow, search
from rights.effects import rectify
from rights.models import Rectification
from tests.factories import AT, make_user
from tests.lineage.readers import signed_in
from tests.rights.listing import record
from tests.rights.test_erasure import harvest

pytestmark = pytest.mark.django_db
LISTS = ("languages", "tags")
FIELDS = Rectification.FieldName.values
SAID = {"license": "hub-licence", "task": "hub-task", "library": "hub-library", "languages": ("hl",), "tags": ("ht",)}
RECORDS = [record(f"org/m{number}", hub_id=f"{number:024x}", **SAID) for number in range(100)]
AGREES = 40  # of the hundred: those about which the Hub's last harvest says what the person said

Correction = tuple[int, str, Any]  # key, field, what is said of it


def shown_for(field: str, key: int) -> Any:
    return [f"z{key}"] if field in LISTS else f"own-{key}"


@pytest.fixture
def corrections() -> list[Correction]:
    """A hundred artifacts, twenty corrections a field, harvested anew with the former facts."""
    harvest(*RECORDS)
    keys = Artifact.objects.order_by("pk").values_list("pk", flat=True)
    made = [(key, field, shown_for(field, key)) for key, field in zip(keys, cycle(FIELDS), strict=False)]
    for key, field, value in made:
        rectify(artifact_key=key, field=field, value=value, reference="case-1", by=7, at=AT + timedelta(hours=1))
    for day in (1, 2):
        harvest(*RECORDS, day=day)
    return made


def on_the_page(reader: Client, key: int, field: str) -> object:
    answer = reader.get(reverse("lineage:artifact", args=[key]))
    shown = answer.context["sheet"].facts[field]
    words = shown if isinstance(shown, list | tuple) else [shown]
    assert all(f"{word}" in answer.content.decode() for word in words)
    return shown


def through_the_interface(reader: Client, key: int, field: str) -> object:
    return reader.get(reverse("api:artifact", args=[key])).json()[field]


def in_the_lines(reader: Client, key: int, field: str) -> object:
    lines = b"".join(reader.get(reverse("api:artifact_lines"))).splitlines()
    return next(row[field] for row in map(json.loads, lines) if row["id"] == key)


def in_the_canonical_form(reader: Client, key: int, field: str) -> object:
    name = Artifact.objects.get(pk=key).repo_id
    rows = (json.loads(line).get("artifact", {}) for line in canonical.lines())
    return next(row[field] for row in rows if row.get("repo_id") == name)


@pytest.mark.parametrize(
    "told", [on_the_page, through_the_interface, in_the_lines, in_the_canonical_form], ids=lambda told: told.__name__
)
def test_every_place_tells_it(corrections: list[Correction], told: Callable[[Client, int, str], object]) -> None:
    reader, is_slow = signed_in(Role.AGENT), told in (in_the_lines, in_the_canonical_form)
    for key, field, value in corrections[-10:] if is_slow else corrections:
        assert _plain(told(reader, key, field)) == value, (key, field)
        others = {name: _plain(SAID[name]) for name in FIELDS if name != field}
        stored = Artifact.objects.values(*others).get(pk=key)
        assert {name: _plain(stored[name]) for name in others} == others


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def test_searches_find_it_by_the_corrected_value_and_no_more_by_the_former(corrections: list[Correction]) -> None:
    reader = signed_in(Role.AGENT)
    for key, field, value in corrections:
        if field in ("license", "task", "library"):
            found = search("or", STAFF_ON_SERVER, Narrow(**{field: value}))
            assert [artifact.pk for artifact in found.models] == [key]
            former = reader.get(reverse("api:artifacts"), {field: str(SAID[field]), "page_size": "200"}).json()[
                "results"
            ]
            assert key not in {row["id"] for row in former}
        if field != "tags":
            word, name = (value[0], "language") if field == "languages" else (value, field)
            rows = reader.get(reverse("api:artifacts"), {name: word}).json()["results"]
            assert [row["id"] for row in rows] == [key]


def test_a_corpus_holds_it(corrections: list[Correction]) -> None:
    corpus = corpora.request(title="a study", definition={}, by=make_user("", Role.RESEARCHER), at=AT)
    corpora.freeze(corpus)
    rows = {row["id"]: row for row in pq.read_table(corpora.folder_of(corpus) / "artifacts.parquet").to_pylist()}
    for key, field, value in corrections:
        assert field == "tags" or rows[key][field] == value


def test_where_the_hub_agrees_it_is_flagged_and_nowhere_else(corrections: list[Correction]) -> None:
    names = dict(Artifact.objects.values_list("pk", "repo_id"))
    agreeing = {names[key]: {field: tuple(v) if field in LISTS else v} for key, field, v in corrections[:AGREES]}
    harvest(*(record(r.repo_id, hub_id=r.hub_id, **SAID | agreeing.get(r.repo_id, {})) for r in RECORDS), day=3)
    flagged = set(Rectification.objects.filter(agreed=True).values_list("artifact_key", flat=True))
    assert flagged == {key for key, _field, _value in corrections[:AGREES]}
    page = signed_in(Role.AGENT).get(reverse("admin:rights_rectification_changelist"), {"agreed__exact": 1})
    assert page.context["cl"].result_count == AGREES
