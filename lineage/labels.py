"""What each word of the vocabulary is called on a screen, and how numbers stand there, in the reader's language."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lineage.vocabulary import (
    AccountKind,
    AliasOrigin,
    Certainty,
    Direction,
    Field,
    Kind,
    Measure,
    Presence,
    Relation,
    RunState,
    Unusable,
)

ELEMENT_NOT_SHOWN = _("element not shown")

LABELS: Mapping[StrEnum, Promise] = {
    Kind.MODEL: _("model"),
    Kind.DATASET: _("dataset"),
    Relation.FINETUNE: _("fine-tuned from"),
    Relation.ADAPTER: _("adapter of"),
    Relation.QUANTIZED: _("quantized from"),
    Relation.MERGE: _("merged from"),
    Relation.TRAINED_ON: _("trained on"),
    Relation.EXTENDED_FROM: _("extended from"),
    Relation.UNSPECIFIED: _("derived from, relation not stated"),
    Certainty.CURATED: _("added by an agent"),
    Certainty.RESOLVED: _("link established by Hugging Face"),
    Certainty.DECLARED: _("declared by the author, not verified"),
    Certainty.INFERRED: _("assumed by a rule"),
    Direction.DOWNSTREAM: _("what was made from it"),
    Direction.UPSTREAM: _("what it was made from"),
    Presence.LISTED: _("listed on the Hub"),
    Presence.MENTIONED: _("only named on other cards"),
    Presence.GONE: _("no longer in the Hub's catalogue"),
    AccountKind.PERSON: _("person"),
    AccountKind.ORGANISATION: _("organisation"),
    AccountKind.UNKNOWN: _("unknown"),
    Field.BASE_MODEL_TAG: _("Hub tag “base_model”"),
    Field.RELATION_TAG: _("author's tag “base_model:relation”"),
    Field.BASE_MODEL_CARD: _("card field “base_model”"),
    Field.DATASET_TAG: _("tag “dataset”"),
    Field.DATASETS_CARD: _("card field “datasets”"),
    Field.SOURCE_DATASETS_TAG: _("tag “source_datasets”"),
    Field.SOURCE_DATASETS_CARD: _("card field “source_datasets”"),
    Unusable.EMPTY: _("empty value"),
    Unusable.PLACEHOLDER: _("placeholder"),
    Unusable.PATH: _("path of a file or folder"),
    Unusable.URL: _("address elsewhere"),
    Unusable.PROSE: _("text that is no name"),
    Unusable.INVALID: _("impossible name"),
    Unusable.NOT_TEXT: _("value that is no text"),
    Unusable.SELF: _("the artifact itself"),
    Unusable.TOO_MANY: _("beyond the number one card may name"),
    AliasOrigin.STAFF: _("an agent"),
    AliasOrigin.REDIRECT: _("redirect answered by the Hub"),
    AliasOrigin.RENAME: _("rename seen between two harvests"),
    AliasOrigin.CARD: _("name on a card that the Hub resolved"),
    RunState.QUEUED: _("waiting for a worker"),
    RunState.RUNNING: _("running"),
    RunState.PAUSED: _("paused"),
    RunState.COMPLETE: _("complete"),
    RunState.PARTIAL: _("ended, not everything was read"),
    RunState.FAILED: _("failed"),
    RunState.CANCELLED: _("cancelled"),
    Measure.MODELS: _("models by month of creation"),
    Measure.DATASETS: _("datasets by month of creation"),
    Measure.RELATIONS: _("kinds of derivation"),
    Measure.SOURCES: _("models that declare a source"),
    Measure.FAMILIES: _("biggest families"),
    Measure.DEPTH: _("generations below the root"),
    Measure.USED: _("datasets most declared by models"),
    Measure.TOGETHER: _("datasets declared together"),
    Measure.LICENCES: _("licences of models"),
    Measure.DRIFT: _("licences from parent to child"),
    Measure.TASKS: _("tasks of models"),
    Measure.LANGUAGES: _("languages of models"),
    Measure.LIBRARIES: _("libraries of models"),
    Measure.CONCENTRATION: _("concentration in accounts"),
}

# What the artifacts made in each way are called, as the heading of a list of them.
DERIVATIVES: Mapping[StrEnum, Promise] = {
    Relation.FINETUNE: _("Fine-tunes"),
    Relation.ADAPTER: _("Adapters"),
    Relation.QUANTIZED: _("Quantizations"),
    Relation.MERGE: _("Merges"),
    Relation.TRAINED_ON: _("Models trained on it"),
    Relation.EXTENDED_FROM: _("Datasets extended from it"),
    Relation.UNSPECIFIED: _("Derivatives whose relation is not stated"),
}


def label(word: StrEnum) -> Promise:
    """The word's name on a screen, lazily translated."""
    return LABELS[word]


def choices(words: type[StrEnum]) -> list[tuple[str, Promise]]:
    """The choices of a model or form field, in the vocabulary's order."""
    return [(word.value, LABELS[word]) for word in words]


def number(value: int | str) -> str:
    """A whole number with its thousands apart."""
    return number_format(value, use_l10n=True, force_grouping=True)
