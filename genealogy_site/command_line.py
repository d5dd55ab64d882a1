"""`manage.py`, where it fails for want of a database: plain words and exit code 1 instead of a traceback.

`--traceback` shows the traceback all the same.
"""

import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

PLAIN = "--traceback"


def run(words: Sequence[str]) -> int:
    """Run the command of these words, the program's own name first; returns the exit code where it comes back."""
    try:
        execute_from_command_line(list(words))
    except (DatabaseError, InterfaceError) as error:
        said = None if PLAIN in words else explained(error)
        if said is None:
            raise
        sys.stderr.write(f"CommandError: {said}\n")
        return 1
    return 0


def explained(error: Exception) -> str | None:
    """What happened and what to do, in words; None for an error that is nothing of the installation's."""
    try:
        missing = _not_migrated()
    except (DatabaseError, InterfaceError) as unreachable:
        error, missing = unreachable, 0
    if missing:
        return _(
            "The database is not up to date: {number} migrations are missing. What the command had begun was not "
            "kept. Run “manage.py migrate”, then start again."
        ).format(number=missing)
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    return _(
        "The database failed or does not answer ({error}). What was written in whole steps before is kept, the rest "
        "is not. Check DATABASE_URL, the server and the disk, then start again."
    ).format(error=" ".join(str(error).split()))


def _not_migrated() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
