"""Effects and harvested pages exclude one another: a page is screened and stored as a whole, or not yet.

Pages share the lock from their screening to their commit; an effect takes it alone. So no page in flight can bring
back what an effect has just removed. SQLite has one writer at a time anyway.
"""

from django.db import connection

LOCK_CLASS, SCREENING = 0x72696768, 1  # numbers of our own, so that no other advisory lock is hit by chance


def while_screening() -> None:
    """Until the transaction ends, no effect begins; waits for one under way. Call it before reading the list."""
    _lock("pg_advisory_xact_lock_shared")


def alone() -> None:
    """Until the transaction ends, no page is screened or stored; waits for those in flight."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    if not connection.in_atomic_block:
        raise ValueError("the lock lasts as long as a transaction, and there is none")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [LOCK_CLASS, SCREENING])
