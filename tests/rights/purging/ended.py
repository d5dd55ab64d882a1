"""The end of a project, in an installation of its own: planted, disclosed, purged by two persons, harvested again.

`python -m tests.rights.purging.ended FEED` in an environment with VAR_DIR and DATABASE_URL; FEED is a folder for files.
"""

import json
import os
import sys
from pathlib import Path

from tests.rights.canary import CANARY, EARLIER, harvest, listing, plant
from tests.rights.restoring import restored, saved, told

NAMES = (CANARY, EARLIER, "lab/leaf", "lab/child")


def main(feed):
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    from access.roles import Role
    from lineage import policy
    from lineage.models import Artifact
    from rights import keyring
    from rights.models import Rectification
    from tests.factories import make_user
    from tests.rights.restoring import now

    call_command("migrate", verbosity=0)
    plant(feed)
    make_user("first", Role.SUPERVISOR)
    make_user("second", Role.SUPERVISOR, email="second@example.org")
    case = ["--by", "agent-a", "--reference", "case-1"]
    told("rectify", str(Artifact.objects.get(repo_id="lab/leaf").pk), "tags", f"{CANARY}-tag", *case)
    told("object", "qz7nobody3k9x", *case)
    (feed / "planted").touch()
    input()  # the test looks at what was planted

    counted = told("purge", "--dry-run")
    assert "lineage.Artifact: " in counted
    saved(feed / "backup")
    told("purge", "ask", "--by", "first")
    certificate = json.loads(told("purge", "confirm", "--by", "second"))
    (feed / "certificate.json").write_text(json.dumps(certificate))
    empty()
    assert "vouches" in told("verify-certificate", str(feed / "certificate.json"))
    assert not keyring.active()
    assert "purged" in (policy.current().refusal(at=now()) or "")
    try:
        harvest(feed, listing(CANARY))
    except CommandError as refused:
        assert "purged" in str(refused)  # noqa: PT017
    else:
        raise AssertionError("harvested after the purge")

    restored(feed / "backup")
    assert Artifact.objects.exists()
    told("replay")
    empty()
    assert set(Rectification.objects.values_list("value", flat=True)) == {""}
    told("verify-journal")
    assert "purged" in (policy.current().refusal(at=now()) or "")
    assert json.loads(told("purge", "certificate")) == certificate
    assert "vouches" in told("verify-certificate", str(feed / "certificate.json"))


def empty():
    from rights.purging.extent import tables

    assert {model._meta.label: model._base_manager.count() for model in tables(leaving=True)} == {
        model._meta.label: 0 for model in tables(leaving=True)
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.exit(main(Path(sys.argv[1])))
