"""Who is shown which names."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from access.roles import Role
from lineage import naming
from lineage.naming import STAFF_ON_SERVER, Viewer
from lineage.vocabulary import AccountKind, Kind
from tests.factories import AT, make_alias, make_artifact, make_author, make_user

pytestmark = pytest.mark.django_db
MASKED = Viewer(sees_person_names=False)
LABEL = re.compile(r"compte-[a-z2-7]{10}\Z")


@pytest.mark.parametrize(
    ("roles", "sees"),
    [
        ([], False),
        ([Role.AGENT], True),
        ([Role.SUPERVISOR], True),
        ([Role.DPO], False),
        ([Role.RESEARCHER], False),
        ([Role.ADMINISTRATOR], False),
        ([Role.RESEARCHER, Role.ADMINISTRATOR], False),
        ([Role.AGENT, Role.RESEARCHER], True),
    ],
)
def test_who_sees_names(roles: list[Role], sees: bool) -> None:
    assert naming.viewer_of(make_user("", *roles)).sees_person_names is sees


def test_neither_a_superuser_nor_nobody_sees_names() -> None:
    assert not naming.viewer_of(make_user(is_superuser=True)).sees_person_names
    assert not naming.viewer_of(AnonymousUser()).sees_person_names


@pytest.mark.parametrize(
    ("repo_id", "owner_kind", "is_masked"),
    [
        ("made-up-person/bert", AccountKind.PERSON, True),
        ("not-asked-yet/bert", AccountKind.UNKNOWN, True),
        ("on-nobodys-list/bert", None, True),
        ("some-lab/bert", AccountKind.ORGANISATION, False),
        ("Some-Lab/bert", None, True),  # another spelling than the organisation's own
        ("squad", None, False),  # no owner
        ("trailing/", None, True),
        ("a/b/c", None, True),
    ],
)
def test_the_owner_is_masked_unless_an_organisation(
    repo_id: str, owner_kind: AccountKind | None, is_masked: bool
) -> None:
    make_author("some-lab", kind=AccountKind.ORGANISATION)
    if owner_kind and not repo_id.startswith("some-lab"):
        make_author(repo_id.partition("/")[0], kind=owner_kind)
    shown = naming.repo_ids_shown([repo_id], MASKED)[repo_id]
    assert naming.is_clear(repo_id, shown) is not is_masked
    assert naming.repo_ids_shown([repo_id], STAFF_ON_SERVER) == {repo_id: repo_id}
    if is_masked:
        owner, _, rest = shown.partition("/")
        assert LABEL.match(owner)
        assert rest == repo_id.partition("/")[2]


def test_one_account_has_one_label_whatever_the_case_or_the_language() -> None:
    with translation.override("fr"):
        french = naming.masked("Made-Up-Person")
    assert french == naming.masked("made-up-person") == naming.masked("MADE-UP-PERSON")
    assert naming.masked("made-up-person2") != french


def test_the_label_depends_on_the_key(settings: object) -> None:
    before = naming.masked("made-up-person")
    settings.MASKING_KEY = "another"  # type: ignore[attr-defined]
    assert naming.masked("made-up-person") != before


def test_a_label_holds_nothing_of_the_name() -> None:
    labels = {naming.masked(f"person-{number}") for number in range(2000)}
    assert len(labels) == 2000
    assert all(LABEL.match(label) for label in labels)


def test_odd_text_is_named_without_an_error() -> None:
    odd = ["", "/", "é/\udcff", "=cmd|' /C calc'!A0/x", "<script>/x", "\x00/y", "a" * 96 + "/b"]
    shown = naming.repo_ids_shown([text for text in odd if "\udcff" not in text and "\x00" not in text], MASKED)
    assert shown[""] == ""
    assert shown["/"] == "/"
    assert LABEL.match(shown["<script>/x"].partition("/")[0])
    assert LABEL.match(naming.masked("é\udcff\x00"))


def test_many_names_take_few_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_author("some-lab", kind=AccountKind.ORGANISATION)
    artifacts = [make_artifact(f"owner-{number % 900}/m{number}") for number in range(1000)]
    artifacts.append(make_artifact("some-lab/m", Kind.DATASET))
    with django_assert_num_queries(2):
        names = naming.artifact_names(artifacts, MASKED)
    assert len(names) == 1001
    assert names[artifacts[-1].pk] == "some-lab/m"
    assert names[artifacts[0].pk].partition("/")[0] == names[artifacts[900].pk].partition("/")[0]
    with django_assert_num_queries(0):
        naming.artifact_names(artifacts, STAFF_ON_SERVER)


def test_names_by_key_say_what_is_no_longer_held(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    artifact = make_artifact("made-up-person/m")
    with django_assert_num_queries(2):
        names = naming.names_by_key([artifact.pk, artifact.pk + 1, artifact.pk], MASKED)
    assert names[artifact.pk].endswith("/m")
    assert names[artifact.pk + 1] == "element not shown"
    assert naming.names_by_key([], MASKED) == {}


@pytest.mark.parametrize("viewer", [MASKED, STAFF_ON_SERVER])
@pytest.mark.parametrize("is_withheld", [True, False])
def test_names_and_ids_together_say_what_they_say_apart(viewer: Viewer, is_withheld: bool) -> None:
    make_author("some-lab", kind=AccountKind.ORGANISATION)
    keys = [make_artifact(repo_id).pk for repo_id in ("some-lab/m", "made-up-person/m")]
    hidden = make_artifact("made-up-person/hidden", withheld_at=AT if is_withheld else None)
    make_alias("made-up-person/before", hidden)
    texts = ["Made-Up-Person/HIDDEN", "made-up-person/before", "some-lab/x", "other/y", "squad", ""]
    for asked in ([*keys, hidden.pk, hidden.pk + 1], []):
        apart = naming.names_by_key(asked, viewer), naming.repo_ids_shown(texts, viewer)
        assert naming.names_and_ids(asked, texts, viewer) == apart
    assert (apart[1]["made-up-person/before"] == "element not shown") is is_withheld


def test_an_artifact_and_its_author_bear_one_label() -> None:
    author = make_author("made-up-person", kind=AccountKind.PERSON, full_name="Made Up")
    artifact = make_artifact("made-up-person/m", author=author)
    assert naming.artifact_name(artifact, MASKED) == f"{naming.author_name(author, MASKED)}/m"
    assert naming.author_full_name(author, MASKED) == ""
    assert naming.author_name(author, STAFF_ON_SERVER) == "made-up-person"
    assert naming.author_full_name(author, STAFF_ON_SERVER) == "Made Up"


def test_an_organisation_keeps_its_full_name() -> None:
    author = make_author("some-lab", kind=AccountKind.ORGANISATION, full_name="Some Lab")
    assert naming.author_name(author, MASKED) == "some-lab"
    assert naming.author_full_name(author, MASKED) == "Some Lab"
