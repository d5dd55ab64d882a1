"""The notebook of first steps runs from a clean kernel against the sample, over the interface alone."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from access.roles import Role
from lineage.models import Derivation, Disclosure
from tests.factories import make_user, open_project
from tests.lineage.api.readers import token_of

NOTEBOOK = Path(__file__).resolve().parents[3] / "docs" / "first-steps.ipynb"
RUN = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


def said(notebook):
    """Every text that the cells gave out."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    return "".join("".join(each.get("text", each.get("data", {}).get("text/plain", ""))) for each in outputs), outputs


@pytest.mark.django_db(transaction=True)
def test_the_notebook_answers_its_questions(live_server, tmp_path):
    open_project()
    call_command("sample", stdout=io.StringIO(), stderr=io.StringIO())
    account = make_user("", Role.RESEARCHER)
    surroundings = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GENEALOGY_URL": live_server.url,
        "GENEALOGY_TOKEN": token_of(account),
    }
    command = [sys.executable, "-c", RUN, str(NOTEBOOK), str(tmp_path / "run.ipynb")]
    run = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=200, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    text, outputs = said(json.loads((tmp_path / "run.ipynb").read_text(encoding="utf-8")))
    edges = Derivation.objects.holding().count()
    assert f", {edges})" in text
    assert "keep the licence" in text
    assert "Gini 0." in text
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert set(Disclosure.objects.values_list("user_key", flat=True)) == {account.pk}


def test_the_notebook_holds_no_output_and_no_token():
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in notebook["cells"])
    assert "gnl_" not in NOTEBOOK.read_text(encoding="utf-8")
