"""What the documentation tells is so: commands, settings, files, decisions."""

import ast
import os
import re
import subprocess
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "lineage").rglob("*.md")]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


def said_in(document: Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, document.read_text(encoding="utf-8")))


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_make_targets_exist(document):
    assert said_in(document, r"(?:`|^|[“…] ?)make ([a-z]+)") <= TARGETS


@pytest.mark.parametrize(
    "document", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DECISIONS], ids=lambda document: document.name
)
def test_management_commands_exist(document):
    assert said_in(document, r"manage\.py ([a-z_]+)") <= set(get_commands())


def test_targets_have_one_line_help():
    command = ["make", "--no-print-directory", "help"]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    printed = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in printed.splitlines()} == TARGETS
    phony = " ".join(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE))
    assert set(phony.split()) == TARGETS


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_links_lead_somewhere(document):
    links = {link for link in said_in(document, r"\]\(([^)#]+)\)") if not link.startswith("https://")}
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_paths_named_in_the_layout_exist():
    named = said_in(ROOT / "README.md", r"^\| `([\w/]+)`") | said_in(
        ROOT / "CONTRIBUTING.md", r"`((?:docs|tests|lineage)/[\w/.]+)`"
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_modules_named_to_whoever_adds_something_exist():
    named = said_in(ROOT / "CONTRIBUTING.md", r"`((?:[a-z_]+/)+[a-z_]+\.py|(?:[a-z_]+/)+)`")
    assert named
    assert [path for path in named if not any((ROOT / top / path).exists() for top in ("", "lineage", "rights"))] == []


def test_lines_of_the_first_pages_are_not_too_long_to_read():
    for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []


def test_every_setting_of_the_environment_is_in_the_example_and_none_more():
    settings = (ROOT / "genealogy_site" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"""env(?:\.\w+)?\(\s*"([A-Z_]+)\"""", settings))
    read |= set(re.findall(r"\$\{([A-Z_]+):-", (ROOT / "Procfile").read_text(encoding="utf-8")))
    shown = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert shown == read


def test_the_example_holds_no_secret():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    secrets = [line for line in lines if re.match(r"(# )?[A-Z_]*(KEY|TOKEN)=", line)]
    assert secrets
    assert all(line.endswith("=") for line in secrets)


@pytest.mark.parametrize("document", DECISIONS, ids=lambda document: document.stem)
def test_a_decision_has_its_four_parts_and_a_line_in_the_list(document):
    text = document.read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Tried and weighed", "Consequences"]
    title = text.splitlines()[0].removeprefix(f"# {document.stem[:4]} ")
    assert f"| [{document.stem[:4]}]({document.name}) | {title} |" in (document.parent / "README.md").read_text(
        encoding="utf-8"
    )


def test_decisions_are_numbered_without_a_gap():
    assert [int(document.stem[:4]) for document in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_libraries_are_pinned_with_hashes_and_say_why(name):
    named = [
        line for line in (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines() if line and line[0] not in "#-"
    ]
    pinned = (ROOT / f"{name}.txt").read_text(encoding="utf-8")
    assert all(re.fullmatch(r"[\w\[\]-]+( ~= [\d.]+)?\s+# .+", line) for line in named)
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==[\w.]+ \\\n {4}--hash=sha256:", pinned, re.MULTILINE)
    assert {plain(re.split(r"[\[ ]", line)[0]) for line in named} <= {plain(pin) for pin in pins}
    assert "://" not in re.sub(r"^ *#.*$", "", pinned, flags=re.MULTILINE)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_processes_of_the_site_are_these():
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    assert [line.partition(":")[0] for line in lines] == ["web", "worker", "beat"]


def test_access_logs_leave_out_query_strings():
    """gunicorn's %(r)s, %(q)s and %(f)s would write what was asked, and where from."""
    formats = re.findall(r'--access-logformat "([^"]*)"', (ROOT / "Procfile").read_text(encoding="utf-8"))
    assert len(formats) == 1
    assert not {"%(r)s", "%(q)s", "%(f)s"} & set(re.findall(r"%\([^)]*\)s", formats[0]))


def imported_by(*folders: str) -> set[str]:
    """The distributions whose modules the code under these folders imports by name, anywhere in a file."""
    distributions = packages_distributions()
    modules: set[str] = set()
    for path in chain.from_iterable((ROOT / folder).rglob("*.py") for folder in folders):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    return {plain(name) for module in modules for name in distributions.get(module, [])}


def named_in(*files: str) -> set[str]:
    lines = chain.from_iterable((ROOT / file).read_text(encoding="utf-8").splitlines() for file in files)
    return {plain(re.split(r"[\[ ]", line)[0]) for line in lines if line and line[0] not in "#-"}


def test_every_library_that_the_code_imports_is_named():
    """What is only another library's requirement may leave with it."""
    assert imported_by("access", "genealogy_site", "lineage", "rights") - named_in("requirements.in") == set()
    assert imported_by("tests") - named_in("requirements.in", "requirements-dev.in") == set()


def test_each_fault_is_tried_by_tests_that_exist():
    rows = [line for line in (ROOT / "docs" / "faults.md").read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    known = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    for row in rows[1:]:
        named = set(re.findall(r"`(test_\w+)`", row))
        assert named, row
        assert named <= known, named - known
