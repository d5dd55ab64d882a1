"""The committed description is that of the code, so that a change of the contract is seen; and it says everything."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from access.roles import Role
from lineage.api.pages import description
from tests.access.sign_in import verified_client
from tests.factories import make_user
from tests.lineage.api.readers import program
from tests.lineage.api.world import make_world

OPEN = (".counts", ".unusable", ".accounts")  # objects whose fields are counted words
COMMITTED = Path(__file__).resolve().parents[3] / "docs" / "openapi.yaml"


def test_the_committed_description_is_that_of_the_code(tmp_path):
    """After a change that is meant: manage.py spectacular --lang en --file docs/openapi.yaml"""
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", "--lang", "en", "--file", str(made), "--fail-on-warn", "--validate")
    assert made.read_text(encoding="utf-8") == COMMITTED.read_text(encoding="utf-8")


def operations():
    with translation.override("en"):
        told = description()
    return [each for path in told["paths"].values() for each in path.values()]


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation["operationId"])
def test_every_operation_says_what_it_takes_and_answers(operation):
    assert operation["summary"]
    assert operation["description"]
    assert {"400", "401", "403", "429"} <= set(operation["responses"])
    assert all(parameter["description"] for parameter in operation.get("parameters", ()))
    assert all(answer["description"] for answer in operation["responses"].values())


def properties():
    with translation.override("en"):
        shapes = description()["components"]["schemas"]
    return [
        (f"{shape}.{name}", told)
        for shape, whole in shapes.items()
        for name, told in whole.get("properties", {}).items()
    ]


def test_every_field_says_what_it_is():
    assert {name for name, told in properties() if not told.get("description")} == set()


def enumerations():
    with translation.override("en"):
        shapes = description()["components"]["schemas"]
    return [(name, whole) for name, whole in shapes.items() if "enum" in whole]


@pytest.mark.parametrize(("name", "told"), enumerations())
def test_every_word_of_an_enumeration_has_its_meaning(name, told):
    assert [word for word in told["enum"] if word and f"`{word}` - " not in str(told.get("description"))] == [], name


def likeness(example, answer, where=""):
    """Where an example and an answer have not the same fields, however deep."""
    if isinstance(example, list) and isinstance(answer, list):
        return [said for each in answer[:1] for shown in example[:1] for said in likeness(shown, each, f"{where}[]")]
    if not isinstance(example, dict) or not isinstance(answer, dict) or where.endswith(OPEN):
        return []
    if set(example) != set(answer):
        return [f"{where}: {set(example) ^ set(answer)}"]
    return [said for name in example for said in likeness(example[name], answer[name], f"{where}.{name}")]


@pytest.mark.django_db
def test_every_example_has_the_fields_of_an_answer():
    world, client = make_world(), program()
    keys = {"authors": world.lab.pk, "harvests": world.run.pk}
    with translation.override("en"):
        paths = description()["paths"]
    for path, item in paths.items():
        for verb, operation in item.items():
            key = keys.get(operation["tags"][0], world.base.pk)
            address = path.replace("{key}", str(key)).replace("{target}", str(world.merged.pk))
            (told,) = operation["responses"]["200"]["content"].values()
            asked = {"kind": "model", "repo_id": world.base.repo_id} if verb == "post" else None
            answer = getattr(client, verb)(address, asked, content_type="application/json")
            text = b"".join(answer).decode()
            assert answer.status_code == 200, address
            if address.endswith(".jsonl"):
                assert likeness(json.loads(told["example"]), json.loads(text.splitlines()[0])) == [], address
            else:
                assert likeness(told["example"], json.loads(text)) == [], address


@pytest.mark.django_db
def test_the_site_serves_the_same_file():
    answer = program().get("/api/v1/openapi.yaml", headers={"Accept-Language": "en"})
    assert answer.headers["Content-Type"].startswith("application/vnd.oai.openapi")
    assert answer.content.decode() == COMMITTED.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_the_page_lists_every_operation():
    said = verified_client(make_user("", Role.RESEARCHER)).get("/api/").content.decode()
    assert [each["operationId"] for each in operations() if f'id="{each["operationId"]}"' not in said] == []
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", said)
    assert not re.search(r"<script(?![^>]*\ssrc=)", said)
