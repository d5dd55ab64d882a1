"""A backup, what was done after it, and the restore: run as a process of its own, in an installation of its own.

`python -m tests.rights.restoring FEED` in an environment with VAR_DIR and DATABASE_URL; FEED is a folder for the
listings.
"""

import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from tests.rights.canary import CANARY, LATER, harvest, listed, listing

HELD, OBJECTS = "qz7restricted3k9x", "qz7objects3k9x"
GONE = (CANARY, LATER, OBJECTS)


def everybody(account):
    """The listing that names the account, with somebody who will be restricted and somebody who will object."""
    return [*listing(account), listed(f"{HELD}/kept", 8, "org/base"), listed(f"{OBJECTS}/gone", 9, f"{HELD}/kept")]


def saved(place):
    """Back the database up to `place`, or bring it back from there (`restored`)."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        shutil.copy(database["NAME"], place)
    else:
        subprocess.run(["pg_dump", "--format=custom", f"--file={place}", os.environ["DATABASE_URL"]], check=True)


def restored(place):
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        for suffix in ("-wal", "-shm"):
            Path(f"{database['NAME']}{suffix}").unlink(missing_ok=True)
        shutil.copy(place, database["NAME"])
    else:
        command = ["pg_restore", "--clean", "--if-exists", f"--dbname={os.environ['DATABASE_URL']}", place]
        subprocess.run(command, check=True)


def told(*words):
    from django.core.management import call_command

    out = StringIO()
    call_command("rights", *words, stdout=out)
    return out.getvalue()


def act():
    """Everything that may be done about a person's rights, after the backup."""
    from lineage.models import Artifact

    case = ["--by", "agent-a", "--reference"]
    leaf = Artifact.objects.get(repo_id="lab/leaf").pk
    told("erase", CANARY, *case, "case-1")
    told("restrict", HELD, *case, "case-2")
    told("rectify", str(leaf), "license", "mit", *case, "case-3")
    told("rectify", str(leaf), "task", "text-generation", *case, "case-3")
    told("rectify", str(leaf), "task", "--close", *case, "case-3")
    told("object", OBJECTS, *case, "case-4")
    told("restrict", "lab", *case, "case-5")
    told("lift", "--notice-sent", *case, "case-5")
    told("lift", *case, "case-5")


def shut():
    """That nothing can be read, harvested or done before the replay."""
    from django.core.management import CommandError
    from django.test import Client

    from lineage import policy

    for address in ("/", "/account/sign-in/", "/healthz"):
        answer = Client().get(address)
        assert answer.status_code == 503, (address, answer.status_code)
    assert "rights replay" in (policy.current().refusal(at=now()) or "")
    for verb in ("erase", "restrict"):
        with pytest.raises(CommandError, match="rights replay"):
            told(verb, HELD, "--by", "agent-a", "--reference", "x")


def in_force():
    """What holds about everybody's rights, as rows."""
    from lineage.models import Artifact
    from rights.models import Rectification, Restriction, Suppression

    return {
        "listed": sorted(Suppression.objects.values_list("fingerprint", "ground", "reference")),
        "withheld": sorted(Artifact.objects.withheld().values_list("repo_id", flat=True)),
        "restrictions": sorted(Restriction.objects.values_list("reference", "began_at", "notice_sent_at", "lifted_at")),
        "rectified": sorted(Rectification.objects.values_list("reference", "field", "began_at", "closed_at")),
        "license": Artifact.objects.get(repo_id="lab/leaf").license,
        "task": Artifact.objects.get(repo_id="lab/leaf").task,
    }


def gone():
    from lineage.models import Artifact, Author, Mention

    names = [*Artifact.objects.values_list("repo_id", flat=True), *Author.objects.values_list("name", flat=True)]
    names += Mention.objects.values_list("target", flat=True)
    return not [name for name in names if any(word in name.lower() for word in GONE)]


def now():
    from django.utils import timezone

    return timezone.now()


def main(feed):
    import django
    from django.core.management import call_command
    from django.test import Client

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    from access.models import User
    from rights.models import JournalEntry

    call_command("migrate", verbosity=0)
    User.objects.create_user("agent-a")
    told("notice", "record", "--by", "agent-a")  # an act that the backup holds
    harvest(feed, everybody(CANARY))
    saved(feed / "backup")
    act()
    harvest(feed, everybody(LATER))  # its new name is learned, and swept
    before, head = in_force(), told("verify-journal").strip().rpartition(" ")[2]
    assert gone()

    restored(feed / "backup")
    assert not gone()
    assert JournalEntry.objects.count() < int(head.partition(":")[0])
    shut()
    said = told("replay")
    assert Client().get("/healthz").status_code == 200
    assert "effects" in said
    assert not any(word in said for word in (*GONE, HELD))
    assert gone()
    assert in_force() == before, (in_force(), before)
    told("verify-journal", "--head", head)
    count = JournalEntry.objects.count()
    told("replay")
    assert JournalEntry.objects.count() == count

    for account in (CANARY, LATER, CANARY):
        harvest(feed, everybody(account))
        assert gone()
        assert in_force() == before, (in_force(), before)
    told("scrub", "--whole")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.exit(main(Path(sys.argv[1])))
