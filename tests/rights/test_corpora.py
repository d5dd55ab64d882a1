"""A frozen corpus through three harvests and the erasure of a person, by the desk's own effect."""

import json
from datetime import timedelta

import pyarrow.parquet as pq
import pytest

from access.roles import Role
from lineage import corpora
from lineage.corpora import tables
from lineage.models import Artifact, Author, Recall
from lineage.naming import masked
from lineage.vocabulary import AccountKind
from rights.effects import erase
from tests.factories import AT, make_user
from tests.rights.listing import record
from tests.rights.test_erasure import HUB, harvest

pytestmark = pytest.mark.django_db(transaction=True)


def rows(corpus, table):
    return pq.read_table(tables.place(corpora.folder_of(corpus), table)).to_pylist()


def names(corpus):
    return {row["repo_id"] for row in rows(corpus, "artifacts")}


def test_it_opens_says_what_was_withdrawn_and_counts_as_its_codebook_says():
    harvest(*HUB)
    Author.objects.filter(name__in=["org", "lab"]).update(kind=AccountKind.ORGANISATION)
    researcher = make_user("", Role.RESEARCHER)
    corpus = corpora.request(title="a study", definition={"sample": 10}, by=researcher, at=AT)
    corpora.freeze(corpus)
    corpora.hand_over(corpus, by=researcher, at=AT)
    frozen = names(corpus)
    assert {f"{masked('dev')}/one", f"{masked('dev')}/two", "lab/leaf"} <= frozen

    harvest(*HUB, record("lab/new", "8", "org/base"), day=1)
    harvest(*HUB[1:], day=2)
    assert names(corpus) == frozen

    own = Artifact.objects.filter(owner="dev").count()
    erase(account="dev", reference="case-1", by=7, at=AT + timedelta(days=2, hours=1))
    harvest(*HUB, day=3)

    corpus.refresh_from_db()
    assert names(corpus) == {name for name in frozen if not name.startswith(masked("dev"))}
    told = json.loads((corpora.folder_of(corpus) / "codebook.json").read_text(encoding="utf-8"))
    assert told["rows"] == {table: len(rows(corpus, table)) for table in tables.COLUMNS}
    assert told["withdrawn"]["artifacts"] == len(frozen) - len(names(corpus)) >= own
    assert told["withdrawn"]["derivations"] > 0
    assert told["replaced_at"] is not None
    said = "".join(path.read_bytes().decode(errors="replace") for path in corpora.folder_of(corpus).iterdir())
    assert masked("dev") not in said
    assert [recall.user_key for recall in Recall.objects.filter(corpus_key=corpus.pk, done_at=None)] == [researcher.pk]
