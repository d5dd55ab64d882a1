"""What stands under deploy/ starts what the Procfile starts, and names only settings that exist."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
UNITS = ROOT / "deploy" / "systemd"
COMMANDS = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_unit_starts_what_the_procfile_starts(name):
    """systemd doubles the signs that it would read itself."""
    unit = (UNITS / f"genealogy-{name}.service").read_text()
    (command,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    assert shlex.split(command.replace("%%", "%").replace("$$", "$")) == ["/bin/sh", "-c", COMMANDS[name]]


def test_the_target_wants_each_of_them():
    target = (UNITS / "genealogy.target").read_text()
    assert all(f"genealogy-{name}.service" in target for name in COMMANDS)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze: the units were not verified")
def test_systemd_reads_the_units(tmp_path):
    """Where paths of an installation are missing here it says so, and of nothing else."""
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(UNITS.iterdir()))], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "genealogy" in line]
    assert [line for line in ours if re.search(r"Unknown|Invalid|Failed to parse|Missing|ignoring", line)] == []


def test_the_services_may_write_where_the_documentation_makes_folders_for_them():
    """A unit sees the rest of the disk read-only: keys too are made when they are first needed."""
    made = re.findall(
        r"^install -d -o genealogy .*-m 700 (.+)$", (ROOT / "docs" / "deployment.md").read_text(), re.MULTILINE
    )
    writable = {
        name: set(
            re.findall(r"^ReadWritePaths=(.*)$", (UNITS / f"genealogy-{name}.service").read_text(), re.MULTILINE)[
                0
            ].split()
        )
        for name in COMMANDS
    }
    assert writable["worker"] == set(" ".join(made).split())
    assert writable["web"] == writable["worker"] - {"/var/backups/genealogy"}
    assert writable["beat"] == {"/var/lib/genealogy"}


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx: its file was not read")
def test_nginx_reads_its_file(tmp_path):
    """Whatever its version: with a certificate of one's own, and the site on this machine."""
    words = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=test",
        "-keyout",
        "site.key",
        "-out",
        "site.crt",
    ]
    subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)
    site = (ROOT / "deploy" / "nginx.conf").read_text().replace("/etc/nginx/tls", str(tmp_path))
    (tmp_path / "site.conf").write_text(site.replace("//web:", "//127.0.0.1:").replace("/dev/stdout", "access.log"))
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid; events {{}} http {{ include {tmp_path}/site.conf; }}")
    done = subprocess.run(
        ["nginx", "-t", "-p", str(tmp_path), "-e", "stderr", "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "syntax is ok" in done.stderr, done.stderr


def test_compose_and_docs_name_settings_that_exist():
    example = (ROOT / ".env.example").read_text()
    known = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    compose = (ROOT / "deploy" / "compose.yaml").read_text()
    assert (
        set(re.findall(r"^ {4,6}([A-Z_]+): ", compose, re.MULTILINE)) - {"POSTGRES_DB", "POSTGRES_PASSWORD_FILE"}
        <= known
    )
    named = re.findall(r"`([A-Z][A-Z]+_[A-Z_]+)(?:=[^`]*)?`", (ROOT / "docs" / "deployment.md").read_text())
    assert named
    assert set(named) - {"PARSER_VERSION"} <= known


def test_every_append_only_table_is_named_in_the_roles():
    """Those that a trigger keeps from being truncated: the application's role has no right to it either."""
    migrations = [*(ROOT / "lineage" / "migrations").glob("*.py"), *(ROOT / "rights" / "migrations").glob("*.py")]
    guarded = {
        table
        for file in migrations
        for table in re.findall(r"BEFORE TRUNCATE ON (\w+)", file.read_text(encoding="utf-8"))
    }
    roles = (ROOT / "deploy" / "roles.sql").read_text()
    assert guarded
    assert {table for table in guarded if f"'{table}'" not in roles} == set()
