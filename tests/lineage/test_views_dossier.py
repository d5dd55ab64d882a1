"""The pages around a trace: publishers, why, withdrawal, and dated dossiers."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from access.roles import Role
from lineage import consultations
from lineage.consultations import shown_keys
from lineage.models import Artifact, Consultation, Counter, Derivation, Disclosure, GraphState
from lineage.vocabulary import AccountKind, Field
from tests.factories import AT, make_alias, make_artifact, make_author, make_derivation, make_mention, make_run
from tests.graphs import draw
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
PICTURE = "s{dataset} -[trained_on,declared]-> a -> b -[quantized]-> c; s -[trained_on,declared]-> d -> c"


def words(page):
    """The text of a page, without its marks and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def why(client, origin, target, query=""):
    return client.get(f"{reverse('lineage:why', args=[origin.pk, target.pk])}?{query}")


def drawn_up(client, origin, query=""):
    """The page of a dossier just drawn up."""
    return client.post(f"{reverse('lineage:draw_up', args=[origin.pk])}?{query}", follow=True)


def harvested(at):
    """As linking leaves the state after the harvest that started at `at`."""
    state, _ = GraphState.objects.get_or_create(pk=1)
    state.generation, state.as_of = state.generation + 1, at
    state.save()


# --- why is it here? -------------------------------------------------------------------------------


def test_every_shortest_way_with_its_evidence():
    nodes = draw(PICTURE)
    make_mention(nodes["a"], "org/s", field=Field.DATASETS_CARD, target_kind="dataset", relation="trained_on")
    make_mention(nodes["c"], "ORG/D", first_run=make_run())
    page = why(signed_in(), nodes["s"], nodes["c"])
    told = words(page)
    assert "1 shortest path" in told
    assert "org/d trained on declared by the author, not verified ← org/s" in told
    assert "Hub tag “base_model”: ORG/D" in told
    assert "seen since the harvest of" in told
    assert "org/a" not in told
    assert "Card field “datasets”: org/s" in words(why(signed_in(), nodes["s"], nodes["a"]))


def test_ways_beyond_the_limit_are_announced():
    nodes = draw(";".join(f"a -> m{number} -> z" for number in range(25)))
    told = words(why(signed_in(), nodes["a"], nodes["z"]))
    assert "20 shortest paths" in told
    assert "There are others as short: the first 20 are shown." in told


@pytest.mark.parametrize(
    ("target", "query", "said"),
    [
        ("x", "", "No path:"),
        ("b", "direction=upstream", "No path:"),
        ("c", "depth=1", "No path:"),
        ("s", "", "This is where the trace starts."),
    ],
)
def test_no_path_is_said_plainly(target, query, said):
    nodes = draw(f"{PICTURE}; x -> y")
    assert said in words(why(signed_in(), nodes["s"], nodes[target], query))


def test_a_link_that_no_record_gives_any_more_says_so():
    nodes = draw("a -> b")
    assert "No record says it today" in words(why(signed_in(), nodes["a"], nodes["b"]))


def test_evidence_does_not_name_what_is_withheld():
    nodes = draw("a -> b -> c")
    make_mention(nodes["c"], "org/b")
    Artifact.objects.filter(pk=nodes["b"].pk).update(withheld_at=AT)
    page = why(signed_in(), nodes["a"], nodes["c"])
    assert "org/b" not in page.text
    assert "element not shown" in page.text
    assert why(signed_in(), nodes["a"], nodes["b"]).status_code == 404


def test_a_way_and_its_evidence_are_masked():
    origin, child = make_artifact("jeanne-demo/whale"), make_artifact("lucien-demo/orca")
    make_derivation(origin, child)
    make_mention(child, "Jeanne-Demo/Whale")
    page = why(signed_in(Role.RESEARCHER), origin, child)
    assert not re.search("jeanne|lucien", page.text, re.IGNORECASE)
    assert page.text.count("compte-") >= 3


# --- publishers ------------------------------------------------------------------------------------


