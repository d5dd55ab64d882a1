"""Linking over the real records beside the checkout: what is independently known of them comes out."""

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lineage import canonical, presence, staging
from lineage.hub.names import is_placeholder, is_repo_id
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord
from lineage.linking import Linked, link
from lineage.models import Alias, Artifact, Derivation, Mention
from lineage.vocabulary import Certainty, Kind, Relation
from tests.factories import AT, make_run

pytestmark = [pytest.mark.django_db, pytest.mark.hub_records]
PAGE = 4000
Records = Sequence[HubRecord]


@cache
def parsed(file: Path, kind: Kind) -> Records:
    read = [parse(json.loads(line), kind) for line in file.read_text(encoding="utf-8").splitlines()]
    return [record for record in read if isinstance(record, HubRecord)]


@pytest.fixture
def models(hub_records) -> Records:
    return parsed(hub_records / "models.jsonl", Kind.MODEL)


@pytest.fixture
def datasets(hub_records) -> Records:
    return parsed(hub_records / "datasets.jsonl", Kind.DATASET)


@pytest.fixture
def expected(hub_records) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((hub_records / "expected.json").read_text())["expected"]
    return found


def harvest(records: Records, *, at: datetime = AT, kinds: Iterable[Kind] = tuple(Kind)) -> Linked:
    """A complete harvest of these records in this order, linked."""
    run = make_run(created_at=at, started_at=at, ended_at=at)
    for start in range(0, len(records), PAGE):
        staging.store(records[start : start + PAGE], run=run, at=at)
    presence.mark_absent(run=run, kinds=list(kinds))
    return link(at=at)


def shuffled(*records: Records, seed: int) -> Records:
    mixed = [record for group in records for record in group]
    random.Random(seed).shuffle(mixed)
    return mixed


def forget_everything() -> None:
    for model in (Derivation, Alias, Mention, Artifact):
        model.objects.all().delete()


def test_three_orders_give_one_digest_and_a_second_harvest_changes_nothing(models, datasets):
    digests = set()
    for seed in (1, 2, 3):
        forget_everything()
        harvest(shuffled(models, datasets, seed=seed))
        digests.add(canonical.digest())
    assert len(digests) == 1
    assert harvest(shuffled(models, datasets, seed=4), at=AT + timedelta(days=1)).changed == 0
    assert canonical.digest() in digests


def test_an_earlier_state_leaves_no_trace_in_what_is_listed_now(hub_records, models):
    harvest(parsed(hub_records / "models_t0.jsonl", Kind.MODEL), kinds=[Kind.MODEL])
    harvest(models, at=AT + timedelta(days=3), kinds=[Kind.MODEL])
    after_both = canonical.digest()
    forget_everything()
    harvest(models, kinds=[Kind.MODEL])
    assert canonical.digest() == after_both


def closure(start: str, steps: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    front = {start}
    while front:
        front = {name for each in front for name in steps[each]} - found
        found |= front
    return found - {start}


def steps(**filters: Any) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Sources of each derived name, and derivatives of each source."""
    up: dict[str, set[str]] = defaultdict(set)
    down: dict[str, set[str]] = defaultdict(set)
    edges = Derivation.objects.holding().filter(**filters)
    for source, derived in edges.values_list("source__repo_id", "derived__repo_id"):
        up[derived].add(source)
        down[source].add(derived)
    return up, down


def test_the_closures_of_models_over_resolved_edges_are_those_computed_elsewhere(models, expected):
    harvest(models, kinds=[Kind.MODEL])
    up, down = steps(certainty=Certainty.RESOLVED)
    nodes = [node for node in expected if node["kind"] == "model"]
    assert len(nodes) == 32
    for node in nodes:
        assert closure(node["id"], up) == set(node["ancestors"])
        assert closure(node["id"], down) == set(node["descendants"])


def that_name_two_in_one(hub_records: Path) -> set[str]:
    """Datasets whose source is written `extended|a|b`: two sources here, one verbatim in the file of closures."""
    found = set()
    for line in (hub_records / "datasets.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if "|" in str((record.get("cardData") or {}).get("source_datasets")).replace("extended|", ""):
            found.add(record["id"])
    return found


def test_the_closures_of_datasets_differ_only_where_a_reason_is_known(hub_records, models, datasets, expected):
    """The reasons: text that names no dataset, two names in one value, a guess at a name in another case."""
    harvest(shuffled(models, datasets, seed=5))
    up, down = steps(relation=Relation.EXTENDED_FROM, certainty=Certainty.DECLARED)
    for derived in that_name_two_in_one(hub_records):
        for source in up.pop(derived, ()):
            down[source].discard(derived)
    moved = set(Alias.objects.live().values_list("name", flat=True))
    guessed = Derivation.objects.holding().filter(certainty=Certainty.INFERRED)
    moved |= {name.lower() for name in guessed.values_list("source__repo_id", flat=True)}
    for node in (node for node in expected if node["kind"] == "dataset"):
        for found, known in (
            (closure(node["id"], up), set(node["ancestors"])),
            (closure(node["id"], down), set(node["descendant_datasets"])),
        ):
            unexplained = {
                name
                for name in found ^ known
                if is_repo_id(name) and not is_placeholder(name, Kind.DATASET) and name.lower() not in moved
            }
            assert unexplained == set()


class WithoutOneAccount:
    """A policy that drops what one account owns, and every mention of it."""

    account = ""

    def refusal(self, *, at: datetime) -> str | None:
        return None

    def screen(self, records: Records) -> Records:
        prefix = self.account + "/"
        kept = [record for record in records if record.owner != self.account]
        return [
            replace(record, mentions=tuple(one for one in record.mentions if not one.target.startswith(prefix)))
            for record in kept
        ]


def test_thirty_harvests_under_a_policy_never_bring_an_account_back(models, datasets):
    mentioned: dict[str, int] = defaultdict(int)
    for record in models:
        for mention in record.mentions:
            mentioned[mention.target.partition("/")[0]] += 1
    policy = WithoutOneAccount()
    policy.account = max(mentioned, key=lambda owner: mentioned[owner])
    near = [record for record in models if policy.account in {record.owner, *owners_named(record)}]
    world = [*near, *models[:500], *datasets[:500]]
    for seed in range(30):
        linked = harvest(policy.screen(shuffled(world, seed=seed)), at=AT + timedelta(days=seed))
        assert linked.changed == 0 or seed == 0
        assert not Artifact.objects.filter(owner=policy.account).exists()
        assert not Artifact.objects.filter(repo_id__startswith=policy.account + "/").exists()
        assert not Mention.objects.filter(target__startswith=policy.account + "/").exists()
        assert not Alias.objects.filter(name__startswith=policy.account + "/").exists()


def owners_named(record: HubRecord) -> set[str]:
    return {mention.target.partition("/")[0] for mention in record.mentions}
