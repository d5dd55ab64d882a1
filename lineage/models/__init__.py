"""The tables of the genealogy."""

from lineage.models.alarm import Alarm
from lineage.models.alias import Alias, NameInquiry
from lineage.models.artifact import Artifact, DatasetArtifact, ModelArtifact
from lineage.models.author import Author
from lineage.models.bridge import Bridge
from lineage.models.budget import HubBudget
from lineage.models.consultation import Consultation
from lineage.models.corpus import Corpus, Recall
from lineage.models.counter import Counter, WeeklyCounter
from lineage.models.departed import Departed
from lineage.models.derivation import Derivation
from lineage.models.disclosure import Disclosure
from lineage.models.indexed_name import IndexedName
from lineage.models.mention import Mention
from lineage.models.run import GraphState, HarvestLane, HarvestRun, Quarantine, Sighting
from lineage.models.star import Star
from lineage.models.statistic import Statistic
from lineage.models.verdict import AliasVerdict, Decision, DerivationVerdict
from lineage.models.watch import Watch, WatchedChange

__all__ = [
    "Alarm",
    "Alias",
    "AliasVerdict",
    "Artifact",
    "Author",
    "Bridge",
    "Consultation",
    "Corpus",
    "Counter",
    "DatasetArtifact",
    "Decision",
    "Departed",
    "Derivation",
    "DerivationVerdict",
    "Disclosure",
    "GraphState",
    "HarvestLane",
    "HarvestRun",
    "HubBudget",
    "IndexedName",
    "Mention",
    "ModelArtifact",
    "NameInquiry",
    "Quarantine",
    "Recall",
    "Sighting",
    "Star",
    "Statistic",
    "Watch",
    "WatchedChange",
    "WeeklyCounter",
]
