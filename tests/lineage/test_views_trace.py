import csv
import io
import re
from dataclasses import replace

import pytest
from django.urls import reverse

from access.roles import Role
from lineage import exports
from lineage.consultations import shown_keys
from lineage.labels import label, number
from lineage.models import Artifact, Consultation, Counter, Disclosure
from lineage.views.trace import FORMATS
from lineage.vocabulary import AccountKind, Certainty, Kind, Presence, Relation
from tests.factories import AT, make_artifact, make_author, make_derivation
from tests.graphs import draw
from tests.lineage.readers import signed_in

pytestmark = pytest.mark.django_db
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
PICTURE = """
    s{dataset} -[trained_on,declared]-> a -> b -[quantized,declared]-> c;
    b -[adapter]-> d; a -[merge,inferred]-> e; c -> a; t{dataset} -[extended_from,inferred]-> u{dataset};
    s -[extended_from,declared]-> t
"""
FILTERS = [
    "",
    "direction=upstream",
    "certainty=resolved",
    "certainty=inferred",
    "depth=1",
    "kind=dataset",
    "presence=listed",
    "presence=gone",
    "kind=model&certainty=inferred",
    "relation=finetune&relation=trained_on",
    "direction=upstream&depth=2&certainty=inferred",
    "order=downloads",
    "order=newest&certainty=inferred",
]


def address(name, artifact, query=""):
    keys = [artifact.pk, "csv"] if name == "trace_file" else [artifact.pk]
    return f"{reverse(f'lineage:{name}', args=keys)}?{query}"


def table(client, artifact, query=""):
    """The rows of every page of the table, but for the way to the evidence."""
    rows, place = [], 1
    while True:
        page = client.get(address("trace", artifact, f"{query}&page={place}"))
        body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
        rows += [
            [re.sub(r"<[^>]+>", "", cell).strip() for cell in CELL.findall(row)[:9]] for row in body.split("<tr>")[1:]
        ]
        if place >= page.context["page"].paginator.num_pages:
            return rows
        place += 1


def file_rows(client, artifact, query=""):
    answer = client.get(address("trace_file", artifact, query))
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def as_table(row, origin):
    """A line of the file in the words of the table."""
    via = "directly" if (row["via_repo_id"], row["via_kind"]) == origin else row["via_repo_id"]
    words = Relation(row["relation"]), Certainty(row["certainty"]), Certainty(row["path_certainty"])
    kind, counted = (
        str(label(Kind(row["kind"]))),
        [row[name] and number(int(row[name])) for name in ("downloads", "likes")],
    )
    return [
        row["repo_id"],
        kind,
        row["depth"],
        *(str(label(word)) for word in words),
        via,
        *(n or "–" for n in counted),
    ]


@pytest.mark.parametrize("query", FILTERS)
@pytest.mark.parametrize("start", ["s", "a", "c", "u"])
def test_the_file_equals_the_table(query, start):
    nodes, client = draw(PICTURE), signed_in()
    Counter.objects.create(artifact=nodes["a"], downloads=1_234_567, likes=3)
    Artifact.objects.filter(pk=nodes["d"].pk).update(presence=Presence.MENTIONED)
    origin = (nodes[start].repo_id, nodes[start].kind)
    told = [as_table(row, origin) for row in file_rows(client, nodes[start], query)]
    assert told == table(client, nodes[start], query)


def test_the_file_equals_the_table_over_several_pages_and_when_masked():
    origin = make_artifact("acme/origin")
    make_author("acme", kind=AccountKind.ORGANISATION)
    for place in range(120):
        make_derivation(origin, make_artifact(f"person-{place:03}/m"))
    client = signed_in(Role.RESEARCHER)
    rows = file_rows(client, origin)
    assert [as_table(row, ("acme/origin", "model")) for row in rows] == table(client, origin)
    assert len(rows) == 120
    assert not any("person" in row["repo_id"] for row in rows)


def test_the_statement_never_says_all():
    nodes = draw(
        "s{dataset} -[trained_on,declared]-> a -> b; silent -> silent2; s -[extended_from,declared]-> t{dataset}"
    )
    make_artifact("org/says-nothing")
    page = " ".join(signed_in().get(address("trace", nodes["s"])).text.split())
    assert "At least 2 models whose authors declare this dataset, directly or not." in page
    assert "2 of the 5 models listed declare nothing usable" in page
    assert "1 dataset was extended from it." in page
    page = signed_in().get(address("trace", nodes["b"], "direction=upstream")).text
    assert "At least 2 elements from which it was made" in page


def test_an_empty_trace_says_what_to_do():
    assert "Nothing, under these filters." in signed_in().get(address("trace", make_artifact())).text


@pytest.mark.parametrize(
    "query", ["depth=0", "certainty=sure", "relation=x", "kind=space", "direction=sideways", "order=fame"]
)
def test_a_filter_that_cannot_be_used_is_refused_with_words(query):
    nodes = draw("a -> b")
    page = signed_in().get(address("trace", nodes["a"], query))
    assert page.status_code == 400
    assert "The trace was not made" in page.text
    answer = signed_in().get(address("trace_file", nodes["a"], query), follow=True)
    assert answer.status_code == 400
    assert "The trace was not made" in answer.text


@pytest.mark.parametrize("number", ["0", "-3", "x", "99999999999999999999", ""])
def test_a_page_that_does_not_exist_is_the_nearest(number):
    nodes = draw("a -> b")
    assert "org/b" in signed_in().get(address("trace", nodes["a"], f"page={number}")).text


