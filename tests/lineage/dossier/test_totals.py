"""What is counted, by each word of the vocabulary and by account."""

import pytest

from lineage import graph
from lineage.dossier.publishers import publishers
from lineage.dossier.totals import Coverage, coverage, totals
from lineage.linking import link
from lineage.models import Artifact, Counter
from lineage.tracing import Filters, trace_from
from lineage.vocabulary import AccountKind, Certainty, Kind, Presence, Relation, Unusable
from tests.factories import AT, make_artifact, make_author, make_mention
from tests.graphs import draw

pytestmark = pytest.mark.django_db

FAMILY = "d{dataset} -[trained_on,declared]-> a -> b -[quantized]-> c; d -[extended_from,inferred]-> e{dataset}"


def test_totals_by_every_word() -> None:
    drawn = draw(FAMILY)
    Artifact.objects.filter(pk=drawn["c"].pk).update(presence=Presence.GONE, gone_since=AT)
    found = totals(trace_from(drawn["d"], filters=Filters(certainty=Certainty.INFERRED)))
    assert found.count == 4
    assert found.by_kind == {Kind.MODEL: 3, Kind.DATASET: 1}
    assert found.by_relation == {
        Relation.TRAINED_ON: 1, Relation.FINETUNE: 1, Relation.QUANTIZED: 1, Relation.EXTENDED_FROM: 1,
    }  # fmt: skip
    assert found.by_certainty == {Certainty.RESOLVED: 2, Certainty.DECLARED: 1, Certainty.INFERRED: 1}
    assert found.by_path_certainty == {Certainty.DECLARED: 3, Certainty.INFERRED: 1}
    assert found.by_presence == {Presence.LISTED: 3, Presence.GONE: 1}
    assert found.by_depth == {1: 2, 2: 1, 3: 1}


def test_totals_of_nothing() -> None:
    found = totals(trace_from(make_artifact()))
    assert (found.count, found.by_kind, found.by_depth) == (0, {}, {})


def test_coverage_tells_silence_from_failure_to_name() -> None:
    make_mention(make_artifact("org/says"), "org/base")
    make_artifact("org/silent")
    make_artifact("org/fails", unusable={"placeholder": 2, "path": 1})
    make_artifact("org/both", Kind.DATASET, unusable={"placeholder": 3})
    make_artifact("org/named", presence=Presence.MENTIONED)
    make_artifact("org/gone", presence=Presence.GONE, gone_since=AT, unusable={"path": 9})
    link(at=AT)
    assert coverage(graph.current()) == Coverage(
        listed_models=3,
        silent_models=2,
        unnamed_models=1,
        unusable={Unusable.PLACEHOLDER: 5, Unusable.PATH: 1},
    )


def test_publishers_stand_apart_by_kind_the_most_downloaded_first() -> None:
    big = make_author("big-org", kind=AccountKind.ORGANISATION)
    small = make_author("small-org", kind=AccountKind.ORGANISATION)
    person = make_author("demo-person", kind=AccountKind.PERSON)
    drawn = draw("a -> s1; a -> b1; a -> b2; a -> p1; a -> named")
    for name, author, downloads in [("s1", small, 5), ("b1", big, 4), ("b2", big, 3), ("p1", person, 99)]:
        Artifact.objects.filter(pk=drawn[name].pk).update(author=author)
        Counter.objects.create(artifact=drawn[name], downloads=downloads)
    listed = [
        (entry.author, entry.kind, entry.artifacts, entry.downloads, entry.greatest)
        for entry in publishers(trace_from(drawn["a"]))
    ]
    assert listed == [
        (big, AccountKind.ORGANISATION, 2, 7, (drawn["b1"].pk, drawn["b2"].pk)),
        (small, AccountKind.ORGANISATION, 1, 5, (drawn["s1"].pk,)),
        (person, AccountKind.PERSON, 1, 99, (drawn["p1"].pk,)),
        (None, AccountKind.UNKNOWN, 1, 0, (drawn["named"].pk,)),
    ]


def test_of_an_account_with_many_only_the_most_downloaded_are_named() -> None:
    author = make_author("big-org", kind=AccountKind.ORGANISATION)
    drawn = draw(";".join(f"a -> m{number}" for number in range(9)))
    for number in range(9):
        Artifact.objects.filter(pk=drawn[f"m{number}"].pk).update(author=author)
        Counter.objects.create(artifact=drawn[f"m{number}"], downloads=number)
    (entry,) = publishers(trace_from(drawn["a"]))
    assert entry.greatest == tuple(drawn[f"m{number}"].pk for number in (8, 7, 6, 5, 4))
    assert (entry.artifacts, entry.others, entry.downloads) == (9, 4, 36)


def test_nothing_found_has_no_publisher() -> None:
    assert publishers(trace_from(make_artifact())) == []
