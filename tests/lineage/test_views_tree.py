"""The page of a family tree: what its address asks for, what it shows to whom, what it records."""

import re

import pytest
from django.urls import reverse

from access.roles import Role
from lineage.consultations import shown_keys
from lineage.models import Artifact, Consultation, Derivation
from lineage.vocabulary import AccountKind, Kind, Presence, Relation
from tests.factories import AT, make_artifact, make_author, make_derivation
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    """base → tuned → (small quantized, chat); base → other; tuned is merged from other too."""
    made = {"base": make_artifact("org/base")}
    for name, parent in (("tuned", "base"), ("other", "base"), ("small", "tuned"), ("chat", "tuned")):
        made[name] = make_artifact(f"org/{name}", parent=made[parent])
        make_derivation(made[parent], made[name])
    Derivation.objects.filter(derived=made["small"]).update(relation=Relation.QUANTIZED)
    make_derivation(made["other"], made["tuned"], relation=Relation.MERGE)
    return made


def page(artifact, client=None, **asked):
    return (client or signed_in()).get(reverse("lineage:tree", args=[artifact.pk]), asked)


def drawn(answer):
    """The keys of the list, in its order."""
    return [int(key) for key in re.findall(r'<li id="node-(\d+)"', answer.text)]


def keys(family, names):
    return [family[name].pk for name in names.split()]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, "base tuned other"),
        ({"levels": "3"}, "base tuned chat small other"),
        ({"levels": "all"}, "base tuned chat small other"),
        ({"levels": "all", "fold": "quantized"}, "base tuned chat other"),
        ({"levels": "x", "fold": "y"}, "base tuned other"),
        ({"levels": "3", "shut": "tuned"}, "base tuned other"),
        ({"open": "tuned"}, "base tuned chat small other"),
        ({"shut": "base"}, "base"),
    ],
)
def test_the_address_says_what_is_drawn(family, asked, shown):
    asked = {name: family[value].pk if value in family else value for name, value in asked.items()}
    found = drawn(page(family["base"], **asked))
    assert sorted(found) == sorted(keys(family, shown))
    assert found[0] == family["base"].pk


def test_several_sources_are_named_and_stand_in_the_data_of_the_picture(family):
    text = page(family["base"]).text
    row = re.search(rf'<li id="node-{family["tuned"].pk}"[^>]*>', text)
    assert row is not None
    assert 'data-relation="finetune"' in row[0]
    assert f'data-also="{family["other"].pk} "' in row[0]
    assert "also from" in text


def test_the_path_to_what_is_lit_is_marked(family):
    text = page(family["base"], levels="3", lit=family["chat"].pk).text
    lit = re.findall(r'id="node-(\d+)"[^>]*tree__lit', text)
    assert [int(key) for key in lit] == keys(family, "base tuned chat")
    assert f'data-lit="{family["chat"].pk}"' in text


@pytest.mark.parametrize("odd", ["9" * 40, "-", "<script>", "0", "٣"])
def test_odd_keys_do_no_harm(family, odd):
    answer = page(family["base"], open=odd, shut=odd, lit=odd)
    assert answer.status_code == 200
    assert "<script>-" not in answer.text
    assert "tree__lit" not in answer.text


def test_folded_ones_are_counted(family):
    assert "1 derivative is folded away" in page(family["tuned"], fold="quantized").text


def test_a_link_that_opens_keeps_the_rest_of_the_address(family):
    answer = page(family["base"], fold="merge")
    assert f'href="?fold=merge&amp;open=-{family["tuned"].pk}#node-{family["tuned"].pk}"' in answer.text


def test_one_alone_says_that_there_is_nothing_to_draw():
    assert "there is nothing to draw" in page(make_artifact("org/alone")).text


def test_a_dataset_has_its_family_too():
    source, derived = make_artifact("org/s", Kind.DATASET), make_artifact("org/t", Kind.DATASET)
    Artifact.objects.filter(pk=derived.pk).update(parent=source)
    make_derivation(source, derived, relation=Relation.EXTENDED_FROM)
    answer = page(source)
    assert drawn(answer) == [source.pk, derived.pk]
    assert "Datasets extended from it" in answer.text


def test_an_old_name_leads_to_what_it_means(family):
    old = make_artifact("old/name", superseded_by=family["base"], presence=Presence.MENTIONED)
    answer = page(old)
    assert (answer.status_code, answer["Location"]) == (302, f"/artifact/{family['base'].pk}/tree/")


def test_what_is_withheld_is_not_named_and_has_no_tree(family):
    Artifact.objects.filter(pk__in=keys(family, "tuned other")).update(withheld_at=AT)
    answer = page(family["base"])
    assert "org/tuned" not in answer.text
    assert "element not shown" in answer.text
    assert page(family["tuned"]).status_code == 404


def test_a_researcher_sees_labels_in_list_and_picture():
    author = make_author("jeanne-demo", kind=AccountKind.PERSON)
    root = make_artifact("jeanne-demo/whale", author=author)
    child = make_artifact("marc-demo/calf", parent=root)
    make_derivation(root, child)
    make_derivation(make_artifact("paul-demo/other"), child, relation=Relation.MERGE)
    text = page(root, signed_in(Role.RESEARCHER)).text
    assert not re.search("jeanne|marc|paul", text)
    assert text.count("compte-") >= 3


def test_one_read_with_all_that_it_names(family):
    page(family["base"])
    row = Consultation.objects.get()
    assert (row.operation, row.reference) == ("view", f"family:{family['base'].pk}")
    assert shown_keys(row) == sorted(keys(family, "base tuned other"))


@pytest.mark.parametrize("size", [2, 60])
@pytest.mark.parametrize("role", [Role.AGENT, Role.RESEARCHER])
def test_at_most_twelve_queries_whatever_the_family(django_assert_max_num_queries, size, role):
    root = make_artifact("org/root")
    for number in range(size):
        child = make_artifact(f"owner-{number}/child", parent=root)
        make_derivation(root, child)
        make_derivation(child, make_artifact(f"owner-{number}/leaf", parent=child))
    client = signed_in(role)
    page(root, client, levels="all")
    with django_assert_max_num_queries(12):
        page(root, client, levels="all")
