"""The genealogy in the back office: read-only but for verdicts, and for starting or stopping a harvest."""

from lineage.admin.alarms import AlarmAdmin
from lineage.admin.artifacts import AuthorAdmin, DatasetArtifactAdmin, ModelArtifactAdmin
from lineage.admin.consultations import ConsultationAdmin
from lineage.admin.disclosures import DisclosureAdmin
from lineage.admin.edges import AliasAdmin, DerivationAdmin, NameInquiryAdmin
from lineage.admin.runs import HarvestRunAdmin, QuarantineAdmin
from lineage.admin.schedules import PeriodicTaskAdmin
from lineage.admin.verdicts import AliasVerdictAdmin, DerivationVerdictAdmin

__all__ = [
    "AlarmAdmin",
    "AliasAdmin",
    "AliasVerdictAdmin",
    "AuthorAdmin",
    "ConsultationAdmin",
    "DatasetArtifactAdmin",
    "DerivationAdmin",
    "DerivationVerdictAdmin",
    "DisclosureAdmin",
    "HarvestRunAdmin",
    "ModelArtifactAdmin",
    "NameInquiryAdmin",
    "PeriodicTaskAdmin",
    "QuarantineAdmin",
]
