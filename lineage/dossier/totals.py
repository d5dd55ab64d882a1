"""How much a trace found, by each word of the vocabulary, and how much of the base is silent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
from django.db.models import Exists, OuterRef

from lineage import relatives
from lineage.graph import PRESENCES, Graph
from lineage.models import Artifact, Mention
from lineage.trace import CERTAINTIES, KINDS, RELATIONS, Codes
from lineage.tracing import Trace
from lineage.vocabulary import Certainty, Kind, Presence, Relation, Unusable

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many hops there are of each sort; words that do not occur are left out.

    `by_certainty` counts the edge by which each hop was reached, `by_path_certainty` the weakest on its way.
    """

    count: int
    by_kind: Mapping[Kind, int]
    by_relation: Mapping[Relation, int]
    by_certainty: Mapping[Certainty, int]
    by_path_certainty: Mapping[Certainty, int]
    by_presence: Mapping[Presence, int]
    by_depth: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the base as a whole can and cannot say.

    `silent_models`: listed models of which no source is known, as `lineage.relatives` counts them for the pages.
    `unnamed_models`: those among them whose record tries to name one, but only with values that name nothing.
    `unusable` counts those values in the records of all listed artifacts, by class; their text is not kept.
    """

    listed_models: int
    silent_models: int
    unnamed_models: int
    unusable: Mapping[Unusable, int]


def totals(trace: Trace) -> Totals:
    """Counted on the arrays: no query, some milliseconds for hundreds of thousands of hops."""
    steps, opened = trace.steps, trace.graph
    depths = np.bincount(steps.depths)
    return Totals(
        count=len(trace),
        by_kind=_counted(opened.kinds[steps.nodes], KINDS),
        by_relation=_counted(steps.relations, RELATIONS),
        by_certainty=_counted(steps.certainties, CERTAINTIES),
        by_path_certainty=_counted(steps.path_certainties, CERTAINTIES),
        by_presence=_counted(opened.presences[steps.nodes], PRESENCES),
        by_depth={depth: int(number) for depth, number in enumerate(depths) if number},
    )


def _counted(codes: Codes, words: Sequence[Word]) -> dict[Word, int]:
    counts = np.bincount(codes, minlength=len(words)).tolist()
    return {word: number for word, number in zip(words, counts, strict=True) if number}


def coverage(opened: Graph) -> Coverage:
    """What is listed and silent by the graph, the rest by the artifacts' records: takes a scan of the table."""
    base = relatives.coverage(opened)
    models = Artifact.objects.listed().of_kind(Kind.MODEL)
    unnamed = models.exclude(Exists(Mention.objects.filter(artifact=OuterRef("pk")))).exclude(unusable={})
    unusable: Counter[str] = Counter()
    for counts in Artifact.objects.listed().exclude(unusable={}).values_list("unusable", flat=True).iterator():
        unusable.update(counts)
    return Coverage(
        listed_models=base.models,
        silent_models=base.silent_models,
        unnamed_models=unnamed.count(),
        unusable={word: unusable[word.value] for word in Unusable if unusable[word.value]},
    )
