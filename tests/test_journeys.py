"""The main journeys from end to end: real records in any order, from files or over HTTP; what moved on the Hub; traces.

Those over the real records beside the checkout are skipped, and say so, where there are none.
"""

import json
import random
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from lineage import canonical
from lineage.lookup import find
from lineage.models import Alias, Artifact, Author, Mention
from lineage.tracing import Filters, trace_from
from lineage.vocabulary import AliasOrigin, Certainty, Direction, Kind, RunState
from tests.harvesting import Clock, harvest_files, harvest_hub, listed, names, record
from tests.hub_standin import HubStandIn, read_records, serving

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def open_policy(settings):
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.Open"
    settings.HARVEST_RETRY_SECONDS = 0


def shuffled(records, seed):
    return random.Random(seed).sample(records, len(records))


def write(path, records):
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


@contextmanager
def from_nothing():
    """A base of its own: what the block stores is forgotten after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def trace_of(kind, name, *words):
    out = StringIO()
    call_command("trace", kind, name, "--format", "json", *words, stdout=out)
    return json.loads(out.getvalue())


def hop_names(trace):
    return [hop["repo_id"] for hop in trace["hops"]]


# --- over the real records ------------------------------------------------------------------------


@pytest.fixture
def real(hub_records):
    return {kind: read_records(hub_records / f"{kind}s.jsonl") for kind in Kind}


def test_files_and_pages_in_any_order_come_to_one_digest(real, settings, tmp_path):
    digests, changed = set(), []
    for seed in range(3):
        files = [write(tmp_path / f"{kind}s.jsonl", shuffled(real[kind], seed)) for kind in shuffled(list(Kind), seed)]
        with from_nothing():
            assert harvest_files(*files, aliases=False).state == RunState.COMPLETE
            digests.add(canonical.digest())
    standin = HubStandIn(shuffled(real[Kind.MODEL], 4), shuffled(real[Kind.DATASET], 4))
    with serving(standin):
        for _ in range(2):
            run = harvest_hub(standin, settings, aliases=False)
            assert (run.state, run.counts["quarantined"]) == (RunState.COMPLETE, 0)
            changed.append(run.counts["changed"])
    changed.append(harvest_files(*files, aliases=False).counts["changed"])
    assert changed[0] > 0
    assert changed[1:] == [0, 0]
    assert digests == {canonical.digest()}


def test_an_older_listing_first_leaves_no_trace(hub_records):
    with from_nothing():
        harvest_files(hub_records / "models.jsonl")
        alone = canonical.digest()
    harvest_files(hub_records / "models_t0.jsonl")
    older = canonical.digest()
    run = harvest_files(hub_records / "models.jsonl", clock=Clock())
    assert run.counts["gone"] > 0
    assert older != canonical.digest() == alone


def test_thirty_harvests_under_a_policy_that_drops_an_account(real, settings, tmp_path):
    """The account with most mentions in other people's cards stays out for good."""
    settings.LINEAGE_PROCESSING_POLICY = "tests.policies.WithoutErased"
    sample = random.Random(1).sample(real[Kind.MODEL], 300)
    text = json.dumps(sample).replace("unsloth/", "erased/")
    for turn in range(30):
        some = shuffled(json.loads(text), turn)[: 200 + turn]
        run = harvest_files(write(tmp_path / "models.jsonl", some), aliases=False, clock=Clock())
        assert run.counts["dropped_mentions"] > 0
    for table, column in ((Artifact, "repo_id"), (Mention, "target"), (Alias, "name"), (Author, "name")):
        found = [name for name in table.objects.values_list(column, flat=True) if name.partition("/")[0] == "erased"]
        assert found == []


