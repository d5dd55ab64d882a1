"""Querysets whose plans matter."""

import pytest
from django.db import connection

from lineage.models import Artifact
from lineage.vocabulary import Kind
from tests.factories import make_artifact

pytestmark = pytest.mark.django_db


def test_names_are_looked_up_by_their_index_and_in_both_kinds():
    for number in range(2000):
        make_artifact(repo_id=f"org/model-{number}")
    make_artifact(kind=Kind.DATASET, repo_id="org/model-7")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE lineage_artifact")
    found = Artifact.objects.current().named(["org/model-7", "org/nothing"])
    assert {artifact.kind for artifact in found} == set(Kind)
    assert "artifact_name_is_held_once" in found.explain()
