"""The tables of the back office."""

from rights.models.doubt import NameDoubt
from rights.models.journal import JournalEntry
from rights.models.period import ProjectPeriod
from rights.models.rectification import Rectification
from rights.models.restriction import Restriction
from rights.models.suppression import Suppression

__all__ = ["JournalEntry", "NameDoubt", "ProjectPeriod", "Rectification", "Restriction", "Suppression"]