def test_traces_equal_the_closures_computed_elsewhere(hub_records):
    """Models over resolved edges: all equal. Datasets: nothing is missing, and what is more has its reason."""
    harvest_files(hub_records / "models.jsonl", hub_records / "datasets.jsonl", aliases=False)
    by_key = dict(Artifact.objects.values_list("pk", "repo_id"))
    told = json.loads((hub_records / "expected.json").read_text())["expected"]
    more: dict[str, set[str]] = {}

    def closure(case, direction, certainty):
        origin = find(Kind(case["kind"]), case["id"])
        assert origin
        steps = trace_from(origin, direction=direction, filters=Filters(certainty=certainty))
        return {(hop.kind.value, by_key[hop.artifact_key]) for hop in steps.page(0, len(steps))}

    for case in told:
        if case["kind"] == "model":
            up, down = (
                closure(case, direction, Certainty.RESOLVED) for direction in (Direction.UPSTREAM, "downstream")
            )
            assert {name for kind, name in up if kind == "model"} == set(case["ancestors"])
            assert {name for kind, name in down if kind == "model"} == set(case["descendants"])
        else:
            down = closure(case, Direction.DOWNSTREAM, Certainty.DECLARED)
            expected = {("dataset", one) for one in case["descendant_datasets"]}
            expected |= {("model", one) for one in case["descendant_models"]}
            assert expected <= down
            more |= {case["id"]: {name for _, name in down - expected}} if down - expected else {}
    assert sum(case["kind"] == "model" for case in told) == 32
    nemotron = more.pop("nvidia/nemotron-pre-training-datasets")
    assert more == {
        # source_datasets: "extended|wikipedia|google", which the other rule takes for one name
        "wikipedia": {"parsinlu_reading_comprehension", "persiannlp/parsinlu_reading_comprehension"},
    }
    # One model whose card names a base trained on it, while the Hub's tag names another base: a declared edge.
    [by_declared_base] = nemotron
    edges = Artifact.objects.get(repo_id=by_declared_base).derivations_to.holding().filter(source__kind=Kind.MODEL)
    assert {edge.certainty for edge in edges} == {Certainty.RESOLVED, Certainty.DECLARED}


def test_squad_is_one_dataset_under_both_names(real, settings):
    """A snapshot that lists the old name, cards that use either, and the Hub's redirect: one answer."""
    model = {"pipeline_tag": "question-answering"}
    real[Kind.MODEL] += [
        record("org/old-name", 1, tags=["dataset:squad"], **model),
        record("org/new-name", 2, tags=["dataset:rajpurkar/squad"], **model),
    ]
    real[Kind.DATASET].append(record("rajpurkar/squad", 3))
    datasets = [one for one in real[Kind.DATASET][-3000:] if one["id"] != "squad"]
    standin = HubStandIn(real[Kind.MODEL], datasets)
    standin.redirects[Kind.DATASET, "squad"] = "rajpurkar/squad"
    with serving(standin):
        harvest_hub(standin, settings)
    old, new = trace_of("dataset", "squad"), trace_of("dataset", "rajpurkar/squad")
    assert old == new
    assert old["origin"] == {"kind": "dataset", "repo_id": "rajpurkar/squad"}
    assert {"org/old-name", "org/new-name"} <= set(hop_names(old))


# --- on the stand-in ------------------------------------------------------------------------------


@pytest.fixture
def hub():
    finetuned = {
        "tags": ["base_model:lab/base", "base_model:finetune:lab/base"],
        "cardData": {"base_model": "lab/base"},
    }
    quantized = {"tags": ["base_model:org/tuned", "base_model:quantized:org/tuned"]}
    trained = {"tags": ["dataset:squad"]}
    models = [
        record("lab/base", 1, **trained),
        record("org/tuned", 2, **finetuned),
        record("org/tuned-gguf", 3, **quantized),
        record("org/other", 4),
    ]
    with serving(HubStandIn(models, [record("rajpurkar/squad", 9)], page_size=2)) as standin:
        standin.redirects[Kind.DATASET, "squad"] = "rajpurkar/squad"
        yield standin


def rename(hub, old, new):
    """As on the Hub: the record moves, the old name redirects, and the Hub rewrites the tags it resolved itself."""
    for one in hub.shelves[Kind.MODEL]:
        one["id"] = new if one["id"] == old else one["id"]
        one["tags"] = [new.join(tag.rsplit(old, 1)) if tag.endswith(f":{old}") else tag for tag in one["tags"]]
    hub.redirects[Kind.MODEL, old] = new


def test_from_a_dataset_to_every_model_that_may_contain_it(hub, settings):
    harvest_hub(hub, settings)
    trace = trace_of("dataset", "squad")
    told = [(hop["repo_id"], hop["depth"], hop["relation"], hop["via"]["repo_id"]) for hop in trace["hops"]]
    assert told == [
        ("lab/base", 1, "trained_on", "rajpurkar/squad"),
        ("org/tuned", 2, "finetune", "lab/base"),
        ("org/tuned-gguf", 3, "quantized", "org/tuned"),
    ]
    assert {hop["path_certainty"] for hop in trace["hops"]} == {"declared"}
    assert trace["count"] == 3
    assert hop_names(trace_of("model", "org/tuned-gguf", "--direction", "upstream"))[-1] == "rajpurkar/squad"


