"""A database of a benchmark's own."""

import shutil
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql


def fresh_base() -> None:
    """An empty base of this run's own, migrated; one of an earlier run goes, and what lies under VAR_DIR with it."""
    connection.close()
    shutil.rmtree(settings.VAR_DIR)
    Path(settings.VAR_DIR).mkdir()
    if connection.vendor == "postgresql":
        name = sql.Identifier(str(settings.DATABASES["default"]["NAME"]))
        parameters = connection.get_connection_params()
        parameters |= {"dbname": "postgres", "autocommit": True, "cursor_factory": psycopg.Cursor}
        parameters.pop("context", None)
        parameters.pop("prepare_threshold", None)
        with psycopg.connect(**parameters) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
            server.execute(sql.SQL("CREATE DATABASE {}").format(name))
    call_command("migrate", verbosity=0)
