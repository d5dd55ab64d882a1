"""Linking after a harvest that changed nothing it reads is left out, and would have changed no row."""

import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineage import amendments, departures, linking, verdicts
from lineage.inquiries import record_answer
from lineage.models import (
    Alias,
    Artifact,
    Author,
    Derivation,
    DerivationVerdict,
    GraphState,
    HarvestRun,
    Mention,
    NameInquiry,
)
from lineage.vocabulary import Kind, RunState
from tests.factories import AT, make_run, make_user
from tests.harvesting import Clock, harvest_files, harvest_hub, record
from tests.hub_standin import HubStandIn, serving

pytestmark = pytest.mark.django_db
LISTING = [
    record("org/base", 1),
    record("org/child", 2, cardData={"base_model": "org/base"}),
    record("org/other", 3, cardData={"base_model": "ORG/Base", "datasets": ["squad"]}),
]


@pytest.fixture(autouse=True)
def open_policy(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"


class Hub:
    """A file that is harvested again and again. `linked` tells whether the latest harvest linked."""

    def __init__(self, path):
        self.path = path
        self.clock = Clock()
        self.linked = False

    def harvest(self, listing, **options):
        self.path.write_text("".join(json.dumps(one) + "\n" for one in listing), encoding="utf-8")
        original = linking.link

        def link(**said):
            self.linked = True
            return original(**said)

        self.linked = False
        with patch.object(linking, "link", link):
            return harvest_files(self.path, clock=self.clock, **options)


@pytest.fixture
def hub(tmp_path):
    """A hub that was harvested twice: nothing is left to link."""
    hub = Hub(tmp_path / "models.jsonl")
    hub.harvest(LISTING)
    assert hub.linked
    hub.harvest(LISTING)
    assert not hub.linked
    return hub


def changed(place, **fields):
    return [{**one, **fields} if number == place else one for number, one in enumerate(LISTING)]


@pytest.mark.parametrize(
    ("listing", "due"),
    [
        (LISTING, False),
        (changed(0, downloads=99), False),
        (changed(0, tags=["other"], lastModified="2026-11-01T00:00:00.000Z"), False),
        ([*LISTING, record("org/new", 4)], True),
        (LISTING[:2], True),
        (changed(0, id="org/renamed"), True),
        (changed(0, _id=f"{9:024x}"), True),
        (changed(1, cardData={"base_model": "org/other"}), True),
        (changed(1, cardData={}), True),
        (changed(1, tags=["base_model:org/base"]), True),
    ],
)
def test_it_is_due_where_names_presence_or_mentions_changed(hub, listing, due):
    run = hub.harvest(listing)
    assert hub.linked is due
    assert GraphState.objects.get().as_of == run.started_at


def test_what_a_harvest_stored_that_ended_badly_is_linked_with_the_next(hub):
    make_run(RunState.FAILED, counts={"created": 1, "unlinked": 1})
    hub.harvest(LISTING)
    assert hub.linked
    hub.harvest(LISTING)
    assert not hub.linked


def test_a_harvest_by_an_older_version_is_linked(hub):
    make_run(RunState.FAILED, counts={"created": 1})
    hub.harvest(LISTING)
    assert hub.linked


def artifact(name="org/child"):
    return Artifact.objects.get(repo_id=name)


def reject():
    said = {"source": artifact("org/base"), "derived": artifact(), "relation": None, "reason": "no", "at": AT}
    verdicts.reject_derivation(**said, by=make_user())


ACTS = {
    "a verdict": reject,
    "an answer": lambda: record_answer(kind=Kind.DATASET, name="squad", answer="redirect", repo_id="org/squad", at=AT),
    "a withheld artifact": lambda: amendments.withhold(artifacts=[artifact().pk], at=AT),
    "a contraction": lambda: amendments.contract(artifacts=[artifact().pk], at=AT),
}


@pytest.mark.parametrize("act", ACTS)
def test_it_is_due_after_what_staff_or_the_hub_say(hub, act):
    ACTS[act]()
    hub.harvest(LISTING)
    assert hub.linked


def test_a_purge_that_finds_nothing_leaves_nothing_to_link(hub):
    departures.purge(at=hub.clock())
    hub.harvest(LISTING)
    assert not hub.linked


def test_an_old_name_that_the_hub_lists_contradicts_its_redirect_though_no_row_changes(hub, settings):
    listed = [*LISTING, record("squad", 5)]
    hub.harvest(listed)
    record_answer(kind=Kind.MODEL, name="squad", answer="redirect", repo_id="org/base", at=hub.clock())
    hub.harvest(listed)
    assert Alias.objects.live().filter(name="squad").exists()
    settings.HARVEST_RETRY_SECONDS = 0
    with serving(HubStandIn(listed, [])) as standin:
        run = harvest_hub(standin, settings, clock=hub.clock, kinds=[Kind.MODEL], aliases=False)
    assert (run.state, run.counts["unlinked"]) == (RunState.COMPLETE, 0)
    assert not Alias.objects.live().filter(name="squad").exists()


def test_broken_circles_are_told_by_a_harvest_that_did_not_link(tmp_path):
    ring = [
        record("org/a", 1, cardData={"base_model": "org/b"}),
        record("org/b", 2, cardData={"base_model": "org/a"}),
    ]
    hub = Hub(tmp_path / "models.jsonl")
    assert [hub.harvest(ring).counts["cycles_broken"] for _time in range(3)] == [1, 1, 1]
    assert not hub.linked


names = st.sampled_from(["org/a", "org/A", "org/b", "c", "org/d"])
listings = st.lists(
    st.builds(
        lambda number, name, base, tag, typed, downloads: record(
            name,
            number,
            cardData={"base_model": base, "tags": [f"base_model:{tag}"] if typed else []},
            tags=[f"base_model:{tag}"] if tag else [],
            downloads=downloads,
        ),
        st.integers(0, 4),
        names,
        st.one_of(st.just(""), names),
        st.one_of(st.just(""), names),
        st.booleans(),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=4,
)
steps = st.lists(st.tuples(listings, st.booleans(), st.one_of(st.none(), st.integers(1, 3))), min_size=1, max_size=4)


@pytest.mark.django_db(transaction=True)  # PostgreSQL holds a lock for each temporary table till a transaction ends
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps)
def test_linking_after_any_harvest_would_change_no_row(tmp_path, history):
    _forget()
    hub = Hub(tmp_path / "models.jsonl")
    for listing, answered, limit in history:
        if answered:
            record_answer(kind=Kind.MODEL, name="c", answer="redirect", repo_id="org/b", at=hub.clock())
        for _time in range(2):
            run = hub.harvest(listing, limit=limit)
            assert run.started_at is not None
            state = GraphState.objects.get()
            again = linking.link(at=run.started_at)
            assert again.changed == 0
            assert GraphState.objects.get().generation == state.generation


def _forget():
    Artifact.objects.update(parent=None, family=None, superseded_by=None)
    tables = (NameInquiry, DerivationVerdict, Alias, Derivation, Mention, Artifact, Author, HarvestRun, GraphState)
    for model in tables:
        model.objects.all().delete()


def test_the_state_of_a_new_base_is_due():
    assert GraphState().is_due
    assert linking.link_if_due(at=AT + timedelta(days=1)).changed == 0
