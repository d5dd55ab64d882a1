"""The map of a family: the bytes that a browser reads, the table beside it, what is recorded, what is masked."""

import re
import struct

import numpy as np
import pytest
from django.urls import reverse

from access.roles import Role
from lineage import atlas, graph
from lineage.atlas import NO_RELATION, NOT_SHOWN, atlas_of
from lineage.atlas.packing import TooGreat, packed
from lineage.consultations import shown_keys
from lineage.models import Artifact, Consultation, Counter
from lineage.trace import RELATIONS
from lineage.tracing import trace_from
from lineage.vocabulary import Presence, Relation
from tests.factories import AT, make_artifact, make_derivation
from tests.graphs import draw
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
COLUMNS = (
    ("x", "<f4"),
    ("y", "<f4"),
    ("parents", "<u4"),
    ("keys", "<u4"),
    ("months", "<u2"),
    ("sizes", "u1"),
    ("relations", "u1"),
)


@pytest.fixture
def family():
    nodes = draw(
        "base -> tuned -[quantized]-> small; base -[adapter]-> lora; tuned -[merge]-> mixed; lora -[merge]-> mixed"
    )
    for child, parent in (("tuned", "base"), ("lora", "base"), ("small", "tuned"), ("mixed", "tuned")):
        Artifact.objects.filter(pk=nodes[child].pk).update(parent=nodes[parent])
    Artifact.objects.filter(pk=nodes["small"].pk).update(created_at=AT)
    Counter.objects.create(artifact=nodes["small"], downloads=10**6)
    return nodes


def unpacked(body):
    """The arrays, read as the script of the page reads them."""
    (count,) = struct.unpack_from("<I", body)
    place, arrays = 4, {}
    for name, kind in COLUMNS:
        arrays[name] = np.frombuffer(body, dtype=kind, count=count, offset=place)
        place += arrays[name].nbytes
    assert place == len(body)
    return arrays


def file_of(artifact, client=None):
    return (client or signed_in()).get(reverse("lineage:map_file", args=[artifact.pk]))


def page_of(artifact, client=None):
    return (client or signed_in()).get(reverse("lineage:map", args=[artifact.pk]))


@pytest.mark.parametrize("name", ["base", "small"])
def test_whoever_asks_gets_the_whole_family(family, name):
    arrays = unpacked(file_of(family[name]).content)
    keys = {node.pk: name for name, node in family.items()}
    members = {
        keys[key]: (keys[arrays["keys"][parent]], code, month)
        for key, parent, code, month in zip(
            *(arrays[column].tolist() for column in ("keys", "parents", "relations", "months")), strict=True
        )
    }
    codes = {relation: RELATIONS.index(relation) for relation in Relation}
    assert members == {
        "base": ("base", NO_RELATION, 0),
        "tuned": ("base", codes[Relation.FINETUNE], 0),
        "lora": ("base", codes[Relation.ADAPTER], 0),
        "small": ("tuned", codes[Relation.QUANTIZED], (2026 - 1970) * 12 + 10),
        "mixed": (members["mixed"][0], codes[Relation.MERGE], 0),
    }
    assert members["mixed"][0] in ("tuned", "lora")
    assert arrays["sizes"].max() == arrays["sizes"][arrays["keys"] == family["small"].pk] > 100


def test_the_map_holds_what_the_trace_holds(family):
    arrays = unpacked(file_of(family["base"]).content)
    assert sorted(arrays["keys"].tolist()) == sorted([family["base"].pk, *trace_from(family["base"]).keys.tolist()])


