"""What the interface tells, of what, and to whom; one entry in the log of reads for each."""

import json

import pytest
from django.test import Client

from access.roles import Role
from access.scopes import Scope
from lineage.api.shapes import ArtifactShape
from lineage.models import Artifact, Consultation, Disclosure, GraphState
from lineage.naming import masked
from tests.access.sign_in import verified_client
from tests.factories import make_artifact, make_user
from tests.graphs import draw
from tests.lineage.api.readers import leave, program
from tests.lineage.api.world import ORGANISATION, PERSON, UNKNOWN, make_world, words_of

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def researcher():
    return program()


def get(client, address, status=200, **asked):
    answer = client.get(V1 + address, asked)
    assert answer.status_code == status, answer.content
    return answer.json()


def lines(client, address, **asked):
    answer = client.get(V1 + address, asked)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/jsonl"
    return [json.loads(line) for line in b"".join(answer).decode().splitlines()]


def everything(world):
    """Every address that is read, with what stands in it."""
    base, tuned = world.base.pk, world.tuned.pk
    return [
        *("artifacts/", "artifacts.jsonl", f"artifacts/{base}/", f"artifacts/{tuned}/", f"artifacts/{world.data.pk}/"),
        *(f"artifacts/{base}/trace/", f"artifacts/{base}/trace.jsonl", f"artifacts/{base}/trace/publishers/"),
        *(f"artifacts/{base}/paths/{world.merged.pk}/", f"artifacts/{world.merged.pk}/trace/?direction=upstream"),
        *("derivations/", "derivations.jsonl", "authors/", f"authors/{world.person.pk}/", "families/"),
        *(f"families/{base}/", "aliases/", "aliases.jsonl", "weekly-counters/", "weekly-counters.jsonl"),
        f"harvests/{world.run.pk}/differences/",
    ]


def test_an_artifact_is_told_whole(world, researcher):
    told = get(researcher, f"artifacts/{world.tuned.pk}/")
    assert list(told) == list(ArtifactShape.Meta.fields)
    assert told["repo_id"] == f"{masked(PERSON)}/tuned"
    assert told["masked"] is True
    assert told["author"] == {"id": world.person.pk, "kind": "person", "name": masked(PERSON)}
    assert {name: told[name] for name in words_of(PERSON)} == words_of(masked(PERSON)) | {"library": masked(PERSON)}
    assert (told["parent"], told["family"]) == (world.base.pk, world.base.pk)
    assert (told["downloads"], told["likes"]) == (None, None)


def test_no_masked_account_stands_in_any_answer_or_header(world, researcher):
    for address in everything(world):
        answer = researcher.get(V1 + address)
        said = b"".join(answer).decode() + str(answer.headers)
        assert answer.status_code == 200, address
        assert not [name for name in (PERSON, UNKNOWN, "made-up-hidden", "Someone Invented") if name in said], address


def test_with_a_leave_and_the_scope_names_are_clear(world):
    account = make_user("", Role.RESEARCHER)
    given = leave(account)
    client, without = program(account, Scope.READ, Scope.NAMES), program(account, Scope.READ)
    address = f"artifacts/{world.tuned.pk}/"
    assert get(client, address)["repo_id"] == f"{PERSON}/tuned"
    assert get(without, address)["repo_id"] == f"{masked(PERSON)}/tuned"
    given.withdrawn_at = given.given_at
    given.save()
    assert get(client, address)["repo_id"] == f"{masked(PERSON)}/tuned"


def test_an_agents_token_needs_a_leave_too(world):
    assert get(program(make_user("", Role.AGENT)), f"artifacts/{world.tuned.pk}/")["masked"] is True


def test_each_read_is_one_consultation_without_a_name(world):
    account = make_user("", Role.RESEARCHER)
    client = program(account)
    for address in everything(world):
        before = Consultation.objects.count()
        b"".join(client.get(V1 + address))
        row = Consultation.objects.latest("pk")
        assert Consultation.objects.count() == before + 1, address
        assert row.user_key == account.pk
        assert PERSON not in f"{row.reference}{row.definition}"


