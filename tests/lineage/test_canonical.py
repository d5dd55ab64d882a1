import json
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import call_command

from lineage import canonical
from lineage.linking import link
from lineage.models import Counter
from lineage.vocabulary import Kind, Presence
from tests.factories import make_alias, make_artifact, make_author, make_derivation
from tests.lineage.linking.cards import card

pytestmark = pytest.mark.django_db


def said() -> list[dict[str, object]]:
    return [json.loads(line) for line in canonical.lines()]


def test_an_empty_base_has_no_lines():
    assert said() == []
    assert canonical.digest() == sha256(b"").hexdigest()


def test_what_is_printed_of_an_artifact_its_author_and_its_counters():
    artifact = make_artifact(
        "acme/tiny",
        hub_id="a" * 24,
        author=make_author("acme", full_name="Acme"),
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        license="mit",
        task="fill-mask",
        library="x",
        languages=["fr"],
        tags=["été"],
        gated="auto",
        size=12,
        unusable={"path": 1},
    )
    Counter.objects.create(artifact=artifact, downloads=7, likes=1)
    assert said() == [
        {
            "artifact": {
                "kind": "model",
                "repo_id": "acme/tiny",
                "listed": True,
                "hub_id": "a" * 24,
                "author": "acme",
                "created_at": "2026-01-02T03:04:05+00:00",
                "modified_at": None,
                "license": "mit",
                "task": "fill-mask",
                "library": "x",
                "languages": ["fr"],
                "tags": ["été"],
                "gated": "auto",
                "disabled": False,
                "size": 12,
                "unusable": {"path": 1},
                "downloads": 7,
                "likes": 1,
            }
        },
        {"author": {"name": "acme", "kind": "unknown", "full_name": "Acme"}},
    ]


def test_only_edges_of_what_is_listed_and_their_ends_and_aliases_that_lead_to_a_line(at):
    gone = {"presence": Presence.GONE, "gone_since": at}
    base, left = make_artifact("org/base", **gone), make_artifact("org/left", **gone, author=make_author("org"))
    child, unused = make_artifact("org/child"), make_artifact("org/unused", presence=Presence.MENTIONED)
    make_derivation(base, child)
    make_derivation(child, left)
    make_derivation(unused, child, held_until=at)
    make_alias("old-base", base)
    make_alias("old-left", left)
    make_alias("older-base", base, held_until=at)
    assert [line for line in said() if "artifact" not in line] == [
        {"alias": {"kind": "model", "name": "old-base", "target": "org/base"}},
        {
            "edge": {
                "derived": ["model", "org/child"],
                "source": ["model", "org/base"],
                "relation": "finetune",
                "certainty": "resolved",
            }
        },
    ]
    listed = {line["artifact"]["repo_id"]: line["artifact"]["listed"] for line in said() if "artifact" in line}  # type: ignore[index]
    assert listed == {"org/base": False, "org/child": True}


def test_an_old_name_that_is_listed_is_printed_as_an_alias_only(at):
    squad = make_artifact("rajpurkar/squad", Kind.DATASET)
    make_artifact("squad", Kind.DATASET, superseded_by=squad)
    make_alias("squad", squad)
    assert [list(line) for line in said()] == [["alias"], ["artifact"]]


def test_the_lines_are_sorted_by_code_points(at):
    for number, name in enumerate(("a/b", "a/b-c", "a/b.c", "a/b_c", "a/bc", "A/b", "a/B", "a-b/c", "a", "a0", "Z")):
        author = make_author(f"by{'-_.aZ9'[number % 6]}{number}")
        card(name, tags=["a/b", "z-z/z", "Z/z"], datasets=["a", "A", "a/b"], author=author)
        card(name, kind=Kind.DATASET, sources=["a", "a-b"])
    link(at=at)
    lines = list(canonical.lines())
    assert lines == sorted(lines)
    assert len(lines) == len(set(lines)) > 80


def test_our_own_keys_runs_and_times_make_no_difference(at):
    make_artifact("org/first")
    link(at=at)
    before = list(canonical.lines())
    doomed = make_artifact("org/second")
    doomed.delete()
    first = make_artifact("org/third")
    link(at=at.replace(year=2027))
    first.delete()
    assert list(canonical.lines()) == before


def test_the_command_prints_the_lines_or_their_digest():
    make_artifact("org/m")
    lines, digest = StringIO(), StringIO()
    call_command("canonical", stdout=lines)
    call_command("canonical", "--digest", stdout=digest)
    assert lines.getvalue().splitlines() == list(canonical.lines())
    assert digest.getvalue().strip() == sha256(lines.getvalue().encode()).hexdigest() == canonical.digest()


def test_both_databases_print_the_classes_of_useless_values_in_one_order():
    make_artifact("acme/tiny", presence=Presence.LISTED, unusable={"self": 1, "placeholder": 2})
    [line] = [line for line in canonical.lines() if "acme/tiny" in line]
    assert '"unusable":{"placeholder":2,"self":1}' in line