def test_publishers_apart_and_the_most_downloaded_first():
    origin = make_artifact("org/origin")
    for name, kind, number in [
        ("small", "organisation", 1), ("large", "organisation", 9), ("jeanne-demo", "person", 5),
        ("puzzle", "unknown", 7),
    ]:  # fmt: skip
        author = make_author(name, kind=AccountKind(kind))
        made = make_artifact(f"{name}/m", author=author)
        Counter.objects.create(artifact=made, downloads=number, likes=0)
        make_derivation(origin, made)
    make_derivation(origin, make_artifact("nobody/mentioned", presence="mentioned"))
    address = reverse("lineage:publishers", args=[origin.pk])
    told = words(signed_in().get(address))
    places = [told.index(name) for name in ("large", "small", "jeanne-demo", "puzzle", "no account known")]
    assert places == sorted(places)
    assert "jeanne-demo/m" in told
    assert set(shown_keys(Consultation.objects.latest("pk"))) >= set(Artifact.objects.values_list("pk", flat=True))
    masked = words(signed_in(Role.RESEARCHER).get(address))
    assert "large" in masked
    assert "jeanne-demo" not in masked


def test_publishers_are_paged(django_assert_max_num_queries):
    origin, client = make_artifact("org/origin"), signed_in()
    for number in range(120):
        make_derivation(origin, make_artifact(f"o{number}/m", author=make_author(f"o{number}", kind="organisation")))
    address = reverse("lineage:publishers", args=[origin.pk])
    client.get(address)
    with django_assert_max_num_queries(12):
        page = client.get(f"{address}?page=2")
    assert page.text.count('<th scope="row">') == 20
    assert len(Consultation.objects.latest("pk").definition["authors"]) == 20


# --- withdrawal ------------------------------------------------------------------------------------


def test_consequences_with_their_assumptions():
    nodes = draw("base -> tuned -[quantized]-> small; base -[adapter]-> lora; base -[merge,inferred]-> mixed")
    address = reverse("lineage:withdrawal", args=[nodes["base"].pk])
    told = words(signed_in().get(address))
    assert "At least 3 elements made from it would remain." in told
    assert "An adapter's file alone holds none of the base" in told.replace("&#x27;", "'")
    assert "mixed with others" not in told
    assert "mixed with others" in words(signed_in().get(f"{address}?certainty=inferred"))
    assert "nothing is known to remain" in words(
        signed_in().get(reverse("lineage:withdrawal", args=[nodes["lora"].pk]))
    )


# --- dossiers --------------------------------------------------------------------------------------


def test_a_dossier_is_dated_evidenced_and_entered_in_the_ledger():
    nodes, client = draw(PICTURE), signed_in()
    make_alias("s-of-old", nodes["s"])
    make_run(started_at=AT)
    harvested(AT)
    make_mention(nodes["a"], "org/s", field=Field.DATASETS_CARD, target_kind="dataset", relation="trained_on")
    page = drawn_up(client, nodes["s"], "depth=1&relation=trained_on&relation=finetune")
    entry = Disclosure.objects.get()
    told = words(page)
    asked = "direction=downstream&amp;certainty=declared&amp;relation=finetune&amp;relation=trained_on&amp;depth=1"
    assert f"/artifact/{nodes['s'].pk}/trace/?{asked}" in page.text
    assert page.redirect_chain == [(f"/dossier/{entry.pk}/", 302)]
    assert f"Dossier no. {entry.pk}" in told
    assert "At least 2 models whose authors declare this dataset, directly or not." in told
    for said in ("s-of-old", "the harvest of", "trained on", "Card field “datasets”: org/s", "To be destroyed by"):
        assert said in told
    assert (entry.form, entry.count, entry.definition["depth"]) == ("dossier", 3, 1)
    assert [read.operation for read in Consultation.objects.order_by("pk")] == ["export", "trace"]


def test_taken_again_after_a_harvest_it_is_the_same_and_the_difference_is_listed():
    nodes, client = draw("a -> kept; a -> dropped"), signed_in()
    Derivation.objects.update(held_from=AT)
    make_run(started_at=AT)
    harvested(AT)
    before = drawn_up(client, nodes["a"])
    assert "The same trace gives the same elements today." in words(before)
    later = Disclosure.objects.get().at + timedelta(days=1)
    make_run(started_at=later)
    Derivation.objects.filter(derived=nodes["dropped"]).update(held_until=later)
    make_derivation(nodes["a"], make_artifact("org/new"), held_from=later)
    harvested(later)
    again = client.get(before.redirect_chain[0][0])
    rows = re.findall(r'<th scope="row" class="artifact__name">(.*?)</th>', again.text)
    assert rows == ["org/dropped", "org/kept"]
    told = words(again).partition("Compared with today")[2]
    assert "Found since 1 org/new No longer found 1 org/dropped" in told


