"""The sample: what it shows, and that it names no real person."""

import json
import re
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django_celery_beat.models import PeriodicTask

from lineage import lookup, sample
from lineage.hub.parse import parse
from lineage.hub.records import HubRecord, Refused
from lineage.management.commands.sample import ASK_THE_HUB
from lineage.models import Alias, Artifact, Author, Derivation, HarvestRun, Quarantine
from lineage.vocabulary import AccountKind, AliasOrigin, Certainty, Kind, Presence, Relation, RunState, Unusable
from tests.factories import open_project

ANSWERS = json.loads(sample.ANSWERS.read_text(encoding="utf-8"))
LISTED = {
    kind: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for kind, path in zip((Kind.MODEL, Kind.DATASET), sample.LISTINGS, strict=True)
}
MADE_UP = re.compile(r"[\w.-]+-demo|demo-[\w.-]+")
NAMED_BY_ITS_DATASET = {"rajpurkar"}


@pytest.fixture
def in_period(db) -> None:
    open_project()


@pytest.fixture
def harvested(in_period) -> str:
    out = StringIO()
    call_command("sample", stdout=out)
    return out.getvalue()


def models_trained_on(name: str) -> set[str]:
    dataset = lookup.find(Kind.DATASET, name)
    edges = Derivation.objects.filter(source=dataset, relation=Relation.TRAINED_ON, held_until=None)
    return set(edges.values_list("derived__repo_id", flat=True))


def test_one_harvest_takes_all_but_the_record_with_an_impossible_name(harvested):
    run = HarvestRun.objects.get()
    assert run.state == RunState.COMPLETE
    assert Artifact.objects.listed().count() == sum(map(len, LISTED.values())) - 1
    assert set(Quarantine.objects.values_list("field", "reason")) == {("id", "bad_id"), ("tags", "not_text")}
    assert str(sum(map(len, LISTED.values()))) in harvested


def test_squad_is_one_dataset_under_both_names(harvested):
    today = lookup.find(Kind.DATASET, "rajpurkar/squad")
    assert lookup.find(Kind.DATASET, "squad") == today
    cards = {record["id"]: record["cardData"].get("datasets", []) for record in LISTED[Kind.MODEL] if has_card(record)}
    both = {repo_id for repo_id, named in cards.items() if {"squad", "rajpurkar/squad"} & set(named)}
    old = {repo_id for repo_id, named in cards.items() if "squad" in named}
    assert models_trained_on("squad") == both
    assert len(old) >= 5
    assert len(both - old) >= 2


def has_card(record) -> bool:
    return isinstance(record.get("cardData"), dict)


@pytest.mark.parametrize(
    ("kind", "old", "today", "origin"),
    [
        (Kind.DATASET, "glue", "nyu-mll/glue", AliasOrigin.REDIRECT),
        (Kind.DATASET, "common_voice", "legacy-datasets/common_voice", AliasOrigin.REDIRECT),
        (Kind.MODEL, "gpt2", "openai-community/gpt2", AliasOrigin.CARD),
        (Kind.MODEL, "meta-llama/Meta-Llama-3.1-8B", "meta-llama/Llama-3.1-8B", AliasOrigin.CARD),
    ],
)
def test_old_names_mean_todays(harvested, kind, old, today, origin):
    alias = Alias.objects.live().get(kind=kind, name=old)
    assert (alias.artifact.repo_id, alias.origin) == (today, origin)


def test_every_relation_and_every_certainty_but_staffs_is_shown(harvested):
    held = Derivation.objects.filter(held_until=None)
    assert set(held.values_list("relation", flat=True)) == {relation.value for relation in Relation}
    assert set(held.values_list("certainty", flat=True)) == {
        certainty.value for certainty in Certainty if certainty != Certainty.CURATED
    }


def test_a_merge_has_several_parents_and_a_left_one_stays_a_node(harvested):
    merged = Derivation.objects.filter(relation=Relation.MERGE, held_until=None)
    assert max(Counter(merged.values_list("derived", flat=True)).values()) >= 3
    left = lookup.find(Kind.MODEL, "runwayml/stable-diffusion-v1-5")
    assert left is not None
    assert left.presence == Presence.MENTIONED
    assert Derivation.objects.filter(source=left, held_until=None).count() >= 2


