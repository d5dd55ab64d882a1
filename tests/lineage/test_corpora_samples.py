"""Edges drawn to be coded by hand, the codes read back, and what an erasure leaves of both."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from access.roles import Role
from lineage import amendments, corpora
from lineage.corpora import sample
from lineage.corpora.sample import CodesRefused
from tests.access.sign_in import verified_client
from tests.factories import AT, make_artifact, make_user
from tests.graphs import draw
from tests.lineage.test_corpora import codebook, is_as_its_codebook_says, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def researcher():
    return make_user("", Role.RESEARCHER)


def frozen(by, size):
    corpus = corpora.request(title="a study", definition={"sample": size}, by=by, at=AT)
    corpora.freeze(corpus)
    return corpus


def lines(corpus):
    with (corpora.folder_of(corpus) / "sample.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def filled(rows):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def test_a_sample_is_drawn_from_the_edges_and_is_the_same_again(researcher):
    draw("; ".join(f"a -> n{number}" for number in range(30)))
    corpus = frozen(researcher, 10)
    edges = {(row["source"], row["derived"]) for row in table(corpus, "derivations")}
    drawn = table(corpus, "sample")
    assert [row["number"] for row in drawn] == list(range(1, 11))
    assert len({(row["source"], row["derived"]) for row in drawn} & edges) == 10
    sample.draw(corpora.folder_of(corpus), 10, seed=corpus.pk)
    assert table(corpus, "sample") == drawn
    assert lines(corpus)[0]["source_name"].startswith("compte-")
    assert is_as_its_codebook_says(corpus)


@pytest.mark.parametrize(("asked", "drawn"), [(None, 0), (2, 2), (99, 3)])
def test_how_many_are_drawn(researcher, asked, drawn):
    draw("a -> b; a -> c; b -> d")
    assert len(lines(frozen(researcher, asked))) == drawn


def test_codes_are_read_back(researcher):
    draw("a -> b; a -> c; b -> d")
    corpus = frozen(researcher, 3)
    rows = lines(corpus)
    rows[0]["code"], rows[2]["code"] = "right", "wrong.relation"
    assert corpora.take_codes(corpus, b"\xef\xbb\xbf" + filled(rows)) == 2
    assert [row["code"] for row in table(corpus, "sample")] == ["right", None, "wrong.relation"]
    assert codebook(corpus)["codes"] == {"right": 1, "wrong.relation": 1}
    rows = lines(corpus)
    rows[0]["code"], rows[1]["code"] = "", "right"
    assert corpora.take_codes(corpus, filled(rows)) == 2
    assert [row["code"] for row in lines(corpus)] == ["", "right", "wrong.relation"]
    assert is_as_its_codebook_says(corpus)


def test_an_erasure_takes_edges_out_of_the_sample_and_keeps_the_other_codes(researcher):
    nodes = draw("a -> b; a -> c; b -> d")
    corpus = frozen(researcher, 3)
    before = lines(corpus)
    corpora.take_codes(corpus, filled([row | {"code": f"code-{row['derived']}"} for row in before]))
    amendments.withhold(artifacts=[nodes["c"].pk], at=AT)
    corpora.mend(corpus.pk)
    left = lines(corpus)
    assert {row["derived"]: row["code"] for row in left} == {
        str(nodes[name].pk): f"code-{nodes[name].pk}" for name in "bd"
    }
    corpus.refresh_from_db()
    assert corpus.withdrawn["sample"] == 1
    assert corpora.take_codes(corpus, filled(before)) == 0  # the former table still names it: passed over


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"number\n1\n",
        b"\xff\xfe\x00",
        b"number,code\nx,right\n",
        b"number,code\n1,it was Jeanne\n",
        b"number,code\n1,=1+1\n",
        b"number,code\n-1,right\n",
        b"number,code\n1," + b"a" * 33 + b"\n",
        b'number,code\n1,"' + b"x" * 200_000 + b'"\n',
        "number,code\n١,right\n".encode(),
    ],
)
def test_what_is_no_table_of_codes_is_refused_and_changes_nothing(researcher, content):
    draw("a -> b")
    corpus = frozen(researcher, 1)
    with pytest.raises(CodesRefused, match="No code was read"):
        corpora.take_codes(corpus, content)
    assert table(corpus, "sample")[0]["code"] is None


def test_names_in_the_table_are_inert_cells(researcher):
    draw("a -> b")
    make_artifact("org/x")
    corpus = frozen(researcher, 1)
    folder = corpora.folder_of(corpus)
    row = table(corpus, "sample")[0]
    sample.write(folder, {row["source"]: "=cmd()", row["derived"]: "@x"})
    assert [lines(corpus)[0][f"{end}_name"] for end in ("source", "derived")] == ["'=cmd()", "'@x"]


def test_on_the_page(researcher):
    draw("a -> b; a -> c")
    corpus, client = frozen(researcher, 2), verified_client(researcher)
    assert "0 of 2" in client.get("/corpora/", headers={"Accept-Language": "en"}).content.decode()
    rows = [row | {"code": "right"} for row in lines(corpus)]
    upload = SimpleUploadedFile("sample.csv", filled(rows))
    said = client.post(f"/corpora/{corpus.pk}/codes/", {"filled": upload}, follow=True).content.decode()
    assert "2" in said
    corpus.refresh_from_db()
    assert corpus.coded == 2
    refused = SimpleUploadedFile("sample.csv", b"number\n")
    client.post(f"/corpora/{corpus.pk}/codes/", {"filled": refused})
    client.post(f"/corpora/{corpus.pk}/codes/", {})
    client.post(f"/corpora/{corpus.pk}/codes/", {"filled": SimpleUploadedFile("x.csv", b"x" * 1_000_001)})
    corpus.refresh_from_db()
    assert corpus.coded == 2
    other = verified_client(make_user("", Role.RESEARCHER))
    assert other.post(f"/corpora/{corpus.pk}/codes/", {"filled": upload}).status_code == 404
