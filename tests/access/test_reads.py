"""Each read of personal data gives one row; and what a researcher is shown names no person."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from access.roles import Role
from lineage.models import Alias, Artifact, Author, Consultation
from lineage.vocabulary import AccountKind
from tests.access.sign_in import verified_client
from tests.factories import (
    make_alias,
    make_artifact,
    make_author,
    make_derivation,
    make_mention,
    make_user,
    open_project,
)

pytestmark = pytest.mark.django_db
READS = [
    "lineage:artifact",
    "lineage:branch",
    "lineage:tree",
    "lineage:map",
    "lineage:map_file",
    "lineage:glimpse",
    "lineage:statistics",
    "lineage:trace",
    "lineage:trace_file",
    "lineage:changes",
    "lineage:publishers",
    "lineage:why",
    "lineage:withdrawal",
    "lineage:author",
    "admin:lineage_modelartifact_changelist",
    "admin:lineage_modelartifact_change",
    "admin:lineage_author_changelist",
    "admin:lineage_author_change",
    "admin:lineage_derivation_changelist",
    "admin:lineage_derivation_change",
    "admin:lineage_alias_changelist",
    "admin:lineage_alias_change",
]
NO_READS = ["lineage:search", "lineage:help", "account", "admin:index", "admin:lineage_harvestrun_changelist"]
NAME = re.compile(r"[\w.-]+/[\w.-]+")


@pytest.fixture
def keys() -> dict[str, int]:
    author = make_author("made-up-person")
    node = make_artifact("made-up-person/m", author=author)
    child = make_artifact("made-up-person/n", author=author, parent=node)
    make_mention(child, node.repo_id)
    return {
        "author": author.pk,
        "derivation": make_derivation(node, child).pk,
        "alias": make_alias("old/m", node).pk,
        "target": child.pk,
        "": node.pk,
    }


def address(name: str, keys: dict[str, int]) -> str:
    """The address of a page, of the row it is about."""
    if name.endswith(("_changelist", ":index", ":search", ":help", ":statistics")) or name == "account":
        return reverse(name)
    key = next(keys[word] for word in keys if word in name)
    more: dict[str, dict[str, object]] = {
        "lineage:trace_file": {"suffix": "csv"},
        "lineage:why": {"target": keys["target"]},
    }
    return (
        reverse(name, kwargs={"key": key, **more.get(name, {})}) if "admin" not in name else reverse(name, args=[key])
    )


@pytest.mark.parametrize("name", READS)
def test_one_read_one_row(name: str, keys: dict[str, int]) -> None:
    account = make_user("", Role.SUPERVISOR)
    answer = verified_client(account).get(address(name, keys))
    assert answer.status_code == 200
    row = Consultation.objects.get()
    assert row.user_key == account.pk
    assert "made-up-person" not in f"{row.reference}{row.definition}"


@pytest.mark.parametrize("name", READS)
def test_a_head_is_a_read_like_any_other(name: str, keys: dict[str, int]) -> None:
    """It says whether there is something, and how much of it."""
    assert verified_client(make_user("", Role.SUPERVISOR)).head(address(name, keys)).status_code == 200
    assert Consultation.objects.count() == 1


@pytest.mark.django_db(transaction=True)  # closing an answer closes a connection that is within a transaction
@pytest.mark.parametrize("suffix", ["csv", "json", "xlsx", "parquet", "gexf"])
def test_a_file_that_its_reader_breaks_off_was_read(suffix: str, keys: dict[str, int]) -> None:
    file = reverse("lineage:trace_file", args=[keys[""], suffix])
    answer = verified_client(make_user("", Role.SUPERVISOR)).get(file)
    next(iter(answer))
    answer.close()
    assert Consultation.objects.count() == 1


@pytest.mark.parametrize("name", READS)
def test_a_refused_read_is_none(name: str, keys: dict[str, int]) -> None:
    assert verified_client(make_user("", Role.ADMINISTRATOR)).get(address(name, keys)).status_code == 403
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("name", NO_READS)
def test_other_pages_are_none(name: str, keys: dict[str, int]) -> None:
    verified_client(make_user("", Role.SUPERVISOR)).get(address(name, keys))
    assert not Consultation.objects.exists()


def test_a_search_is_one_row_without_what_was_typed(keys: dict[str, int]) -> None:
    client = verified_client(make_user("", Role.AGENT))
    answer = client.post(reverse("lineage:search"), {"text": "made-up-person"}, follow=True)
    assert "made-up-person" in answer.content.decode()
    assert "made-up-person" not in str(answer.redirect_chain)
    assert "made-up-person" not in str(Consultation.objects.values().get())


@pytest.fixture
def harvested(hub_records: Path) -> list[Artifact]:
    """The first of the real records; every fifth account an organisation, the others persons or unknown."""
    open_project()
    call_command("harvest", str(hub_records / "models.jsonl"), limit=400, verbosity=0)
    for number, author in enumerate(Author.objects.order_by("pk")):
        Author.objects.filter(pk=author.pk).update(kind=list(AccountKind)[0 if number % 5 else 1])
    linked = Artifact.objects.filter(derivations_to__isnull=False, superseded_by=None).distinct()
    return list(linked.order_by("pk")[:25])


def dossier(client: Client, artifact: Artifact) -> Iterator[str]:
    """The pages around the artifact's trace upstream: its dossier, publishers, and why its first hop is there."""
    query = "?direction=upstream&certainty=inferred"
    drawn_up = client.post(reverse("lineage:draw_up", args=[artifact.pk]) + query, follow=True)
    yield drawn_up.content.decode()
    yield client.get(reverse("lineage:publishers", args=[artifact.pk]) + query).content.decode()
    for hop in drawn_up.context["trace"].page(0, 1):
        yield client.get(reverse("lineage:why", args=[artifact.pk, hop.artifact_key]) + query).content.decode()