def test_a_name_that_means_another_leads_to_its_trace_with_the_same_filters():
    target = make_artifact("org/new")
    old = make_artifact("org/old", superseded_by=target)
    answer = signed_in().get(address("trace", old, "depth=2"))
    assert answer["Location"] == f"/artifact/{target.pk}/trace/?depth=2"


def test_cells_that_a_spreadsheet_would_run_are_inert():
    origin = make_artifact("org/a")
    for name in ('=HYPERLINK("//x")', "+1", "-1", "@x", "\tx"):
        make_derivation(origin, make_artifact(name))
    assert all(row["repo_id"].startswith("'") for row in file_rows(signed_in(), origin))


def test_a_page_records_what_it_shows_and_a_file_all_of_it():
    origin, client = make_artifact("org/origin"), signed_in()
    made = [make_artifact(f"org/m{number:02}") for number in range(60)]
    for artifact in made:
        make_derivation(origin, artifact)
    client.get(address("trace", origin, "depth=1"))
    page = Consultation.objects.get()
    assert (page.operation, page.reference, page.definition["depth"]) == ("trace", f"artifact:{origin.pk}", 1)
    assert shown_keys(page) == [origin.pk, *(artifact.pk for artifact in made[:50])]
    client.get(address("trace_file", origin))
    export = Consultation.objects.latest("pk")
    assert (export.operation, export.count) == ("export", 61)


def test_the_name_of_a_file_holds_no_name():
    artifact = make_artifact("jeanne-demo/whale")
    answer = signed_in().get(address("trace_file", artifact))
    assert answer["Content-Disposition"] == f'attachment; filename="trace-{artifact.pk}.csv"'


@pytest.mark.parametrize("size", [3, 49])
def test_queries_do_not_grow(django_assert_max_num_queries, size):
    nodes, client = draw(";".join(f"a -> b{number} -> c{number}" for number in range(size))), signed_in()
    client.get(address("trace", nodes["a"]))
    with django_assert_max_num_queries(9):
        client.get(address("trace", nodes["a"]))


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_every_file_is_sent_and_recorded(suffix):
    nodes, client = draw("a -> b; s{dataset} -[trained_on,declared]-> a"), signed_in()
    answer = client.get(reverse("lineage:trace_file", args=[nodes["s"].pk, suffix]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'.{suffix}"')
    assert answer.getvalue()
    assert Consultation.objects.get().definition["format"] == FORMATS[suffix].value


@pytest.mark.parametrize("suffix", ["exe", "CSV", "tar"])
def test_an_unknown_file_is_not_found(suffix):
    assert signed_in().get(reverse("lineage:trace_file", args=[make_artifact().pk, suffix])).status_code == 404


def test_a_trace_too_long_for_a_file_says_so_and_keeps_the_filters(monkeypatch):
    nodes, client = draw("a -> b -> c"), signed_in()
    short = replace(exports.FILES[exports.Format.XLSX], most_hops=1)
    monkeypatch.setitem(exports.FILES, exports.Format.XLSX, short)
    answer = client.get(f"{reverse('lineage:trace_file', args=[nodes['a'].pk, 'xlsx'])}?depth=5", follow=True)
    assert answer.redirect_chain == [(f"/artifact/{nodes['a'].pk}/trace/?depth=5", 302)]
    assert "a XLSX file holds 1 at most" in answer.text
    assert [consultation.operation for consultation in Consultation.objects.all()] == ["trace"]


@pytest.mark.parametrize(
    ("order", "names", "said"),
    [
        ("", ["org/b", "org/d", "org/c"], "nearest first"),
        ("depth", ["org/b", "org/d", "org/c"], "nearest first"),
        ("downloads", ["org/c", "org/b", "org/d"], "most downloaded first"),
        ("likes", ["org/d", "org/c", "org/b"], "most liked first"),
        ("newest", ["org/c", "org/d", "org/b"], "newest first"),
    ],
)
def test_the_rows_are_sorted_as_asked(order, names, said):
    nodes, client = draw("a -> b -> c; a -> d"), signed_in()
    for name, downloads, likes, day in [("b", 5, 0, None), ("c", 9, 1, 3), ("d", 0, 7, 2)]:
        Counter.objects.create(artifact=nodes[name], downloads=downloads, likes=likes)
        Artifact.objects.filter(pk=nodes[name].pk).update(created_at=day and AT.replace(day=day))
    assert [row[0] for row in table(client, nodes["a"], f"order={order}")] == names
    assert [row["repo_id"] for row in file_rows(client, nodes["a"], f"order={order}")] == names
    assert f"Elements 1 to 3 of 3, {said}" in client.get(address("trace", nodes["a"], f"order={order}")).text


def test_the_totals_are_those_of_the_whole_trace():
    nodes, client = draw(PICTURE), signed_in()
    page = client.get(address("trace", nodes["s"]))
    told = " ".join(re.sub(r"<[^>]+>", " ", page.text.partition("totals__lists")[2].partition("</details>")[0]).split())
    for said in (
        "Model 4",
        "Dataset 1",
        "Trained on 1",
        "Declared by the author, not verified 3",
        "Listed on the Hub 5",
    ):
        assert said in told
    assert told.endswith("Steps 1 2 2 1 3 2")


def test_a_file_is_entered_in_the_ledger_and_a_page_is_not():
    nodes, client = draw("a -> b"), signed_in()
    client.get(address("trace", nodes["a"]))
    assert not Disclosure.objects.exists()
    client.get(address("trace_file", nodes["a"], "depth=3"))
    entry, read = Disclosure.objects.get(), Consultation.objects.latest("pk")
    assert (entry.form, entry.user_key, entry.at, entry.count) == ("csv", read.user_key, read.at, 2)
    assert entry.definition["depth"] == 3
