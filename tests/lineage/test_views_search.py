from datetime import UTC, datetime

import pytest
from django.urls import reverse

from access.roles import Role
from lineage import statistics
from lineage.models import Artifact, Consultation
from lineage.sealing import seal
from lineage.vocabulary import AccountKind, Kind
from tests.factories import AT, make_alias, make_artifact, make_author, make_run
from tests.graphs import draw
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
HOME = reverse("lineage:search")


def searched(client, text):
    return client.post(HOME, {"text": text}, follow=True)


def test_home_says_what_the_base_holds(client):
    draw("a -> b; d{dataset}")
    page = signed_in().get(HOME)
    assert (page.context["coverage"].models, page.context["coverage"].datasets) == (2, 1)


def test_an_empty_base_says_what_to_do():
    assert "no harvest has been linked in yet" in signed_in().get(HOME).text


def test_typed_text_never_stands_in_an_address():
    make_artifact("jeanne-demo/whale")
    answer = signed_in().post(HOME, {"text": "jeanne-demo/whale"})
    assert answer.status_code == 302
    assert "jeanne" not in answer["Location"]
    assert "whale" not in answer["Location"]


def test_results_link_to_keys_and_show_names():
    artifact, dataset = make_artifact("org/whale"), make_artifact("org/whale-songs", Kind.DATASET)
    author = make_author("whale-lab", kind=AccountKind.ORGANISATION, full_name="Whale Laboratory")
    make_alias("old-whale", artifact)
    page = searched(signed_in(), "whale").text
    for shown in ("org/whale", "org/whale-songs", "whale-lab", "Whale Laboratory", "old-whale"):
        assert shown in page
    for address in (f"/artifact/{artifact.pk}/", f"/artifact/{dataset.pk}/", f"/author/{author.pk}/"):
        assert f'href="{address}"' in page


def test_nothing_found_says_what_to_try():
    assert "Nothing in this base is called so." in searched(signed_in(), "whale").text


@pytest.mark.parametrize("text", ["", " ", "\x00", "a" * 201])
def test_text_that_cannot_be_sought_is_answered_with_the_reason(text):
    answer = signed_in().post(HOME, {"text": text})
    assert answer.status_code == 200
    assert answer.context["form"].errors


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'\"--;", "%", "_", "\\", "{{ 7*7 }}", "日本", "\u202e"])
def test_odd_text_is_sought_and_escaped(text):
    page = searched(signed_in(), text)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_search_of_someone_else_does_not_open():
    make_artifact("org/whale")
    sealed = seal("whale", holder=10**6)
    page = signed_in().get(HOME, {"s": sealed}).text
    assert "This search has expired" in page
    assert "org/whale" not in page


@pytest.mark.parametrize("text", ["whale", "[]", "3", "{"])
def test_a_search_sealed_otherwise_has_expired(text):
    client = signed_in()
    sealed = seal(text, holder=int(client.session["_auth_user_id"]))
    assert "This search has expired" in client.get(HOME, {"s": sealed}).text


def test_a_researcher_sees_no_person_and_finds_none():
    make_artifact("jeanne-demo/whale", author=make_author("jeanne-demo", kind=AccountKind.PERSON))
    researcher = signed_in(Role.RESEARCHER)
    page = searched(researcher, "whale").text
    assert "/whale" in page
    assert "jeanne" not in page
    assert "do not circulate" in page
    assert "Nothing in this base is called so." in searched(researcher, "jeanne").text


def test_each_search_is_recorded_once_without_its_text():
    artifact = make_artifact("org/whale")
    searched(signed_in(), "whale")
    consultation = Consultation.objects.get()
    assert (consultation.operation, consultation.count) == (Consultation.Operation.SEARCH, 1)
    assert "whale" not in str((consultation.definition, consultation.reference))
    assert artifact.pk


def test_home_itself_reads_nothing_personal():
    make_run()
    signed_in().get(HOME)
    assert not Consultation.objects.exists()


@pytest.fixture
def pod():
    """Three whales that differ in everything one can narrow by, counted."""
    made = {
        "a": make_artifact("org/whale-a", task="text-generation", license="mit", library="peft"),
        "b": make_artifact("org/whale-b", task="fill-mask", license="mit", library="transformers"),
        "c": make_artifact("org/whale-c", Kind.DATASET, task="text-generation", license="apache-2.0"),
    }
    for year, artifact in zip((2022, 2024, 2025), made.values(), strict=True):
        Artifact.objects.filter(pk=artifact.pk).update(created_at=datetime(year, 1, 1, tzinfo=UTC))
    make_author("whale-lab", kind=AccountKind.ORGANISATION)
    make_alias("old-whale", made["a"])
    statistics.renew(as_of=AT)
    return made


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "abc"),
        ({"kind": "dataset"}, "c"),
        ({"license": "mit"}, "ab"),
        ({"task": "text-generation", "kind": "model"}, "a"),
        ({"library": "transformers"}, "b"),
        ({"since": "2024"}, "bc"),
        ({"since": "2024", "license": "mit"}, "b"),
        ({"task": "fill-mask", "library": "peft"}, ""),
    ],
)
def test_a_search_is_narrowed(pod, asked, found):
    client = signed_in()
    answer = client.post(HOME, {"text": "whale", **asked}, follow=True)
    assert answer.status_code == 200
    assert [name for name in "abc" if f"org/whale-{name}" in answer.text] == list(found)
    assert ("whale-lab" in answer.text) is (not asked)
    for word in asked.values():
        assert word not in answer.redirect_chain[0][0].partition("?s=")[0]
    assert ('<details class="search__narrow" open>' in answer.text) is bool(asked)


@pytest.mark.parametrize("asked", [{"license": "nobody's"}, {"since": "x"}, {"kind": "author"}])
def test_a_word_that_is_not_offered_is_refused(pod, asked):
    answer = signed_in().post(HOME, {"text": "whale", **asked})
    assert answer.status_code == 200
    assert answer.context["form"].errors
