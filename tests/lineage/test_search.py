import pytest
from django.db import connection

from lineage import search as module
from lineage.models import Artifact, Counter
from lineage.naming import STAFF_ON_SERVER, Viewer
from lineage.search import search
from lineage.vocabulary import AccountKind, Kind, Presence
from tests.factories import AT, make_alias, make_artifact, make_author

pytestmark = pytest.mark.django_db
RESEARCHER = Viewer(sees_person_names=False)


def found_models(text, viewer=STAFF_ON_SERVER):
    return [artifact.repo_id for artifact in search(text, viewer).models]


def make_downloaded(repo_id, downloads, **fields):
    artifact = make_artifact(repo_id, **fields)
    Counter.objects.create(artifact=artifact, downloads=downloads)
    return artifact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("org/whale-7b", True),  # the whole name
        ("whale", True),  # the beginning of its own part
        ("ale-7", True),  # within
        ("WHALE-7B", True),  # case
        ("org/", True),  # by owner
        ("or", True),  # a short text: the beginning of the name
        ("wh", True),  # or of its own part
        ("al", False),  # a short text is not sought within
        ("whale_7b", False),  # _ is no wildcard
        ("wh%7b", False),  # nor is %
        ("whale\\", False),
        ("'; DROP TABLE lineage_artifact; --", False),
        ("鲸鱼", False),
    ],
)
def test_finds_by_a_part_of_the_name(text, expected):
    make_artifact("org/whale-7b")
    assert found_models(text) == (["org/whale-7b"] if expected else [])


def test_wildcards_in_names_are_found_as_they_are():
    make_artifact("org/a_b")
    make_artifact("org/axb")
    assert found_models("a_b") == ["org/a_b"]


def test_the_name_itself_then_what_begins_with_it_then_the_most_downloaded():
    make_downloaded("org/my-whale", 900)
    make_downloaded("org/whale-large", 10)
    make_downloaded("org/whale-small", 20)
    make_downloaded("tiny/whale", 0)
    make_downloaded("whale-fans/other", 5)
    assert found_models("whale") == [
        "tiny/whale",
        "org/whale-small",
        "org/whale-large",
        "whale-fans/other",
        "org/my-whale",
    ]


def test_what_is_listed_comes_before_what_is_not():
    make_downloaded("org/whale-1", 900, presence=Presence.GONE, gone_since=AT)
    make_downloaded("org/whale-2", 0)
    make_artifact("org/whale-3", presence=Presence.MENTIONED)
    assert found_models("whale") == ["org/whale-2", "org/whale-1", "org/whale-3"]


def test_models_and_datasets_apart():
    make_artifact("org/whale")
    make_artifact("org/whale", Kind.DATASET)
    found = search("whale", STAFF_ON_SERVER)
    assert [artifact.kind for artifact in (*found.models, *found.datasets)] == [Kind.MODEL, Kind.DATASET]
    assert len(found.artifact_keys) == 2


def test_what_is_withheld_is_not_found_by_any_name():
    withheld = make_artifact("whale-lab/whale", withheld_at=AT, author=make_author("whale-lab"))
    make_alias("old-whale", withheld)
    assert not search("whale", STAFF_ON_SERVER)


def test_a_name_given_up_or_known_to_mean_another_is_not_found():
    target = make_artifact("new/home")
    make_artifact("old/whale", superseded_by=target)
    make_artifact("taken/whale", is_current=False)
    assert found_models("whale") == []


def test_old_names_lead_to_what_they_mean_and_ended_ones_do_not():
    artifact = make_artifact("new/home")
    make_alias("whale", artifact)
    make_alias("blue-whale", artifact)
    make_alias("whale-gone", artifact, held_until=AT)
    found = search("whale", STAFF_ON_SERVER)
    assert [(alias.name, alias.artifact.repo_id) for alias in found.old_names] == [
        ("whale", "new/home"),
        ("blue-whale", "new/home"),
    ]
    assert found.artifact_keys == [artifact.pk] * 2


def test_authors_by_name_and_by_display_name():
    make_author("whales", kind=AccountKind.ORGANISATION)
    make_author("wl", kind=AccountKind.ORGANISATION, full_name="The Whale Lab")
    make_author("someone")
    assert [author.name for author in search("whale", STAFF_ON_SERVER).authors] == ["whales", "wl"]


def test_nothing_found_is_false():
    assert not search("whale", STAFF_ON_SERVER)


