"""What a trace's count means, in the words agreed on: never “complete”, never “contains your data”."""

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lineage.dossier.totals import Coverage
from lineage.labels import number
from lineage.models import Artifact
from lineage.trace import KINDS
from lineage.tracing import Trace
from lineage.vocabulary import Direction, Kind, Unusable


def statement(trace: Trace, covered: Coverage) -> list[str]:
    """The sentences of a dossier: what was found at least, and what the base as a whole cannot say."""
    return [*brief(trace, silent=covered.silent_models, listed=covered.listed_models), *_unsaid(covered)]


def brief(trace: Trace, *, silent: int, listed: int) -> list[str]:
    """The sentences of a page: what was found at least, and how many of the `listed` models are `silent`."""
    return [found(trace), *_extended(trace), _silence(trace, silent, listed), *_hidden(trace)]


def found(trace: Trace) -> str:
    """How many there are at least."""
    if trace.direction == Direction.UPSTREAM:
        words = ngettext(
            "At least {count} element from which it was made, directly or not, as authors declare.",
            "At least {count} elements from which it was made, directly or not, as authors declare.",
            len(trace),
        )
        return words.format(count=number(len(trace)))
    models = _of_kind(trace, Kind.MODEL)
    if trace.origin.kind == Kind.DATASET:
        words = ngettext(
            "At least {count} model whose authors declare this dataset, directly or not.",
            "At least {count} models whose authors declare this dataset, directly or not.",
            models,
        )
    else:
        words = ngettext(
            "At least {count} model whose authors declare this model, directly or not.",
            "At least {count} models whose authors declare this model, directly or not.",
            models,
        )
    return words.format(count=number(models))


def _of_kind(trace: Trace, kind: Kind) -> int:
    return int(np.count_nonzero(trace.graph.kinds[trace.steps.nodes] == KINDS.index(kind)))


def _extended(trace: Trace) -> list[str]:
    datasets = _of_kind(trace, Kind.DATASET)
    if trace.direction == Direction.UPSTREAM or not datasets:
        return []
    words = ngettext("{count} dataset was extended from it.", "{count} datasets were extended from it.", datasets)
    return [words.format(count=number(datasets))]


def _silence(trace: Trace, silent: int, listed: int) -> str:
    if trace.direction == Direction.UPSTREAM:
        return _("What a card does not say is not here.")
    words = ngettext(
        "{silent} of the {listed} models listed declares nothing usable: what it was made from is not known, "
        "and it may belong here.",
        "{silent} of the {listed} models listed declare nothing usable: what they were made from is not known, "
        "and they may belong here.",
        silent,
    )
    return words.format(silent=number(silent), listed=number(listed))


def _hidden(trace: Trace) -> list[str]:
    """How many of those found may not be named, whatever the reason."""
    withheld = np.fromiter(Artifact.objects.withheld().values_list("pk", flat=True), dtype=np.int64)
    hidden = int(np.isin(trace.keys, withheld).sum()) if len(withheld) else 0
    words = ngettext(
        "{count} of the elements found is not shown.", "{count} of the elements found are not shown.", hidden
    )
    return [words.format(count=number(hidden))] if hidden else []


def _unsaid(covered: Coverage) -> list[str]:
    sentences = []
    if covered.unnamed_models:
        words = ngettext(
            "{count} model does declare something, which names no repository of the Hub.",
            "{count} models do declare something, which names no repository of the Hub.",
            covered.unnamed_models,
        )
        sentences.append(words.format(count=number(covered.unnamed_models)))
    placeholders = covered.unusable.get(Unusable.PLACEHOLDER, 0)
    others = sum(covered.unusable.values()) - placeholders
    if placeholders or others:
        told = _("{placeholders} values on cards are mere placeholders and {others} others name nothing; not shown.")
        sentences.append(told.format(placeholders=number(placeholders), others=number(others)))
    return sentences
