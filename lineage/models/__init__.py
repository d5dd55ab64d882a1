"""The tables of the genealogy."""

from lineage.models.alias import Alias, NameInquiry
from lineage.models.artifact import Artifact, DatasetArtifact, ModelArtifact
from lineage.models.author import Author
from lineage.models.bridge import Bridge
from lineage.models.consultation import Consultation
from lineage.models.counter import Counter, WeeklyCounter
from lineage.models.derivation import Derivation
from lineage.models.disclosure import Disclosure
from lineage.models.mention import Mention
from lineage.models.run import GraphState, HarvestLane, HarvestRun, Quarantine, Sighting
from lineage.models.verdict import AliasVerdict, Decision, DerivationVerdict

__all__ = [
    "Alias",
    "AliasVerdict",
    "Artifact",
    "Author",
    "Bridge",
    "Consultation",
    "Counter",
    "DatasetArtifact",
    "Decision",
    "Derivation",
    "DerivationVerdict",
    "Disclosure",
    "GraphState",
    "HarvestLane",
    "HarvestRun",
    "Mention",
    "ModelArtifact",
    "NameInquiry",
    "Quarantine",
    "Sighting",
    "WeeklyCounter",
]