def test_it_travels_compressed_where_the_browser_takes_that(family):
    client = signed_in()
    answer = client.get(reverse("lineage:map_file", args=[family["base"].pk]), headers={"accept-encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Cache-Control"] == "private, no-store" or "no-store" in answer["Cache-Control"]


def test_one_row_with_the_keys_of_all_members(family):
    file_of(family["base"])
    row = Consultation.objects.get()
    assert (row.reference, row.count) == (f"family:{family['base'].pk}", 5)
    assert shown_keys(row) == sorted(node.pk for node in family.values())


def test_what_is_withheld_has_no_key_and_no_name(family):
    Artifact.objects.filter(pk=family["tuned"].pk).update(withheld_at=AT)
    arrays = unpacked(file_of(family["base"]).content)
    assert (arrays["keys"] == NOT_SHOWN).sum() == 1
    assert family["tuned"].pk not in shown_keys(Consultation.objects.get())
    assert "org/tuned" not in page_of(family["base"]).text
    for name in ("map", "map_file", "glimpse"):
        assert signed_in().get(reverse(f"lineage:{name}", args=[family["tuned"].pk])).status_code == 404


def test_a_family_whose_root_is_withheld_is_drawn_from_the_artifact(family):
    Artifact.objects.filter(pk=family["base"].pk).update(withheld_at=AT)
    drawn = atlas_of(graph.current(), family["tuned"])
    assert (drawn.root, len(drawn)) == (family["tuned"], 3)


def test_the_table_names_those_with_most_below_them(family):
    answer = page_of(family["small"])
    rows = re.findall(r'<tr data-member="(\d+)">', answer.text)
    greatest = [int(key) for key in rows]
    assert greatest[0] == family["base"].pk
    assert set(greatest[1:3]) == {family["lora"].pk, family["tuned"].pk}  # "mixed" stands under the first by name
    assert set(greatest[3:]) == {family["mixed"].pk, family["small"].pk}
    assert "4 members" in answer.text
    assert f'data-map="/artifact/{family["small"].pk}/map.bin"' in answer.text
    assert "<script" not in answer.text.split("</main>")[0]


def test_no_more_are_drawn_than_the_bound_and_it_says_so(family, monkeypatch):
    monkeypatch.setattr(atlas, "MOST_MEMBERS", 2)
    assert len(unpacked(file_of(family["base"]).content)["keys"]) == 3
    assert "2 members, the farthest from the root, are not drawn" in page_of(family["base"]).text


def test_one_alone_has_nothing_to_draw():
    alone = make_artifact()
    assert "there is nothing to draw" in page_of(alone).text
    graph.build()
    assert "there is nothing to draw" in page_of(alone).text
    late = make_artifact()  # stored, and not linked yet
    assert "there is nothing to draw" in page_of(late).text
    assert len(unpacked(file_of(late).content)["keys"]) <= 1


def test_a_key_that_four_bytes_do_not_hold(family):
    drawn = atlas_of(graph.current(), family["base"])
    drawn.keys[0] = 2**32
    with pytest.raises(TooGreat):
        packed(drawn)


def test_an_old_name_leads_to_what_it_means(family):
    old = make_artifact("old/name", superseded_by=family["base"], presence=Presence.MENTIONED)
    assert page_of(old)["Location"] == f"/artifact/{family['base'].pk}/map/"
    assert file_of(old).status_code == 404


def test_a_glimpse_tells_the_facts_and_is_recorded(family):
    answer = signed_in().get(reverse("lineage:glimpse", args=[family["small"].pk]))
    assert "org/small" in answer.text
    assert "1,000,000 downloads" in answer.text
    assert "<html" not in answer.text
    assert shown_keys(Consultation.objects.get()) == [family["small"].pk]


def test_a_researcher_sees_labels():
    root = make_artifact("jeanne-demo/whale")
    child = make_artifact("marc-demo/calf", parent=root)
    make_derivation(root, child)
    client = signed_in(Role.RESEARCHER)
    told = page_of(root, client).text + client.get(reverse("lineage:glimpse", args=[child.pk])).text
    assert not re.search("jeanne|marc", told)
    assert told.count("compte-") >= 3


@pytest.mark.parametrize("size", [2, 150])
def test_queries_do_not_grow_with_the_family(django_assert_max_num_queries, size):
    root = make_artifact()
    for _number in range(size):
        make_derivation(root, make_artifact(parent=root))
    client = signed_in()
    page_of(root, client)
    with django_assert_max_num_queries(12):
        page_of(root, client)
    with django_assert_max_num_queries(12):
        file_of(root, client)
