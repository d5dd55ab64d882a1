import pytest

from lineage.models import Artifact
from lineage.naming import STAFF_ON_SERVER, Viewer
from lineage.sheet import hub_address, sheet
from lineage.vocabulary import AccountKind, Field, Kind, Relation
from tests.factories import AT, make_alias, make_artifact, make_author, make_mention
from tests.graphs import draw

pytestmark = pytest.mark.django_db
RESEARCHER = Viewer(sees_person_names=False)


@pytest.mark.parametrize(
    ("repo_id", "kind", "endpoint", "address"),
    [
        ("org/m", Kind.MODEL, "https://huggingface.co", "https://huggingface.co/org/m"),
        ("org/d", Kind.DATASET, "https://huggingface.co", "https://huggingface.co/datasets/org/d"),
        ("gpt2", Kind.MODEL, "https://hub.example", "https://hub.example/gpt2"),
        ('o/"><script>?x#y', Kind.MODEL, "https://hub.example", "https://hub.example/o/%22%3E%3Cscript%3E%3Fx%23y"),
        ("//evil.example/x", Kind.MODEL, "https://hub.example", "https://hub.example///evil.example/x"),
        ("org/m", Kind.MODEL, "http://127.0.0.1:9", ""),
        ("org/m", Kind.MODEL, "javascript:alert(1)", ""),
    ],
)
def test_links_lead_to_the_configured_hub_over_https_only(settings, repo_id, kind, endpoint, address):
    settings.HF_ENDPOINT = endpoint
    assert hub_address(Artifact(repo_id=repo_id, kind=kind)) == address


def test_counts_and_neighbours():
    nodes = draw("a -> b -> c; b -> d; s{dataset} -[trained_on,declared]-> b")
    told = sheet(nodes["b"], STAFF_ON_SERVER)
    assert (told.ancestors, told.descendants) == (2, 2)
    assert [group.relation for group in told.sources] == [Relation.FINETUNE, Relation.TRAINED_ON]
    assert set(told.names.values()) == {"org/a", "org/b", "org/c", "org/d", "org/s"}


def test_a_mention_leads_to_what_it_means():
    artifact, target, renamed = make_artifact(), make_artifact("org/target"), make_artifact("org/new")
    make_alias("old", renamed)
    make_alias("ended", renamed, held_until=AT)
    for position, name in enumerate(["org/target", "old", "ended", "nowhere"]):
        make_mention(artifact, name, field=Field.BASE_MODEL_CARD, position=position)
    told = sheet(artifact, STAFF_ON_SERVER)
    assert [(said.target, key) for said, key in told.mentions] == [
        ("org/target", target.pk),
        ("old", renamed.pk),
        ("ended", None),
        ("nowhere", None),
    ]


def test_a_model_and_a_dataset_of_one_name_are_not_mixed_up():
    artifact, dataset = make_artifact(), make_artifact("org/both", Kind.DATASET)
    make_artifact("org/both")
    make_mention(artifact, "org/both", target_kind=Kind.DATASET, relation=Relation.TRAINED_ON)
    assert [key for _, key in sheet(artifact, STAFF_ON_SERVER).mentions] == [dataset.pk]


def test_a_masked_viewer_gets_no_name_and_no_way_to_the_hub():
    author = make_author("jeanne-demo", kind=AccountKind.PERSON, full_name="Jeanne D.")
    artifact = make_artifact("jeanne-demo/whale", author=author)
    make_alias("jeanne-demo/old", artifact)
    make_mention(artifact, "marc-demo/base")
    told = sheet(artifact, RESEARCHER)
    assert told.hub_address == ""
    assert "jeanne" not in str((told.name, told.author, told.names.values(), told.texts.values()))
    assert "marc" not in str(told.texts["marc-demo/base"])
    assert told.name.endswith("/whale")


def test_an_organisation_is_in_clear_for_a_masked_viewer(settings):
    settings.HF_ENDPOINT = "https://hub.example"
    artifact = make_artifact("acme/whale", author=make_author("acme", kind=AccountKind.ORGANISATION))
    told = sheet(artifact, RESEARCHER)
    assert (told.name, told.author, told.hub_address) == ("acme/whale", "acme", "https://hub.example/acme/whale")


@pytest.mark.parametrize(("viewer", "queries"), [(STAFF_ON_SERVER, 10), (RESEARCHER, 12)])
@pytest.mark.parametrize("size", [2, 40])
def test_queries_do_not_grow_with_what_is_told(django_assert_max_num_queries, viewer, queries, size):
    nodes = draw(";".join(f"a -> b{number} -> c{number}" for number in range(size)))
    Artifact.objects.exclude(pk=nodes["a"].pk).update(parent=nodes["a"])
    for number in range(size):
        make_mention(nodes["a"], f"owner{number}/x")
        make_alias(f"owner{number}/y", nodes["a"])
    sheet(nodes["a"], viewer)  # opens the graph
    with django_assert_max_num_queries(queries):
        sheet(nodes["a"], viewer)
