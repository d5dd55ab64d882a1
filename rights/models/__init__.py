"""The tables of the back office."""

from rights.models.period import ProjectPeriod

__all__ = ["ProjectPeriod"]
