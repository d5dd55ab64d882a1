"""What a reader marks and looks at: on their own home page, for them alone, and nothing that may not be shown."""

import pytest
from django.urls import reverse

from access.roles import Role
from lineage import stars
from lineage.consultations import shown_keys
from lineage.models import Artifact, Consultation, Star
from tests.factories import AT, make_artifact, make_user
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
HOME = reverse("lineage:search")


def mark(client, artifact):
    return client.post(reverse("lineage:star", args=[artifact.pk]), follow=True)


def test_a_mark_is_set_shown_at_home_and_taken_away():
    client, artifact = signed_in(), make_artifact("org/whale")
    assert "Take the mark away" in mark(client, artifact).text
    assert "Marked" in client.get(HOME).text
    assert "Mark to find it again" in mark(client, artifact).text
    assert "Marked" not in client.get(HOME).text


def test_marks_are_their_owners_alone():
    artifact = make_artifact("org/whale")
    mark(signed_in(), artifact)
    other = signed_in()
    assert "org/whale" not in other.get(HOME).text
    assert "Mark to find it again" in other.get(reverse("lineage:artifact", args=[artifact.pk])).text


def test_what_was_looked_at_last_comes_first_and_ends_with_the_session():
    client, artifacts = signed_in(), [make_artifact(f"org/m{number}") for number in range(stars.MOST_RECENT + 2)]
    for artifact in [*artifacts, artifacts[3]]:
        client.get(reverse("lineage:artifact", args=[artifact.pk]))
    text = client.get(HOME).text
    assert text.index("org/m3") < text.index("org/m9") < text.index("org/m8")
    assert "org/m1<" not in text
    assert "org/m3" not in signed_in().get(HOME).text


def test_what_is_withheld_or_erased_is_not_at_home():
    client, withheld, erased = signed_in(), make_artifact("org/withheld"), make_artifact("org/erased")
    for artifact in (withheld, erased):
        mark(client, artifact)
    Artifact.objects.filter(pk=withheld.pk).update(withheld_at=AT)
    erased.delete()
    text = client.get(HOME).text
    assert "org/withheld" not in text
    assert "org/erased" not in text
    assert Star.objects.count() == 1
    assert client.post(reverse("lineage:star", args=[withheld.pk])).status_code == 404


def test_names_at_home_are_masked_and_recorded():
    client, artifact = signed_in(Role.RESEARCHER), make_artifact("jeanne-demo/whale")
    mark(client, artifact)
    text = client.get(HOME).text
    assert "jeanne" not in text
    assert "/whale" in text
    row = Consultation.objects.latest("pk")
    assert (row.reference, shown_keys(row)) == ("home", [artifact.pk])


def test_there_is_a_bound_and_it_is_told(monkeypatch):
    monkeypatch.setattr(stars, "MOST_STARS", 1)
    client = signed_in()
    mark(client, make_artifact())
    assert "Nothing was changed: take a mark away first." in mark(client, make_artifact()).text
    assert Star.objects.count() == 1


def test_marks_go_with_their_account():
    account = make_user()
    stars.toggle(artifact=make_artifact(), by=account.pk, at=AT)
    account.delete()
    assert not Star.objects.exists()


def test_home_takes_at_most_twelve_queries(django_assert_max_num_queries):
    client = signed_in(Role.RESEARCHER)
    for number in range(20):
        mark(client, make_artifact(f"owner-{number}/m"))
    client.get(HOME)
    with django_assert_max_num_queries(12):
        client.get(HOME)
