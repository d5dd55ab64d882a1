"""The words of the genealogy, as the Hugging Face Hub spells them where it has a word.

Pure: no Django here. What a word is called on a screen is in `lineage.labels`.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What an artifact is. A model and a dataset may bear the same repository id."""

    MODEL = "model"
    DATASET = "dataset"


class Relation(StrEnum):
    """How an artifact was made from its source, in order of preference between equal edges.

    The first four are the Hub's own values of `base_model_relation`.
    """

    FINETUNE = "finetune"
    ADAPTER = "adapter"
    QUANTIZED = "quantized"
    MERGE = "merge"
    TRAINED_ON = "trained_on"
    EXTENDED_FROM = "extended_from"
    UNSPECIFIED = "unspecified"


class Certainty(StrEnum):
    """How an edge is known, strongest first.

    curated: staff set it. resolved: the Hub resolved it (a plain `base_model:` tag).
    declared: an author wrote it and its target is known exactly. inferred: a rule guessed it.
    """

    CURATED = "curated"
    RESOLVED = "resolved"
    DECLARED = "declared"
    INFERRED = "inferred"


class Direction(StrEnum):
    """Which way a trace walks: downstream to what was made from the origin, upstream to its sources."""

    DOWNSTREAM = "downstream"
    UPSTREAM = "upstream"


class Presence(StrEnum):
    """Whether the Hub lists an artifact: now, never seen listed but named on a card, no longer."""

    LISTED = "listed"
    MENTIONED = "mentioned"
    GONE = "gone"


class AccountKind(StrEnum):
    """What an author is; the Hub says so only on the account's own overview."""

    PERSON = "person"
    ORGANISATION = "organisation"
    UNKNOWN = "unknown"


class Field(StrEnum):
    """Where a mention stands in a record: the evidence of an edge."""

    BASE_MODEL_TAG = "base_model_tag"  # tag base_model:X, written by the Hub once it resolved X
    RELATION_TAG = "relation_tag"  # tag base_model:R:X without its plain tag
    BASE_MODEL_CARD = "base_model_card"  # card field base_model
    DATASET_TAG = "dataset_tag"  # tag dataset:X
    DATASETS_CARD = "datasets_card"  # card field datasets
    SOURCE_DATASETS_TAG = "source_datasets_tag"  # tag source_datasets:X
    SOURCE_DATASETS_CARD = "source_datasets_card"  # card field source_datasets


class Unusable(StrEnum):
    """Why a value that should name an artifact names none. Only this class is kept, never the text."""

    EMPTY = "empty"
    PLACEHOLDER = "placeholder"  # undefined, imagefolder, original …
    PATH = "path"  # /data/model_base, C:\models, outputs/checkpoint-1
    URL = "url"  # an address that is no repository of the Hub
    PROSE = "prose"  # a sentence or a name with spaces
    INVALID = "invalid"  # text that can be no repository id
    NOT_TEXT = "not_text"  # a number, a dict, null
    SELF = "self"  # the artifact names itself
    TOO_MANY = "too_many"  # beyond what one record may name


class AliasOrigin(StrEnum):
    """Who says that an old name means an artifact, strongest first."""

    STAFF = "staff"
    REDIRECT = "redirect"  # the Hub answered a request for the old name with the new one
    RENAME = "rename"  # the same Hub _id was listed under both names, one after the other
    CARD = "card"  # a card declares the old name, and the Hub resolved it to the new one


class RunState(StrEnum):
    """Where a harvest stands. The last four are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"  # until somebody resumes it; it stays the one open run
    COMPLETE = "complete"  # every page was read: what was not seen is absent
    PARTIAL = "partial"  # ended as asked, but not everything was read (--limit, a page given up)
    FAILED = "failed"
    CANCELLED = "cancelled"


class Measure(StrEnum):
    """What is counted of the whole genealogy after each harvest, in the order in which it is told."""

    MODELS = "models"  # by the month of their creation
    DATASETS = "datasets"
    RELATIONS = "relations"  # edges, by relation
    SOURCES = "sources"  # models that declare a source, and that declare none
    FAMILIES = "families"  # the biggest, by their root
    DEPTH = "depth"  # models, by generations below the root of their family
    USED = "used"  # datasets, by how many models declare them
    TOGETHER = "together"  # pairs of datasets that one model declares
    LICENCES = "licences"
    DRIFT = "drift"  # from the main source's licence to the derivative's
    TASKS = "tasks"
    LANGUAGES = "languages"
    LIBRARIES = "libraries"
    CONCENTRATION = "concentration"  # of models and downloads in accounts