@pytest.mark.django_db(transaction=True)  # closing an answer closes a connection that is within a transaction
@pytest.mark.parametrize("how", ["head", "unchanged", "broken off"])
def test_a_read_is_one_consultation_however_it_ends(world, how):
    client = program()
    for address in everything(world):
        first = client.get(V1 + address)
        before, kept = Consultation.objects.count(), first.headers.get("ETag", "")
        if how == "head":
            answer = client.head(V1 + address)
        elif how == "unchanged":
            answer = client.get(V1 + address, headers={"If-None-Match": kept} if kept else {})
            assert answer.status_code == (304 if kept else 200), address
        else:
            answer = client.get(V1 + address)
            next(iter(answer), b"")
        answer.close()
        assert Consultation.objects.count() == before + 1, address


def test_what_is_streamed_stands_in_the_ledger(world, researcher):
    for address in everything(world):
        b"".join(researcher.get(V1 + address))
    assert Disclosure.objects.count() == sum(address.endswith(".jsonl") for address in everything(world))
    assert set(Disclosure.objects.values_list("form", flat=True)) == {"jsonl"}


def test_a_refused_read_is_none(world):
    for client in (program(make_user("", Role.DPO)), Client()):
        for address in everything(world):
            assert client.get(V1 + address).status_code in (401, 403)
    assert not Consultation.objects.exists()


def test_what_is_not_shown_has_no_key_and_one_label(world, researcher):
    trace = get(researcher, f"artifacts/{world.base.pk}/trace/")
    hidden = [hop for hop in trace["results"] if hop["artifact"]["id"] is None]
    assert [hop["artifact"] for hop in hidden] == [{"id": None, "kind": "model", "repo_id": "element not shown"}]
    assert get(researcher, f"artifacts/{world.hidden.pk}/", 404)["status"] == 404
    listed = get(researcher, "artifacts/")["results"]
    assert world.hidden.pk not in {row["id"] for row in listed}
    ends = [row[end]["id"] for row in lines(researcher, "derivations.jsonl") for end in ("source", "derived")]
    assert None not in ends
    assert world.hidden.pk not in ends


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kind": "dataset"}, ["data"]),
        ({"license": "mit"}, ["base"]),
        ({"language": "fr"}, ["data"]),
        ({"created_before": "2026-11-01T00:00:00Z"}, ["base"]),
        ({"gated": "open", "kind": "model"}, ["base", "tuned", "merged"]),
        ({"presence": "gone"}, []),
    ],
)
def test_artifacts_are_filtered(world, researcher, asked, expected):
    found = get(researcher, "artifacts/", **asked)["results"]
    assert [row["repo_id"].partition("/")[2] for row in found] == expected


def test_an_author_and_a_family_lead_to_their_artifacts(world, researcher):
    owned = get(researcher, "artifacts/", author=world.person.pk)["results"]
    assert len(owned) == get(researcher, f"authors/{world.person.pk}/")["artifacts"] == 2
    family = get(researcher, f"families/{world.base.pk}/")
    assert family["members"] == 3
    assert len(get(researcher, "artifacts/", family=world.base.pk)["results"]) == 3


@pytest.mark.parametrize(
    ("typed", "kind", "found"),
    [
        (f"{ORGANISATION}/base", "model", "base"),
        ("bare-name", "model", "base"),
        (f"{PERSON}/tuned", "model", None),  # finding it would say which label is whose
        (f"{PERSON}/old", "model", None),
        (f"{ORGANISATION}/base", "dataset", None),
        ("nobody/nothing", "model", None),
    ],
)
def test_looking_up_by_name_follows_aliases_and_gives_no_masked_name_away(world, researcher, typed, kind, found):
    answer = researcher.post(
        V1 + "artifacts/look-up/", {"kind": kind, "repo_id": typed}, content_type="application/json"
    )
    if found:
        assert answer.json()["id"] == getattr(world, found).pk
    else:
        assert answer.status_code == 404
        assert typed not in answer.content.decode()
        assert answer.json()["detail"] == f"No {kind} that may be shown to you bears or bore this name. " + (
            "Check its spelling: upper and lower case count."
        )


def test_an_old_key_leads_to_what_its_name_means(world, researcher):
    old = make_artifact("made-up-lab/before", superseded_by=world.base)
    answer = researcher.get(f"{V1}artifacts/{old.pk}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{V1}artifacts/{world.base.pk}/")


def test_fields_asked_for_alone(world, researcher):
    assert get(researcher, f"artifacts/{world.base.pk}/", fields="id,license") == {
        "id": world.base.pk,
        "license": "mit",
    }
    assert set(lines(researcher, "artifacts.jsonl", fields="id")[0]) == {"id"}


