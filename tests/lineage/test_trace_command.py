"""`manage.py trace`: what it prints, in each format, and what it says when it cannot."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lineage import consultations, disclosures
from lineage.models import Consultation, Counter, Disclosure, GraphState
from lineage.vocabulary import Kind
from tests.conftest import AT
from tests.factories import make_alias, make_artifact, make_derivation
from tests.graphs import draw

pytestmark = pytest.mark.django_db

FAMILY = "squad{dataset} -[trained_on,declared]-> bert -> tiny -[quantized]-> gguf; bert -[adapter,inferred]-> lora"


def trace(*words: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("trace", *words, stdout=out, **options)
    return out.getvalue()


def answer(*words: Any) -> Any:
    return json.loads(trace(*words, "--format=json"))


def names(told: Any) -> list[str]:
    return [hop["repo_id"].removeprefix("org/") for hop in told["hops"]]


def test_json_has_the_agreed_shape() -> None:
    Counter.objects.create(artifact=draw(FAMILY)["bert"], downloads=1_204, likes=7)
    GraphState.objects.create(pk=1, as_of=AT)
    assert answer("dataset", "org/squad", "--depth=2") == {
        "origin": {"kind": "dataset", "repo_id": "org/squad"},
        "direction": "downstream",
        "as_of": "2026-11-02T09:00:00+00:00",
        "filters": {"certainty": "declared", "relation": [], "kind": [], "presence": [], "depth": 2},
        "count": 2,
        "hops": [
            {
                "kind": "model",
                "repo_id": "org/bert",
                "depth": 1,
                "relation": "trained_on",
                "certainty": "declared",
                "path_certainty": "declared",
                "via": {"kind": "dataset", "repo_id": "org/squad"},
                "downloads": 1_204,
                "likes": 7,
            },
            {
                "kind": "model",
                "repo_id": "org/tiny",
                "depth": 2,
                "relation": "finetune",
                "certainty": "resolved",
                "path_certainty": "declared",
                "via": {"kind": "model", "repo_id": "org/bert"},
                "downloads": 0,
                "likes": 0,
            },
        ],
    }


def test_keys_stand_in_the_agreed_order() -> None:
    draw(FAMILY)
    told = answer("dataset", "org/squad")
    assert list(told) == ["origin", "direction", "as_of", "filters", "count", "hops"]
    agreed = ["kind", "repo_id", "depth", "relation", "certainty", "path_certainty", "via"]
    assert list(told["hops"][0]) == [*agreed, "downloads", "likes"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["dataset", "org/squad"], ["bert", "tiny", "gguf"]),
        (["dataset", "org/squad", "--certainty=inferred"], ["bert", "lora", "tiny", "gguf"]),
        (["dataset", "org/squad", "--certainty=resolved"], []),
        (["dataset", "org/squad", "--depth=1"], ["bert"]),
        (["model", "org/bert", "--relation=quantized"], []),
        (["model", "org/bert", "--relation=quantized", "--relation=finetune"], ["tiny", "gguf"]),
        (["model", "org/gguf", "--direction=upstream"], ["tiny", "bert", "squad"]),
        (["model", "org/gguf", "--direction=upstream", "--only=dataset"], ["squad"]),
        (["model", "org/gguf"], []),
    ],
)
def test_options(words: list[str], expected: list[str]) -> None:
    draw(FAMILY)
    told = answer(*words)
    assert names(told) == expected
    assert told["count"] == len(expected)


def test_an_old_name_is_answered_for_what_it_means() -> None:
    drawn = draw(FAMILY)
    make_alias("squad", drawn["squad"])
    assert answer("dataset", "squad") == answer("dataset", "org/squad")


def test_csv_holds_the_same_hops() -> None:
    draw(FAMILY)
    rows = list(csv.DictReader(io.StringIO(trace("dataset", "org/squad", "--format=csv"), newline="")))
    told = answer("dataset", "org/squad")["hops"]
    assert [(row["repo_id"], int(row["depth"]), row["via_kind"], row["via_repo_id"]) for row in rows] == [
        (hop["repo_id"], hop["depth"], hop["via"]["kind"], hop["via"]["repo_id"]) for hop in told
    ]


def test_the_table_is_aligned_and_totalled() -> None:
    draw(FAMILY)
    lines = trace("dataset", "org/squad").splitlines()
    assert lines[0].split() == ["kind", "repo_id", "depth", "relation", "certainty", "path_certainty", "via"]
    assert lines[1].split() == ["model", "org/bert", "1", "trained_on", "declared", "declared", "org/squad"]
    assert {line.index(word) for line, word in zip(lines[:2], ("repo_id", "org/bert"), strict=True)} == {7}
    assert "3" in lines[4]


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_single_artifact_has_an_answer_in_each_format(form: str) -> None:
    make_artifact("org/alone")
    assert trace("model", "org/alone", f"--format={form}")


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("model", "org/brt", "no model 'org/brt' in this base.*Nearest names: org/bert"),
        ("model", "zzz", "no model 'zzz' in this base.*No name comes near"),
        ("model", "org/squad", "no model .* in this base.*There is a dataset of that name"),
        ("dataset", "", "no dataset '' in this base"),
        ("dataset", "a\x1b[31m\0", r"no dataset 'a\\x1b\[31m\\x00' in this base"),
    ],
)
def test_an_unknown_name_is_an_error(kind: str, name: str, said: str) -> None:
    draw(FAMILY)
    with pytest.raises(CommandError, match=said) as error:
        trace(kind, name, "--format=json")
    assert error.value.returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ["model"],
        ["space", "org/bert"],
        ["model", "org/bert", "--certainty=curated"],
        ["model", "org/bert", "--relation=cousin"],
        ["model", "org/bert", "--depth=0"],
        ["model", "org/bert", "--depth=x"],
        ["model", "org/bert", "--direction=sideways"],
    ],
)
def test_options_that_mean_nothing_are_refused(words: list[str]) -> None:
    with pytest.raises(CommandError):
        trace(*words)


def test_a_file_can_be_written_instead(tmp_path: Path) -> None:
    draw(FAMILY)
    file = tmp_path / "trace.json"
    assert trace("model", "org/bert", "--format=json", f"--output={file}") == ""
    assert json.loads(file.read_text())["count"] == 2
    with pytest.raises(CommandError, match="cannot write"):
        trace("model", "org/bert", f"--output={tmp_path}")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_a_disk_that_fills_up_is_told_in_words() -> None:
    draw(FAMILY)
    with pytest.raises(CommandError, match=r"/dev/full .* remove it"):
        trace("model", "org/bert", "--format=csv", "--output=/dev/full")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--depth=none"], "a number from 1 on"),
        (["--depth=0"], "a number from 1 on"),
        (["--as-of=1999-12-31"], "YYYY-MM-DD"),
        (["--as-of=soon"], "YYYY-MM-DD"),
    ],
)
def test_an_option_that_is_refused_says_what_it_may_be(words: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        trace("model", "org/bert", *words)


def test_before_the_first_harvest_nothing_was_known() -> None:
    draw(FAMILY)
    assert "No harvest had been linked in by then" in trace("model", "org/bert", "--as-of=2020-01-01")


@pytest.mark.parametrize(("form", "magic"), [("xlsx", b"PK"), ("parquet", b"PAR1"), ("gexf", b"<?xml"), ("prov", b"{")])
def test_every_export_can_be_written_to_a_file(tmp_path: Path, form: str, magic: bytes) -> None:
    draw(FAMILY)
    trace("model", "org/bert", f"--format={form}", f"--output={tmp_path / form}")
    assert (tmp_path / form).read_bytes().startswith(magic)


def test_what_is_no_text_is_not_thrown_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    draw(FAMILY)
    monkeypatch.setattr("sys.stdout", io.StringIO())
    with pytest.raises(CommandError, match="--output"):
        trace("model", "org/bert", "--format=xlsx")


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x/y", "@me/x", "＝x"])
def test_a_name_that_looks_like_a_formula_is_inert_in_csv(name: str) -> None:
    origin = make_artifact(name, Kind.DATASET)
    make_derivation(origin, make_artifact("org/b"))
    row = next(csv.DictReader(io.StringIO(trace("--format=csv", "dataset", "--", name), newline="")))
    assert row["via_repo_id"] == f"'{name}"


def test_a_table_is_a_read_and_a_file_stands_in_the_ledger_of_exports() -> None:
    nodes = draw("a -> b -> c")
    trace("model", "org/a")
    assert not Disclosure.objects.exists()
    answer("model", "org/a", "--depth", "1")
    table, file = Consultation.objects.order_by("pk")
    assert (table.operation, file.operation) == ("trace", "export")
    assert {table.user_key, file.user_key} == {consultations.ON_SERVER.pk}
    assert consultations.shown_keys(table) == [nodes[name].pk for name in "abc"]
    (entry,) = Disclosure.objects.all()
    assert (entry.user_key, entry.form, disclosures.shown_keys(entry)) == (0, "json", [nodes["a"].pk, nodes["b"].pk])


def test_what_cannot_be_written_is_in_no_ledger() -> None:
    draw("a -> b")
    with pytest.raises(CommandError):
        trace("model", "org/nobody", "--format", "csv")
    assert not Consultation.objects.exists()
    assert not Disclosure.objects.exists()
