"""The back office of rights."""

from rights.admin import cases, effects, journal, letters, notice, period, purge, referrals, suppressions

__all__ = ["cases", "effects", "journal", "letters", "notice", "period", "purge", "referrals", "suppressions"]
