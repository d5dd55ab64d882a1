"""`manage.py` on a machine whose database is missing, out of date or away: words, not tracebacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError

from genealogy_site import command_line

ROOT = Path(__file__).resolve().parents[1]


def managed(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command as one types it, over an empty folder."""
    path = os.environ.get("PATH", os.defpath)
    environment = {"PATH": path, "DEMONSTRATION": "1", "SECRET_KEY": "x" * 60, "VAR_DIR": str(folder), **more}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_an_empty_database_is_told_in_words(tmp_path: Path) -> None:
    told = managed(tmp_path, "trace", "model", "org/a")
    assert told.returncode == 1
    assert "manage.py migrate" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_server_that_is_away_is_told_in_words(tmp_path: Path) -> None:
    told = managed(tmp_path, "canonical", DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert told.returncode == 1
    assert "DATABASE_URL" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_traceback_is_there_for_who_asks(tmp_path: Path) -> None:
    told = managed(tmp_path, "canonical", "--traceback")
    assert told.returncode == 1
    assert "Traceback" in told.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "missing", "said"),
    [
        (ProgrammingError("relation x does not exist"), 3, "3 migrations"),
        (OperationalError("disk\n  full"), 0, "(disk full)"),
        (ProgrammingError("a mistake of ours"), 0, None),
        (IntegrityError("a mistake of ours"), 0, None),
    ],
)
def test_only_what_the_installation_lacks_is_explained(
    monkeypatch: pytest.MonkeyPatch, error: Exception, missing: int, said: str | None
) -> None:
    monkeypatch.setattr(command_line, "_not_migrated", lambda: missing)
    told = command_line.explained(error)
    assert told is None if said is None else said in (told or "")
