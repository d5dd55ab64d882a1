"""Who gets in, and how answers travel, for every page of the genealogy."""

import pytest
from django.test import Client
from django.urls import reverse

from access.roles import Role
from tests.factories import make_artifact, make_author
from tests.lineage.readers import make_reader, signed_in

pytestmark = pytest.mark.django_db
NAMES = ("search", "artifact", "branch", "trace", "trace_file", "author", "help", "accessibility")


def address(name):
    if name == "author":
        return reverse("lineage:author", args=[make_author().pk])
    if name in ("artifact", "branch", "trace", "trace_file"):
        return reverse(
            f"lineage:{name}", args=[make_artifact().pk, "csv"] if name == "trace_file" else [make_artifact().pk]
        )
    return reverse(f"lineage:{name}")


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_is_sent_to_sign_in(name):
    answer = Client().get(address(name))
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("login"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.AGENT, True),
        (Role.SUPERVISOR, True),
        (Role.RESEARCHER, True),
        (Role.DPO, False),
        (Role.ADMINISTRATOR, False),
        (None, False),
    ],
)
def test_readers_only(name, role, allowed):
    expected = 200 if allowed or name == "accessibility" else 403
    assert signed_in(role).get(address(name)).status_code == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_pages_are_only_read(name, method):
    assert getattr(signed_in(), method)(address(name)).status_code == 405


@pytest.mark.parametrize("name", NAMES)
def test_no_cache_keeps_an_answer(name):
    assert "no-store" in signed_in().get(address(name))["Cache-Control"]


@pytest.mark.parametrize(
    ("make", "status", "words"),
    [
        (lambda client: client.get("/no/such/page/"), 404, "Nothing is here"),
        (lambda client: client.get("/artifact/meta-llama/"), 404, "Nothing is here"),
        (lambda client: client.get("/", headers={"host": "evil.example"}), 400, "This request cannot be read"),
    ],
)
def test_errors_say_what_to_do(make, status, words):
    answer = make(signed_in())
    assert answer.status_code == status
    assert words in answer.text


def test_a_form_without_its_proof_is_refused_with_words():
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(make_reader())
    answer = client.post(reverse("lineage:search"), {"text": "x"})
    assert answer.status_code == 403
    assert "This form could not be accepted" in answer.text


def test_the_language_is_switched_by_post():
    client = signed_in()
    answer = client.post(reverse("set_language"), {"language": "fr", "next": "/help/"})
    assert (answer.status_code, answer["Location"]) == (302, "/help/")
    assert 'lang="fr"' in client.get("/help/").text


def test_the_language_switch_leads_to_no_other_site():
    assert signed_in().post(reverse("set_language"), {"language": "fr", "next": "//evil.example/"})["Location"] == "/"
