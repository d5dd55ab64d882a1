import pytest
from django.http import QueryDict

from lineage.forms import SearchForm, TraceForm
from lineage.trace import Filters
from lineage.vocabulary import Certainty, Direction, Kind, Relation


@pytest.mark.parametrize(
    ("address", "direction", "filters"),
    [
        ("", Direction.DOWNSTREAM, Filters()),
        ("direction=upstream", Direction.UPSTREAM, Filters()),
        ("certainty=inferred", Direction.DOWNSTREAM, Filters(certainty=Certainty.INFERRED)),
        ("certainty=&direction=&depth=&kind=", Direction.DOWNSTREAM, Filters()),
        ("depth=3&kind=dataset", Direction.DOWNSTREAM, Filters(depth=3, kinds=frozenset({Kind.DATASET}))),
        (
            "relation=merge&relation=adapter&relation=merge",
            Direction.DOWNSTREAM,
            Filters(relations=frozenset({Relation.MERGE, Relation.ADAPTER})),
        ),
        ("page=2&unknown=1", Direction.DOWNSTREAM, Filters()),
    ],
)
def test_a_trace_is_asked_for_in_an_address(address, direction, filters):
    form = TraceForm.of_address(QueryDict(address))
    assert form.is_valid()
    assert (form.asked_direction(), form.filters()) == (direction, filters)


@pytest.mark.parametrize(
    "address",
    [
        "direction=sideways",
        "certainty=curated",
        "certainty=certain",
        "depth=0",
        "depth=-1",
        "depth=1001",
        "depth=9999999999999999999999",
        "depth=two",
        "depth=%00",
        "kind=space",
        "relation=finetune&relation=theft",
        "relation=%00",
    ],
)
def test_anything_else_is_refused(address):
    assert not TraceForm.of_address(QueryDict(address)).is_valid()


def test_the_fields_show_the_defaults_in_force():
    form = TraceForm.of_address(QueryDict(""))
    assert 'value="declared" selected' in str(form["certainty"])
    assert 'value="downstream" selected' in str(form["direction"])


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (" squad ", True),
        ("", False),
        ("   ", False),
        ("\x00", False),
        ("a" * 200, True),
        ("a" * 201, False),
        ("é", True),
    ],
)
def test_typed_text(text, valid):
    form = SearchForm({"text": text})
    assert form.is_valid() is valid
    assert not valid or form.cleaned_data["text"] == text.strip()