def test_a_circle_is_broken_and_odd_values_are_counted(harvested):
    assert Artifact.objects.filter(cycle_broken=True).count() == 1
    counted: Counter[str] = Counter()
    for unusable in Artifact.objects.values_list("unusable", flat=True):
        counted.update(unusable)
    assert set(counted) >= {word.value for word in Unusable if word not in (Unusable.INVALID, Unusable.TOO_MANY)}


def test_accounts_are_known_as_the_answers_say_and_one_was_never_asked(harvested):
    kinds = dict(Author.objects.values_list("name", "kind"))
    assert {account["name"]: account["kind"] for account in ANSWERS["accounts"]}.items() <= kinds.items()
    assert {name for name, kind in kinds.items() if kind == AccountKind.UNKNOWN} == {"demo-user-9999", "rajpurkar"}
    assert not Author.objects.filter(kind=AccountKind.PERSON).exclude(full_name="").exists()
    assert Author.objects.get(name="mistralai").full_name == "Mistral AI"


def test_the_schedules_that_ask_the_real_hub_rest(harvested):
    tasks = dict(PeriodicTask.objects.values_list("task", "enabled"))
    assert [tasks[name] for name in ASK_THE_HUB] == [False, False]
    assert tasks["lineage.tasks.resume_stalled_runs"]


def test_a_base_that_was_harvested_is_left_as_it_is(harvested):
    author = Author.objects.create(name="later-org")
    before = list(HarvestRun.objects.values())
    out = StringIO()
    call_command("sample", stdout=out)
    assert list(HarvestRun.objects.values()) == before
    assert Author.objects.filter(pk=author.pk).exists()


def test_harvesting_the_listings_again_changes_nothing(harvested):
    out = StringIO()
    call_command("harvest", *map(str, sample.LISTINGS), json=True, stdout=out)
    counts = json.loads(out.getvalue().splitlines()[-1])
    assert (counts["rows"], counts["changed"]) == (sum(map(len, LISTED.values())), 0)


def test_no_period_no_sample(db):
    with pytest.raises(CommandError):
        call_command("sample", stdout=StringIO())
    assert not Artifact.objects.exists()


@pytest.mark.parametrize("kind", list(Kind))
def test_records_have_the_shape_of_the_hub(kind):
    for record in LISTED[kind]:
        assert re.fullmatch(r"[0-9a-f]{24}", record["_id"])
        assert not [key for key in record if key.startswith("_") and key != "_id"]
        assert isinstance(parse(record, kind), HubRecord) or " " in record["id"]
    ids = [record["_id"] for record in LISTED[kind]]
    assert len(set(ids)) == len(ids)
    assert [type(parse(record, kind)) for record in LISTED[kind]].count(Refused) == (kind == Kind.MODEL)


def test_redirects_lead_to_listed_datasets_by_their_own_id():
    ids = {record["id"]: record["_id"] for record in LISTED[Kind.DATASET]}
    redirects = [name for name in ANSWERS["names"] if name["answer"] == "redirect"]
    assert all(ids[name["repo_id"]] == name["hub_id"] for name in redirects)


def test_every_owner_is_an_organisation_or_made_up():
    """Who adds a record of an account must say what it is; a real person's has no place here."""
    owners = {record["id"].partition("/")[0] for kind in Kind for record in LISTED[kind]}
    organisations = {account["name"] for account in ANSWERS["accounts"] if account["kind"] == "organisation"}
    rest = owners - organisations - NAMED_BY_ITS_DATASET
    assert all(MADE_UP.fullmatch(name) for name in rest)
    people = {account["name"] for account in ANSWERS["accounts"]} - organisations
    assert people <= rest


def test_no_mention_names_another_account():
    """Owners of what cards name are listed here too, made up, or organisations whose repository left the Hub."""
    known = {account["name"] for account in ANSWERS["accounts"]} | NAMED_BY_ITS_DATASET
    gone = {"runwayml"}
    for kind in Kind:
        for record in LISTED[kind]:
            parsed = parse(record, kind)
            mentions = parsed.mentions if isinstance(parsed, HubRecord) else ()
            owners = {mention.target.partition("/")[0] for mention in mentions if "/" in mention.target}
            strangers = {name for name in owners - known - gone if not MADE_UP.fullmatch(name)}
            assert {name.lower() for name in strangers} <= {name.lower() for name in known}
