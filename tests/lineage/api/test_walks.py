"""What must hold at length: a walk while rows change, one trace told alike everywhere, flat memory, real records."""

import csv
import io
import json
import os
import re
import tracemalloc
from datetime import timedelta

import pytest
from django.core.management import call_command

from access.roles import Role
from lineage import amendments
from lineage.hub.records import HubRecord
from lineage.models import Alias, Artifact, Author, Derivation
from lineage.staging import store
from lineage.vocabulary import AccountKind, Kind, RunState
from tests.access.sign_in import verified_client
from tests.factories import AT, make_artifact, make_run, make_user, open_project
from tests.graphs import draw
from tests.lineage.api.readers import program

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"
WALKED = int(os.environ.get("API_WALK", "600"))  # artifacts; 100,000 by `make contract`
RECORDS = int(os.environ.get("API_RECORDS", "400"))  # real ones; all of them by `make contract`
NAME = re.compile(r"[\w.-]+/[\w.-]+")


def streamed(client, address):
    answer = client.get(V1 + address)
    assert answer.status_code == 200, address
    return [json.loads(line) for line in b"".join(answer).decode().splitlines()]


def listed(numbers, prefix="n"):
    """Records of models of these numbers, as a page of the Hub gives them; a number keeps its `_id` when renamed."""
    return [HubRecord(Kind.MODEL, f"org/{prefix}{number}", hub_id=f"{number:024x}", author="org") for number in numbers]


def test_a_walk_misses_nothing_that_stood_throughout_and_meets_nothing_twice():
    """Meanwhile a harvest adds and renames, and persons' repositories leave, before the cursor and behind it."""
    run = make_run(RunState.RUNNING)
    for start in range(0, WALKED, 10_000):
        store(listed(range(start, min(start + 10_000, WALKED))), run=run, at=AT)
    keys = list(Artifact.objects.order_by("pk").values_list("pk", flat=True))
    client, met, pages, stood = program(), [], 0, set(keys)
    address = f"{V1}artifacts/?page_size={min(max(WALKED // 20, 1), 1_000)}&fields=id"
    while address:
        page = client.get(address).json()
        met += [row["id"] for row in page["results"]]
        address, pages = page["next"], pages + 1
        renamed, new = range(pages, WALKED, WALKED // 4), range(WALKED + 3 * pages, WALKED + 3 * pages + 3)
        store(listed(renamed, "renamed") + listed(new), run=run, at=AT + timedelta(minutes=pages))
        gone = keys[pages + 50 :: WALKED // 3]
        amendments.contract(artifacts=gone, at=AT)
        stood -= set(gone)
    assert len(met) == len(set(met))
    assert stood <= set(met)
    assert pages >= 20
    assert Artifact.objects.filter(repo_id__startswith="org/renamed").count() > pages
    assert not Artifact.objects.filter(pk__in=gone).exists()


def test_a_trace_is_told_alike_by_the_interface_the_page_and_the_files():
    nodes = draw("a -> b -[adapter]-> c; a -[merge,declared]-> d -> e; f{dataset} -[trained_on,inferred]-> a; c -> g")
    reader, browser = program(), verified_client(make_user("", Role.AGENT))
    for node in nodes.values():
        for query in ("", "?direction=upstream&certainty=inferred", "?relation=finetune", "?depth=1"):
            told = streamed(reader, f"artifacts/{node.pk}/trace.jsonl{query}")
            ours = [(hop["artifact"]["kind"], hop["depth"], hop["relation"], hop["certainty"]) for hop in told]
            file = b"".join(browser.get(f"/artifact/{node.pk}/trace.csv{query}")).decode()
            table = [
                (row["kind"], int(row["depth"]), row["relation"], row["certainty"])
                for row in csv.DictReader(io.StringIO(file))
            ]
            page = browser.get(f"/artifact/{node.pk}/trace/{query}").context["rows"]
            assert ours == table
            assert [hop["artifact"]["id"] for hop in told] == [row.hop.artifact_key for row in page]


def test_a_long_trace_takes_no_more_memory_than_a_short_one():
    root = make_artifact("org/root")
    size = 6_000
    Artifact.objects.bulk_create(
        Artifact(kind="model", repo_id=f"org/m{number}", owner="org", presence="listed") for number in range(size)
    )
    Derivation.objects.bulk_create(
        Derivation(source=root, derived_id=key, relation="finetune", certainty="resolved", held_from=AT)
        for key in Artifact.objects.exclude(pk=root.pk).values_list("pk", flat=True)
    )
    answer = program().get(f"{V1}artifacts/{root.pk}/trace.jsonl")
    parts = iter(answer)
    length, peaks = len(next(parts)), []
    for part in parts:
        tracemalloc.start()
        length += len(part)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert length > 100 * size
    assert max(peaks) < length / 2


@pytest.fixture
def harvested(hub_records):
    """The first of the real records; every fifth account an organisation, the others persons or unknown."""
    open_project()
    call_command("harvest", str(hub_records / "models.jsonl"), limit=RECORDS, verbosity=0)
    for number, author in enumerate(Author.objects.order_by("pk")):
        Author.objects.filter(pk=author.pk).update(kind=list(AccountKind)[0 if number % 5 else 1])


def test_a_researchers_program_over_real_records_names_no_person(harvested):
    organisations = set(Author.objects.organisations().values_list("name", flat=True))
    held = {*Artifact.objects.values_list("repo_id", flat=True), *Alias.objects.values_list("name", flat=True)}
    persons = {name for name in held if "/" in name and name.partition("/")[0] not in organisations}
    accounts = set(Author.objects.exclude(kind=AccountKind.ORGANISATION).values_list("name", flat=True))
    client, masked = program(), 0
    whole = [
        "artifacts.jsonl",
        "derivations.jsonl",
        "aliases.jsonl",
        "weekly-counters.jsonl",
        "authors/?page_size=1000",
    ]
    linked = Artifact.objects.filter(derivations_to__isnull=False, superseded_by=None).order_by("pk").distinct()[:25]
    for artifact in linked:
        base = f"artifacts/{artifact.pk}/"
        whole += [base, f"{base}trace.jsonl?direction=upstream&certainty=inferred", f"{base}trace/publishers/"]
        whole += [f"{base}paths/{other.pk}/?direction=upstream" for other in linked[:3]]
    for address in [*whole, "families/?page_size=1000", "statistics/"]:
        answer = client.get(V1 + address)
        said = b"".join(answer).decode() + str(answer.headers)
        assert persons.isdisjoint(NAME.findall(said)), address
        masked += said.count("compte-")
    told = client.get(f"{V1}authors/?page_size=1000").json()["results"]
    assert accounts.isdisjoint(row["name"] for row in told)
    assert masked > 25