def test_a_renamed_repository_keeps_its_artifact_and_leaves_an_alias(hub, settings):
    harvest_hub(hub, settings)
    before = Artifact.objects.get(repo_id="lab/base").pk
    rename(hub, "lab/base", "big-lab/base")
    run = harvest_hub(hub, settings, clock=Clock())
    assert (run.counts["renamed"], run.counts["gone"]) == (1, 0)
    assert Artifact.objects.get(repo_id="big-lab/base").pk == before
    alias = Alias.objects.live().get(name="lab/base")
    assert (alias.artifact.pk, alias.origin) == (before, AliasOrigin.RENAME)
    assert trace_of("model", "lab/base") == trace_of("model", "big-lab/base")
    assert hop_names(trace_of("model", "lab/base")) == ["org/tuned", "org/tuned-gguf"]
    assert harvest_hub(hub, settings).counts["changed"] == 0


def test_swapped_names_come_out_right(hub, settings):
    harvest_hub(hub, settings)
    keys = dict(Artifact.objects.values_list("hub_id", "pk"))
    first, *_, last = hub.shelves[Kind.MODEL]
    first["id"], last["id"] = last["id"], first["id"]
    harvest_hub(hub, settings, clock=Clock())
    now = dict(Artifact.objects.current().values_list("repo_id", "pk"))
    assert now["org/other"] == keys[f"{1:024x}"]
    assert now["lab/base"] == keys[f"{4:024x}"]
    assert not Alias.objects.live().filter(kind=Kind.MODEL).exists()
    assert harvest_hub(hub, settings).counts["changed"] == 0


def test_deleted_then_made_anew_is_another_artifact(hub, settings):
    harvest_hub(hub, settings)
    former = Artifact.objects.get(repo_id="org/other").pk
    hub.shelves[Kind.MODEL][3] = record("org/other", 44)
    harvest_hub(hub, settings, clock=Clock())
    anew = Artifact.objects.current().get(repo_id="org/other")
    assert anew.pk != former
    assert anew.hub_id == f"{44:024x}"
    assert not Artifact.objects.get(pk=former).is_current
    assert harvest_hub(hub, settings).counts["changed"] == 0


def test_a_base_that_left_the_hub_stays_in_the_genealogy(hub, settings):
    harvest_hub(hub, settings)
    hub.shelves[Kind.MODEL].pop(0)
    assert harvest_hub(hub, settings, clock=Clock()).counts["gone"] == 1
    assert "lab/base" in hop_names(trace_of("model", "org/tuned-gguf", "--direction", "upstream"))
    assert "org/tuned" in hop_names(trace_of("dataset", "squad"))


def test_the_same_hub_read_by_two_harvests_of_half_its_fields_is_one_base(hub, settings, tmp_path):
    """A snapshot without `_id`s and the live list meet on names."""
    without = [{key: value for key, value in one.items() if key != "_id"} for one in hub.shelves[Kind.MODEL]]
    harvest_files(write(tmp_path / "models.jsonl", without))
    keys = dict(Artifact.objects.values_list("repo_id", "pk"))
    harvest_hub(hub, settings, clock=Clock())
    now = Artifact.objects.filter(repo_id__in=["lab/base", "org/tuned", "org/other"])
    assert {one.repo_id: one.pk for one in now} == {one.repo_id: keys[one.repo_id] for one in now}
    assert all(one.hub_id for one in now)


def test_an_account_that_was_renamed_with_all_it_owns(hub, settings):
    harvest_hub(hub, settings)
    for old in ("org/tuned", "org/tuned-gguf", "org/other"):
        rename(hub, old, old.replace("org/", "new-org/"))
    run = harvest_hub(hub, settings, clock=Clock())
    assert (run.counts["renamed"], run.counts["created"]) == (3, 0)
    assert [one for one in listed() if "org/" in one] == ["new-org/other", "new-org/tuned", "new-org/tuned-gguf"]
    assert hop_names(trace_of("model", "lab/base")) == ["new-org/tuned", "new-org/tuned-gguf"]
    assert names(Artifact.objects.listed().filter(author__name="org")) == []
