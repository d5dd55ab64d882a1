"""The study of the ecosystem: totals of the whole genealogy, counted anew after each harvest and kept in one table."""

from lineage.statistics.counting import renew

__all__ = ["renew"]