@pytest.mark.parametrize(
    ("address", "asked", "parameter"),
    [
        ("artifacts/", {"knd": "model"}, "knd"),
        ("artifacts/", {"kind": "robot"}, "kind"),
        ("artifacts/", {"fields": "id,hub_id"}, "fields"),
        ("artifacts/", {"cursor": "x"}, "cursor"),
        ("artifacts/", {"page_size": "100000"}, "page_size"),
        ("artifacts/", {"author": ""}, "author"),
        ("artifacts.jsonl", {"page_size": "5"}, "page_size"),
        ("artifacts/{}/trace/", {"depth": "0"}, "depth"),
        ("artifacts/{}/trace/", {"weather": "fair"}, "weather"),
        ("coverage/", {"kind": "model"}, "kind"),
    ],
)
def test_a_slip_is_refused_and_named(world, researcher, address, asked, parameter):
    answer = researcher.get(V1 + address.format(world.base.pk), asked)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_an_unchanged_answer_is_not_sent_twice(world, researcher):
    first = researcher.get(f"{V1}artifacts/{world.base.pk}/")
    again = researcher.get(f"{V1}artifacts/{world.base.pk}/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Artifact.objects.filter(pk=world.base.pk).update(license="other")
    changed = researcher.get(f"{V1}artifacts/{world.base.pk}/", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "no-store" not in changed.headers["Cache-Control"]
    assert "private" in changed.headers["Cache-Control"]


def test_a_trace_is_paged_and_streamed_the_same():
    draw("; ".join(f"a -> n{number} -> m{number}" for number in range(25)))
    origin = Artifact.objects.get(repo_id="org/a")
    client = program()
    whole = lines(client, f"artifacts/{origin.pk}/trace.jsonl")
    paged, address = [], f"artifacts/{origin.pk}/trace/?page_size=7"
    while address:
        page = get(client, address)
        paged += page["results"]
        address = page["next"] and page["next"].partition(V1)[2]
    assert paged == whole
    assert len(whole) == page["count"] == 50


def test_pages_of_two_states_of_the_genealogy_are_not_put_together(world, researcher):
    page = get(researcher, f"artifacts/{world.base.pk}/trace/", page_size=1)
    draw("x -> y")
    GraphState.objects.update_or_create(pk=1, defaults={"generation": 7})
    answer = researcher.get(page["next"])
    assert answer.status_code == 409
    assert "trace.jsonl" in answer.json()["detail"]


def test_ways_carry_their_evidence(world, researcher):
    found = get(researcher, f"artifacts/{world.base.pk}/paths/{world.merged.pk}/")
    steps = [[(link["source"]["id"], link["derived"]["id"]) for link in way] for way in found["paths"]]
    tuned, merged = world.tuned.pk, world.merged.pk
    assert [(world.base.pk, tuned), (tuned, merged)] in steps
    said = [proof for way in found["paths"] for link in way for proof in link["evidence"]]
    assert f"{masked(PERSON)}/tuned" in {proof["target"] for proof in said}


def test_what_changed_between_two_harvests(world, researcher):
    changes = get(researcher, f"harvests/{world.run.pk}/differences/")["results"]
    begun = {(row["source"]["id"], row["derived"]["id"]) for row in changes if row["change"] == "begun"}
    assert begun == {(world.tuned.pk, world.merged.pk), (world.data.pk, world.tuned.pk)}


def test_a_half_signed_in_browser_reads_nothing(world, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client = Client()
    client.force_login(make_user("", Role.AGENT), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(V1 + "artifacts/").status_code == 403
    assert verified_client(make_user("", Role.AGENT)).get(V1 + "artifacts/").status_code == 200


def test_whoever_asks_too_often_is_told_how_long_to_wait(world, settings):
    settings.API_RATE = "2/min"
    account = make_user("", Role.RESEARCHER)
    client, other = program(account), program(account)
    statuses = [client.get(V1 + "coverage/").status_code, other.get(V1 + "coverage/").status_code]
    refused = client.get(V1 + "coverage/")
    assert (statuses, refused.status_code) == ([200, 200], 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert program().get(V1 + "coverage/").status_code == 200


def test_any_other_address_is_a_problem_too(researcher):
    answer = researcher.get(V1 + "artefacts/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert Client().get(V1 + "artefacts/").status_code == 401
