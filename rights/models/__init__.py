"""The tables of the back office."""

from rights.models.period import ProjectPeriod
from rights.models.suppression import Suppression

__all__ = ["ProjectPeriod", "Suppression"]