def test_a_dossier_whose_origin_was_renamed_is_compared_with_what_it_means_today():
    nodes, client = draw("old -> b; new -> b; new -> c"), signed_in()
    make_run(started_at=AT)
    harvested(AT)
    address = drawn_up(client, nodes["old"]).redirect_chain[0][0]
    Artifact.objects.filter(pk=nodes["old"].pk).update(superseded_by=nodes["new"])
    harvested(AT + timedelta(days=1))
    assert "Found since 1 org/c No longer found 0" in words(client.get(address))


def test_a_dossier_about_what_is_not_shown_any_more():
    nodes, client = draw("a -> b"), signed_in()
    address = drawn_up(client, nodes["a"]).redirect_chain[0][0]
    Artifact.objects.filter(pk=nodes["a"].pk).update(withheld_at=AT)
    page = client.get(address)
    assert page.status_code == 410
    assert "org/a" not in page.text


def test_a_dossier_is_for_whoever_received_it_and_for_readers_of_the_ledger():
    nodes = draw("a -> b")
    address = drawn_up(signed_in(), nodes["a"]).redirect_chain[0][0]
    assert signed_in(Role.AGENT).get(address).status_code == 404
    assert signed_in(Role.RESEARCHER).get(address).status_code == 404
    assert signed_in(Role.SUPERVISOR).get(address).status_code == 200
    assert signed_in(Role.DPO).get(address).status_code == 403


def test_a_masked_dossier_names_no_person():
    origin, child = make_artifact("jeanne-demo/whale"), make_artifact("lucien-demo/orca")
    make_derivation(origin, child)
    make_mention(child, "jeanne-demo/whale")
    make_alias("jeanne-demo/old", origin)
    page = drawn_up(signed_in(Role.RESEARCHER), origin)
    assert not re.search("jeanne|lucien", page.text)


def test_a_long_dossier_says_what_it_leaves_out(monkeypatch):
    monkeypatch.setattr("lineage.views.dossier.MOST_HOPS", 2)
    nodes = draw("a -> b -> c -> d")
    told = words(drawn_up(signed_in(), nodes["a"]))
    assert "1 element further away is not listed here" in told


@pytest.mark.parametrize("name", ["publishers", "withdrawal", "why", "draw_up"])
def test_filters_that_cannot_be_used_lead_to_the_trace_which_says_why(name):
    nodes = draw("a -> b")
    keys = [nodes["a"].pk, nodes["b"].pk][: 2 if name == "why" else 1]
    address = f"{reverse(f'lineage:{name}', args=keys)}?depth=0"
    client = signed_in()
    answer = client.post(address) if name == "draw_up" else client.get(address)
    assert answer["Location"] == f"{reverse('lineage:trace', args=[nodes['a'].pk])}?depth=0"
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("name", ["publishers", "withdrawal", "why", "draw_up"])
def test_what_is_withheld_has_no_such_pages(name):
    nodes = draw("a -> b")
    Artifact.objects.filter(pk=nodes["a"].pk).update(withheld_at=AT)
    address = reverse(f"lineage:{name}", args=[nodes["a"].pk, nodes["b"].pk][: 2 if name == "why" else 1])
    answer = signed_in().post(address) if name == "draw_up" else signed_in().get(address)
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["publishers", "withdrawal", "why"])
def test_each_page_is_one_read(name):
    nodes = draw("a -> b")
    signed_in().get(reverse(f"lineage:{name}", args=[nodes["a"].pk, nodes["b"].pk][: 2 if name == "why" else 1]))
    read = Consultation.objects.get()
    assert (read.operation, read.reference) == ("trace", f"artifact:{nodes['a'].pk}")
    assert nodes["a"].pk in shown_keys(read)
    assert list(consultations.of_artifact(nodes["a"].pk)) == [read]
