"""Backups: the database and what lies under VAR_DIR, in one folder that tells its own checksums; and the way back.

Keys, seals and the ledger of effects are not in it: each has a copy of its own, kept apart, and is newer than any
backup. After a restore the ledger carries out again what was decided since (`manage.py rights replay`).
"""

import argparse
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

NAME = "genealogy-%Y%m%dT%H%M%SZ"
MANIFEST, DUMP, FILES = "manifest.json", "database", "files.tar.gz"
KEPT_DAYS = 30  # the ledger of effects keeps its lines longer than that
# Under VAR_DIR, and not in a backup: built anew, of this machine only, or kept apart.
LEFT_OUT = ("broker", "db.sqlite3", "db.sqlite3-shm", "db.sqlite3-wal", "graph", "journal", "keys", "ledger", "static")


class BackupRefused(Exception):
    """Nothing was written or restored; the text says why and what to do."""


def back_up(place: Path, *, at: datetime, keep_days: int = KEPT_DAYS) -> Path:
    """Write a backup into a new folder under `place`, then remove those older than `keep_days`. Returns the folder.

    The folder bears its name only once it is whole. Raises BackupRefused.
    """
    folder = place / at.astimezone(UTC).strftime(NAME)
    part = folder.with_name(f"{folder.name}.part")
    if folder.exists():
        raise BackupRefused(f"{folder} exists already. Nothing was written.")
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    _dump(part / DUMP)
    _pack(part / FILES)
    (part / MANIFEST).write_text(json.dumps(_manifest(part, at), indent=2))
    part.rename(folder)
    for old in _older_than(place, at - timedelta(days=keep_days)):
        shutil.rmtree(old)
    return folder


def restore(folder: Path) -> None:
    """Put the database and the files of a backup in the place of the present ones.

    Raises BackupRefused, before it begins. The site must be stopped. Migrations that came after the backup are carried
    out.
    """
    manifest = _checked(folder)
    if manifest["vendor"] != connection.vendor:
        raise BackupRefused(f"This backup is of {manifest['vendor']}, DATABASE_URL is of {connection.vendor}.")
    newer = set(map(tuple, manifest["migrations"])) - _known_migrations()
    if newer:
        raise BackupRefused("This backup is of a later version of the site. Nothing was restored: upgrade first.")
    _load(folder / DUMP)
    with tarfile.open(folder / FILES) as archive:
        # As an attribute: Python before 3.11.4, which Debian 12 brings, knows no filters and passes it over.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(settings.VAR_DIR)  # noqa: S202  our own archive, its checksum compared
    shutil.rmtree(settings.GRAPH_DIR, ignore_errors=True)  # of the former database
    call_command("migrate", verbosity=0)


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(target) as copy:
            connection.connection.backup(copy)
        copy.close()
    else:
        _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])
    target.chmod(0o600)


def _load(dump: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(dump) as copy:
            copy.backup(connection.connection)
        copy.close()
        connection.close()
    else:
        connection.close()
        options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        _run(["pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(dump)])


def _run(command: list[str]) -> None:
    """A tool of PostgreSQL, told by its environment which database it is. Raises BackupRefused."""
    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    own = {variable: str(given[name]) for variable, name in names.items() if given.get(name)}
    try:
        done = subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise BackupRefused(
            f"{command[0]} is not installed: install the client of PostgreSQL. Nothing was done."
        ) from None
    if done.returncode:
        raise BackupRefused(f"{command[0]} failed ({done.stderr.strip()[-400:]}).")


def _pack(target: Path) -> None:
    root = Path(settings.VAR_DIR)
    with tarfile.open(target, "w:gz") as archive:
        for each in sorted(root.iterdir()):
            if each.name not in LEFT_OUT:
                archive.add(each, arcname=each.name)
    target.chmod(0o600)


def _manifest(folder: Path, at: datetime) -> dict[str, object]:
    return {
        "taken_at": at.isoformat(),
        "vendor": connection.vendor,
        "migrations": sorted(_applied_migrations()),
        "sha256": {name: _digest(folder / name) for name in (DUMP, FILES)},
    }


def _checked(folder: Path) -> dict[str, Any]:
    """The manifest of a backup that is whole. Raises BackupRefused."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        damaged = [name for name, digest in dict(manifest["sha256"]).items() if _digest(folder / name) != digest]
    except (OSError, ValueError, KeyError) as error:
        raise BackupRefused(f"{folder} is no backup ({type(error).__name__}). Nothing was restored.") from None
    if damaged:
        raise BackupRefused(f"The backup is damaged ({', '.join(damaged)}). Nothing was restored: take another one.")
    return manifest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _applied_migrations() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def _known_migrations() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def _older_than(place: Path, moment: datetime) -> Iterator[Path]:
    for folder in place.glob("genealogy-*Z"):
        if datetime.strptime(folder.name, NAME).replace(tzinfo=UTC) < moment:
            yield folder


def main(arguments: list[str]) -> int:
    """`backup DIR` or `restore DIR`; returns the exit code."""
    parser = argparse.ArgumentParser(prog="genealogy_site.backup", description=__doc__)
    parser.add_argument("act", choices=["backup", "restore"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep-days", type=int, default=KEPT_DAYS, help="older backups are removed (%(default)s)")
    asked = parser.parse_args(arguments)
    django.setup()
    try:
        if asked.act == "backup":
            written = back_up(asked.folder, at=datetime.now(UTC), keep_days=asked.keep_days)
            sys.stdout.write(f"Backup written: {written}\n")
        else:
            restore(asked.folder)
            sys.stdout.write("Restored. What was decided since is carried out again now.\n")
            call_command("rights", "replay")
    except BackupRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genealogy_site.settings")
    raise SystemExit(main(sys.argv[1:]))
