"""The drawing tool draws what it says."""

import pytest

from lineage.models import Derivation
from lineage.vocabulary import Certainty, Kind, Relation
from tests.graphs import draw

pytestmark = pytest.mark.django_db


def test_a_picture_becomes_rows() -> None:
    nodes = draw("a -> b -> c; d{dataset} -[trained_on,declared]-> b")
    edges = {(e.source_id, e.derived_id, e.relation, e.certainty) for e in Derivation.objects.all()}
    a, b, c, d = (nodes[name].pk for name in "abcd")
    assert nodes["d"].kind == Kind.DATASET
    assert edges == {
        (a, b, Relation.FINETUNE, Certainty.RESOLVED),
        (b, c, Relation.FINETUNE, Certainty.RESOLVED),
        (d, b, Relation.TRAINED_ON, Certainty.DECLARED),
    }