def test_of_a_common_text_the_exact_and_the_most_downloaded_are_found(monkeypatch):
    monkeypatch.setattr(module, "CANDIDATES", 5)
    for number in range(20):
        make_downloaded(f"org/a-whale-{number:02}", number)
    make_downloaded("a-whale", 0)
    make_downloaded("famous/the-whale", 10_000)
    monkeypatch.setattr(module, "MOST_DOWNLOADED", 3)
    found = search("A-Whale", STAFF_ON_SERVER)
    assert found.more
    names = [artifact.repo_id for artifact in found.models]
    assert names[:2] == ["a-whale", "org/a-whale-19"]
    names = [artifact.repo_id for artifact in search("whale", STAFF_ON_SERVER).models]
    assert names[0] == "famous/the-whale"
    assert "org/a-whale-19" in names


def test_no_more_than_is_shown_is_given_and_more_is_said():
    for number in range(module.SHOWN + 1):
        make_artifact(f"org/whale-{number}")
    found = search("whale", STAFF_ON_SERVER)
    assert len(found.models) == module.SHOWN
    assert found.more


class TestForAViewerOfMaskedNames:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("jeanne", []),  # the account is a person's or unknown: it is not sought in
            ("jeanne-demo/whale", []),
            ("whale", ["acme/whale", "jeanne-demo/whale", "nobody-yet/whale"]),  # the own part is
            ("acme/", ["acme/whale"]),  # an organisation is in clear
            ("nobody", []),  # an owner of whom nothing is known
        ],
    )
    def test_artifacts_are_sought_in_what_is_shown(self, text, expected):
        make_author("jeanne-demo", kind=AccountKind.PERSON)
        make_author("acme", kind=AccountKind.ORGANISATION)
        for owner in ("jeanne-demo", "acme", "nobody-yet"):
            make_artifact(f"{owner}/whale")
        assert sorted(found_models(text, RESEARCHER)) == expected

    def test_authors_are_organisations_only(self):
        make_author("whale-person", kind=AccountKind.PERSON, full_name="Whale")
        make_author("whale-unknown")
        make_author("whale-org", kind=AccountKind.ORGANISATION)
        assert [author.name for author in search("whale", RESEARCHER).authors] == ["whale-org"]

    @pytest.mark.parametrize("text", ["je", "jea", "jeanne", "whale", "ale"])
    def test_neither_the_order_nor_what_is_left_out_tells_of_a_masked_owner(self, text, monkeypatch):
        monkeypatch.setattr(module, "CANDIDATES", 2)
        monkeypatch.setattr("lineage.naming.masked", lambda account: "compte-x")
        make_author("m", kind=AccountKind.ORGANISATION)
        for name in ("jeanne-demo/whale", "m/whale", "jeanne-demo/ajet-whale", "jeanne-demo/azur"):
            make_artifact(name)
        told = self.told(text)
        for number, artifact in enumerate(Artifact.objects.filter(owner="jeanne-demo")):
            artifact.owner = f"zoe-{number}"
            artifact.repo_id = f"{artifact.owner}/{artifact.repo_id.partition('/')[2]}"
            artifact.save()
        assert self.told(text) == told

    def told(self, text):
        found = search(text, RESEARCHER)
        return [artifact.pk for artifact in found.models], found.more

    @pytest.mark.parametrize(("text", "expected"), [("jeanne", []), ("whale", ["jeanne-demo/whale"])])
    def test_old_names_are_sought_in_what_is_shown(self, text, expected):
        make_alias("jeanne-demo/whale", make_artifact("acme/home"))
        assert [alias.name for alias in search(text, RESEARCHER).old_names] == expected


@pytest.mark.parametrize(("viewer", "most"), [(STAFF_ON_SERVER, 5), (RESEARCHER, 7)])
def test_queries_do_not_grow_with_what_is_found(django_assert_max_num_queries, viewer, most):
    for number in range(30):
        make_artifact(f"owner-{number}/whale")
        make_alias(f"owner-{number}/old-whale", make_artifact())
        make_author(f"whale-{number}", kind=AccountKind.ORGANISATION)
    with django_assert_max_num_queries(most):
        search("whale", viewer)


def test_postgresql_has_trigram_indexes():
    if connection.vendor != "postgresql":
        pytest.skip("trigram indexes are PostgreSQL's")
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%%gin_trgm_ops%%' ORDER BY 1")
        names = {row[0] for row in cursor.fetchall()}
    assert names == {
        "alias_name_trigrams",
        "author_full_name_trigrams",
        "author_name_trigrams",
        "indexed_name_trigrams",
    }
