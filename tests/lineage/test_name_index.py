"""The index of names says what current artifacts are called, and nothing else."""

import pytest

from lineage import name_index
from lineage.models import Artifact, IndexedName
from lineage.vocabulary import Kind
from tests.factories import make_artifact

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return sorted(IndexedName.objects.values_list("name", flat=True))


def test_what_came_left_or_was_renamed_since():
    renamed, left, displaced = (make_artifact(f"org/{word}") for word in ("renamed", "left", "displaced"))
    Artifact.objects.filter(pk=renamed.pk).update(repo_id="org/anew")
    Artifact.objects.filter(pk=displaced.pk).update(is_current=False)
    left.delete()
    Artifact.objects.create(kind=Kind.MODEL, repo_id="org/came", owner="org")
    assert name_index.renew() == 4  # two come, two go
    assert names() == ["org/anew", "org/came"]
    assert name_index.renew() == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ale-7", True),
        ("ALE-7", True),
        ("org/whale_7B", False),
        ("whale-7b", True),
        ('"', False),
        ('wha"le', False),
        ("whale OR x", False),
        ("wh*", False),
        ("%ale", False),
        ("鲸鱼鲸", False),
    ],
)
def test_a_text_is_sought_as_it_is(text, found):
    artifact = make_artifact("org/whale-7b")
    assert list(Artifact.objects.filter(indexed_name__name__holds=text)) == ([artifact] if found else [])


def test_it_goes_with_its_artifact():
    make_artifact("org/whale")
    Artifact.objects.all().delete()
    assert names() == []
