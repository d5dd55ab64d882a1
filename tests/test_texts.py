"""The French texts: complete, up to date with the code, and fit to be filled in."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
FRENCH = ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po"
PLACES = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}|</?\w+>")
FOLDERS = ("access", "genealogy_site", "lineage", "rights", "templates")


def messages() -> list[Message]:
    with FRENCH.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [])


def test_every_text_has_its_french() -> None:
    assert [message.id for message in messages() if not all(forms(message.string)) or message.fuzzy] == []


def test_every_place_to_fill_in_is_kept() -> None:
    changed = [
        message.id
        for message in messages()
        for french in forms(message.string)
        if set(PLACES.findall(french)) != set(PLACES.findall(forms(message.id)[-1]))
    ]
    assert changed == []


def test_french_typography() -> None:
    """A no-break space before high punctuation and inside guillemets, and a curved apostrophe."""
    odd = [
        french for message in messages() for french in forms(message.string) if re.search(r" [:;!?»]|« |\w'\w", french)
    ]
    assert odd == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed: extraction was not compared")
def test_every_text_of_the_code_is_in_the_catalogue(tmp_path: Path) -> None:
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    catalogue = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    command = [sys.executable, "-m", "django", "makemessages", "-l", "fr", "-v0", "--no-location"]
    alone = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=tmp_path, env=alone, check=True, capture_output=True)  # needs no settings
    with catalogue.open("rb") as file:
        found = {forms(message.id)[0] for message in read_po(file) if message.id}
    assert found - {forms(message.id)[0] for message in messages()} == set()
