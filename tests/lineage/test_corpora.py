"""Corpora: frozen masked, handed over as exports, replaced when data must leave, and still true to their codebook."""

import csv
import hashlib
import io
import json
import zipfile

import networkx
import pyarrow.parquet as pq
import pytest

from access.roles import Role
from lineage import amendments, corpora
from lineage.models import Artifact, Consultation, Corpus, Disclosure, Recall
from lineage.naming import masked
from tests.access.sign_in import verified_client
from tests.factories import AT, make_artifact, make_user
from tests.lineage.api.world import ORGANISATION, PERSON, UNKNOWN, make_world

NAMES = (PERSON, UNKNOWN, "Someone Invented", "made-up-hidden")

pytestmark = pytest.mark.django_db


@pytest.fixture
def researcher():
    return make_user("", Role.RESEARCHER)


@pytest.fixture
def world():
    return make_world()


def frozen(by, **definition):
    corpus = corpora.request(title="a study", definition=definition, by=by, at=AT)
    corpora.freeze(corpus)
    return corpus


def table(corpus, name):
    return pq.read_table(corpora.folder_of(corpus) / f"{name}.parquet").to_pylist()


def codebook(corpus):
    return json.loads((corpora.folder_of(corpus) / "codebook.json").read_text(encoding="utf-8"))


def is_as_its_codebook_says(corpus):
    told, folder = codebook(corpus), corpora.folder_of(corpus)
    for name, count in told["rows"].items():
        assert len(table(corpus, name)) == count
        assert list(told["tables"][name]) == pq.read_schema(folder / f"{name}.parquet").names
    for name, digest in told["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    return True


def everything_said(corpus):
    """All that the files say, as one text."""
    folder = corpora.folder_of(corpus)
    texts = [path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix != ".parquet"]
    return " ".join([*texts, *(str(table(corpus, name)) for name in codebook(corpus)["tables"])])


def test_a_corpus_is_masked_and_true_to_its_codebook(world, researcher):
    corpus = frozen(researcher)
    assert is_as_its_codebook_says(corpus)
    said = everything_said(corpus)
    assert [name for name in NAMES if name in said] == []
    assert f"{masked(PERSON)}/tuned" in said
    assert f"{ORGANISATION}/base" in said
    assert codebook(corpus)["notice"] == "noms masqués, ré-identifiables : ne pas diffuser"
    assert world.hidden.pk not in {row["id"] for row in table(corpus, "artifacts")}


def test_a_question_narrows_it(world, researcher):
    assert {row["kind"] for row in table(frozen(researcher, kind="dataset"), "artifacts")} == {"dataset"}
    family = frozen(researcher, family=world.base.pk)
    assert len(table(family, "artifacts")) == 3
    assert is_as_its_codebook_says(family)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"license": "mit"}, ["base"]),
        ({"presence": "gone"}, []),
        ({"until": 2026, "since": 2026}, ["base"]),
        ({"since": 2027}, []),
    ],
)
def test_a_question_is_asked_of_facts_too(world, researcher, asked, expected):
    rows = table(frozen(researcher, **asked), "artifacts")
    assert [row["repo_id"].partition("/")[2] for row in rows] == expected


def test_an_erasure_while_a_corpus_is_being_written_reaches_it(world, researcher, monkeypatch):
    """What was read before it was marked is taken out again before anything can be handed over."""
    write, own = corpora.tables.write, list(Artifact.objects.filter(owner=PERSON).values_list("pk", flat=True))

    def interrupted(folder, keys):
        write(folder, keys)
        amendments.contract(artifacts=own, accounts=[PERSON], at=AT)

    monkeypatch.setattr(corpora.tables, "write", interrupted)
    corpus = frozen(researcher)
    corpus.refresh_from_db()
    assert masked(PERSON) not in everything_said(corpus)
    assert not corpus.pending
    assert is_as_its_codebook_says(corpus)


def test_its_projections_and_graph_say_what_its_tables_say(world, researcher):
    corpus = frozen(researcher)
    folder = corpora.folder_of(corpus)
    graph = networkx.read_gexf(folder / "graph.gexf")
    assert graph.number_of_nodes() == len(table(corpus, "artifacts"))
    assert graph.number_of_edges() == len(table(corpus, "derivations")) == 3
    with (folder / "licences.csv").open(newline="", encoding="utf-8") as file:
        drift = list(csv.DictReader(file))
    assert sum(int(row["edges"]) for row in drift) == 3


