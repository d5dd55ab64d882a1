"""The tables of the back office."""

from rights.models.access_code import FollowUpCode
from rights.models.case import RightsCase
from rights.models.claimed import ClaimedAccount
from rights.models.dossier import ContactPoint, ReferralDossier
from rights.models.doubt import NameDoubt
from rights.models.exemption import Exemption
from rights.models.incoming import Attachment, IncomingLetter
from rights.models.journal import JournalEntry
from rights.models.knock import Knock
from rights.models.letter import OutgoingLetter
from rights.models.note import CaseNote
from rights.models.notice import Notice
from rights.models.package import AccessPackage
from rights.models.period import ProjectPeriod
from rights.models.purge import Purge
from rights.models.question import Question
from rights.models.rectification import Rectification
from rights.models.referral import Referral
from rights.models.reply import Reply
from rights.models.request import RightsRequest
from rights.models.restriction import Restriction
from rights.models.suppression import Suppression

__all__ = [
    "AccessPackage",
    "Attachment",
    "CaseNote",
    "ClaimedAccount",
    "ContactPoint",
    "Exemption",
    "FollowUpCode",
    "IncomingLetter",
    "JournalEntry",
    "Knock",
    "NameDoubt",
    "Notice",
    "OutgoingLetter",
    "ProjectPeriod",
    "Purge",
    "Question",
    "Rectification",
    "Referral",
    "ReferralDossier",
    "Reply",
    "Restriction",
    "RightsCase",
    "RightsRequest",
    "Suppression",
]
