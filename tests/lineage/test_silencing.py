"""What others wrote, what staff typed and what was counted, without the names of an account."""

import pytest

from lineage import corpora
from lineage.models import Artifact, Corpus, DerivationVerdict, Statistic
from lineage.remains import remains
from lineage.silencing import silence, written
from lineage.vocabulary import AccountKind, Measure, Relation
from tests.factories import AT, make_artifact, make_author, make_user

pytestmark = pytest.mark.django_db


def about(as_words=()):
    own = Artifact.objects.filter(owner="dev").values_list("pk", flat=True)
    return remains(list(own), ["Dev"], as_words)


def test_only_texts_of_others_that_name_it_change():
    own = make_artifact("dev/one", tags=["dev/one"])
    leaf = make_artifact("lab/leaf", tags=["hf.co/DEV", "dev", "fr"], license="mit, dev/terms", languages=["en"])
    make_artifact("lab/devices", tags=["devices"])

    ((artifact, changed),) = written(about())
    assert (artifact, changed) == (leaf, {"license": "mit", "tags": ["dev", "fr"]})

    silence(about(), at=AT)
    leaf.refresh_from_db()
    own.refresh_from_db()
    assert (leaf.license, leaf.tags, leaf.languages, bytes(leaf.digest)) == ("mit", ["dev", "fr"], ["en"], b"")
    assert own.tags == ["dev/one"]


def test_the_bare_name_too_where_it_means_nobody_else():
    leaf = make_artifact("lab/leaf", tags=["dev", "dev-style", "devices"])
    silence(about(as_words=["Dev"]), at=AT)
    leaf.refresh_from_db()
    assert leaf.tags == ["devices"]


def test_staff_keeps_its_other_words():
    leaf, base = make_artifact("lab/leaf"), make_artifact("org/base")
    verdict = DerivationVerdict.objects.create(
        source=base,
        derived=leaf,
        relation=Relation.MERGE,
        decision="add",
        reason="as dev/one says of dev",
        decided_at=AT,
        decided_by=make_user(),
    )
    corpus = Corpus.objects.create(user_key=1, title="all of @dev", definition={}, frozen_at=AT, parser_version=1)
    silence(about(), at=AT)
    verdict.refresh_from_db()
    corpus.refresh_from_db()
    assert (verdict.reason, corpus.title) == ("as … says of dev", "all of …")


def test_a_label_is_counted_among_the_others():
    counts = [["mit", 5], ["dev/terms", 3], ["dev", 1], ["mit → hf.co/dev", 1]]
    row = Statistic.objects.create(measure=Measure.LICENCES, counts=counts, others=2, labels=4, as_of=AT)
    silence(about(), at=AT)
    row.refresh_from_db()
    assert (row.counts, row.others, row.labels) == ([["mit", 5], ["dev", 1]], 6, 4)


def test_the_files_of_a_corpus_follow(settings, tmp_path, django_capture_on_commit_callbacks):
    settings.VAR_DIR = tmp_path
    make_author("dev", kind=AccountKind.ORGANISATION)  # of others a corpus has the label alone
    make_artifact("lab/leaf", license="mit, hf.co/dev/terms")
    corpus = corpora.request(title="all", definition={}, by=make_user(), at=AT)
    corpora.freeze(corpus)
    body = corpora.folder_of(corpus) / "artifacts.parquet"
    assert b"hf.co/dev" in body.read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        silence(about(), at=AT)
    assert b"hf.co/dev" not in body.read_bytes()