def test_names_that_give_their_masked_owner_away_are_counted_and_told(world, researcher):
    for name in (f"{PERSON}/{PERSON.upper()}-7b", f"{UNKNOWN}/by-{UNKNOWN}", f"{ORGANISATION}/{ORGANISATION}-7b"):
        make_artifact(name)
    corpus = frozen(researcher)
    assert codebook(corpus)["naming_their_owner"] == 2
    assert "2" in verified_client(researcher).get("/corpora/").content.decode().partition("<small>")[2][:20]


def test_what_is_frozen_stays_through_later_changes(world, researcher):
    corpus = frozen(researcher)
    before = everything_said(corpus)
    Artifact.objects.filter(pk=world.base.pk).update(license="another")
    corpora.freeze(corpus)
    assert everything_said(corpus) == before


@pytest.mark.django_db(transaction=True)
def test_an_erasure_reaches_the_files_and_their_recipient(world, researcher):
    corpus = frozen(researcher)
    corpora.hand_over(corpus, by=researcher, at=AT)
    own = list(Artifact.objects.filter(owner=PERSON).values_list("pk", flat=True))
    amendments.contract(artifacts=own, accounts=[PERSON], at=AT)
    corpus.refresh_from_db()
    assert is_as_its_codebook_says(corpus)
    assert masked(PERSON) not in everything_said(corpus)
    assert codebook(corpus)["withdrawn"]["artifacts"] == corpus.withdrawn["artifacts"] == len(own)
    assert codebook(corpus)["withdrawn"]["aliases"] == 1  # an old name of theirs that meant somebody else's
    assert [task.user_key for task in Recall.objects.filter(corpus_key=corpus.pk)] == [researcher.pk]


@pytest.mark.django_db(transaction=True)
def test_a_restriction_and_a_rectification_reach_the_files(world, researcher):
    corpus = frozen(researcher)
    amendments.correct(artifact=world.base.pk, field="license", value="corrected", at=AT)
    assert {row["license"] for row in table(corpus, "artifacts") if row["id"] == world.base.pk} == {"corrected"}
    amendments.withhold(artifacts=[world.merged.pk], at=AT)
    corpus.refresh_from_db()
    assert world.merged.pk not in {row["id"] for row in table(corpus, "artifacts")}
    assert is_as_its_codebook_says(corpus)


def test_nothing_is_handed_over_before_it_is_mended(world, researcher):
    """The files are written after the change is committed; a download that comes before writes them itself."""
    corpus = frozen(researcher)
    amendments.withhold(artifacts=[world.tuned.pk], at=AT)
    corpus.refresh_from_db()
    assert corpus.pending["gone"] == [world.tuned.pk]
    archive = b"".join(verified_client(researcher).get(f"/corpora/{corpus.pk}.zip"))
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        rows = pq.read_table(io.BytesIO(files.read("artifacts.parquet"))).to_pylist()
    assert world.tuned.pk not in {row["id"] for row in rows}


def test_a_download_is_an_export_with_a_recipient(world, researcher):
    corpus = frozen(researcher)
    archive = b"".join(verified_client(researcher).get(f"/corpora/{corpus.pk}.zip"))
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert files.testzip() is None
        assert {"artifacts.parquet", "codebook.json", "graph.gexf"} <= set(files.namelist())
    entry = Disclosure.objects.get()
    assert (entry.user_key, entry.form, entry.reference) == (researcher.pk, "corpus", f"corpus:{corpus.pk}")
    assert entry.count == len(table(corpus, "artifacts"))
    assert Consultation.objects.get().operation == Consultation.Operation.EXPORT


def test_the_page_freezes_and_takes_the_word_of_a_recipient(world, researcher, django_capture_on_commit_callbacks):
    client = verified_client(researcher)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/corpora/", {"title": "a study", "kind": "model"}).status_code == 302
    corpus = Corpus.objects.get()
    assert corpus.definition == {"kind": "model"}
    assert f"/corpora/{corpus.pk}.zip" in client.get("/corpora/").content.decode()
    task = Recall.objects.create(corpus_key=corpus.pk, user_key=researcher.pk, asked_at=AT)
    other = verified_client(make_user("", Role.RESEARCHER))
    assert other.get(f"/corpora/{corpus.pk}.zip").status_code == 404
    assert other.post(f"/corpora/tasks/{task.pk}/done/").status_code == 404
    assert client.post(f"/corpora/tasks/{task.pk}/done/").status_code == 302
    task.refresh_from_db()
    assert task.done_at is not None