def tour(client: Client, artifacts: list[Artifact]) -> Iterator[str]:
    """The text of every page that cites these artifacts, as the client is shown it."""
    yield client.get(reverse("lineage:statistics")).content.decode()
    for measure in ("families", "used", "together"):
        yield client.get(reverse("lineage:statistics_file", args=[measure])).content.decode()
    for artifact in artifacts:
        for name, more in (
            ("artifact", ""),
            ("branch", ""),
            ("tree", "?levels=all"),
            ("trace", "?direction=upstream&certainty=inferred"),
        ):
            yield client.get(reverse(f"lineage:{name}", args=[artifact.pk]) + more).content.decode()
        yield from dossier(client, artifact)
        for suffix in ("csv", "json", "gexf", "graphml", "jsonld"):
            file = reverse("lineage:trace_file", args=[artifact.pk, suffix])
            yield b"".join(client.get(f"{file}?direction=upstream")).decode()
        if artifact.author_id:
            yield client.get(reverse("lineage:author", args=[artifact.author_id])).content.decode()
        text = {"text": artifact.repo_id.partition("/")[2][:20]}
        yield client.post(reverse("lineage:search"), text, follow=True).content.decode()


def test_a_researchers_tour_names_no_person(harvested: list[Artifact]) -> None:
    organisations = set(Author.objects.organisations().values_list("name", flat=True))
    held = {*Artifact.objects.values_list("repo_id", flat=True), *Alias.objects.values_list("name", flat=True)}
    persons = {repo_id for repo_id in held if "/" in repo_id and repo_id.partition("/")[0] not in organisations}
    client = verified_client(make_user("", Role.RESEARCHER))
    masked = 0
    for page in tour(client, harvested):
        assert persons.isdisjoint(NAME.findall(page))
        masked += page.count("compte-")
    assert masked > len(harvested)


def test_the_same_tour_in_clear_would_name_them(harvested: list[Artifact]) -> None:
    """So that the tour above is known to look where names stand."""
    client = verified_client(make_user("", Role.AGENT))
    named = {name for page in tour(client, harvested[:5]) for name in NAME.findall(page)}
    assert {artifact.repo_id for artifact in harvested[:5]} <= named
