"""Backup and restore, as one would do it: written, damaged, restored, and what was decided since carried out again."""

import json
import tarfile
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from genealogy_site import backup
from lineage.models import Artifact, GraphState
from rights import keyring
from rights.effects import erase
from tests.factories import AT, make_artifact, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(tmp_path):
    return tmp_path / "backups"


def names():
    return set(Artifact.objects.values_list("repo_id", flat=True))


def test_what_was_there_is_there_again(place, settings):
    make_artifact("org/kept")
    (settings.VAR_DIR / "letters").mkdir()
    (settings.VAR_DIR / "letters" / "one").write_text("text")
    folder = backup.back_up(place, at=AT)

    Artifact.objects.all().delete()
    make_artifact("org/later")
    (settings.VAR_DIR / "letters" / "one").write_text("changed")
    backup.restore(folder)
    assert names() == {"org/kept"}
    assert (settings.VAR_DIR / "letters" / "one").read_text() == "text"


def test_keys_seals_ledger_and_what_is_built_anew_are_not_in_it(place, settings):
    for name in backup.LEFT_OUT:
        (settings.VAR_DIR / name).mkdir(exist_ok=True)
        (settings.VAR_DIR / name / "secret").write_text("x")
    folder = backup.back_up(place, at=AT)
    with tarfile.open(folder / backup.FILES) as archive:
        assert archive.getnames() == []
    assert oct(folder.stat().st_mode)[-3:] == "700"
    assert {oct((folder / name).stat().st_mode)[-3:] for name in (backup.DUMP, backup.FILES)} == {"600"}


@pytest.mark.parametrize("name", [backup.DUMP, backup.FILES])
def test_a_damaged_backup_is_refused_before_anything_is_changed(place, name):
    make_artifact("org/before")
    folder = backup.back_up(place, at=AT)
    (folder / name).write_bytes((folder / name).read_bytes()[:-1] + b"?")
    make_artifact("org/now")
    with pytest.raises(backup.BackupRefused, match="damaged"):
        backup.restore(folder)
    assert names() == {"org/before", "org/now"}


def test_what_is_no_backup_is_refused(place, tmp_path):
    with pytest.raises(backup.BackupRefused, match="no backup"):
        backup.restore(tmp_path)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("vendor", "oracle", "oracle"), ("migrations", [["lineage", "9999_not_written_yet"]], "later version")],
)
def test_a_backup_of_something_else_is_refused(place, field, value, words):
    folder = backup.back_up(place, at=AT)
    manifest = json.loads((folder / backup.MANIFEST).read_text())
    (folder / backup.MANIFEST).write_text(json.dumps(manifest | {field: value}))
    with pytest.raises(backup.BackupRefused, match=words):
        backup.restore(folder)


def test_old_ones_leave_and_an_unfinished_one_bears_no_name(place, monkeypatch):
    for days in (40, 31, 29, 0):
        backup.back_up(place, at=AT - timedelta(days=days))
    assert len(list(place.iterdir())) == 2

    def fail(_target):
        raise backup.BackupRefused("the disk is full")

    monkeypatch.setattr(backup, "_pack", fail)
    with pytest.raises(backup.BackupRefused):
        backup.back_up(place, at=AT + timedelta(days=1))
    assert len(list(place.glob("genealogy-*Z"))) == 2


def test_the_same_second_twice_is_refused(place):
    backup.back_up(place, at=AT)
    with pytest.raises(backup.BackupRefused, match="exists already"):
        backup.back_up(place, at=AT)


def test_an_erasure_after_the_backup_holds_after_the_restore(place):
    """The drill: backup, erase, restore, replay. The erased name is nowhere in the database."""
    make_artifact("ada-example/model")
    make_artifact("org/other")
    GraphState.objects.get_or_create(pk=1)
    account = make_user("agent-of-the-drill")
    keyring.rotate()
    folder = backup.back_up(place, at=AT)
    erase(account="ada-example", reference="drill", by=account.pk, at=AT)
    assert names() == {"org/other"}

    backup.restore(folder)
    assert names() == {"ada-example/model", "org/other"}
    call_command("rights", "replay")
    assert names() == {"org/other"}
    assert "ada-example" not in everything()


def everything():
    """Each cell of each table, as text."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            texts += [str(row) for row in cursor.fetchall()]
    return "\n".join(texts)


def test_the_command(place, capsys):
    assert backup.main(["backup", str(place)]) == 0
    (folder,) = place.iterdir()
    assert backup.main(["restore", str(folder)]) == 0
    assert backup.main(["restore", str(place)]) == 1
    assert "no backup" in capsys.readouterr().err
