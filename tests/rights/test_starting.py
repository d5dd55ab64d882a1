"""The real processes: what could send no letter, or links that lead nowhere, does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ["-m", "gunicorn", "genealogy_site.wsgi", "--bind", "127.0.0.1:0", "--workers", "1", "--no-control-socket"]
WORKER = ["-m", "celery", "-A", "genealogy_site", "worker", "--pool", "solo"]
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "a made-up key that is long enough for everybody, fifty signs and more",
    "ALLOWED_HOSTS": "genealogy.example",
    "EMAIL_URL": "consolemail://",
    "PUBLIC_FORM": "1",
    "SITE_URL": "",
}


@pytest.mark.parametrize("process", [WEB, WORKER], ids=["web", "worker"])
def test_what_is_not_ready_does_not_start(process, tmp_path):
    environment = os.environ | PRODUCTION | {"TMPDIR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, *process], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode != 0
    assert "rights.E001" in ended.stderr
    assert "rights.E002" in ended.stderr
