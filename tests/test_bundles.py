"""The scripts of the pictures: built where npm is, and a page without them where it is not."""

import os
import stat
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template

from genealogy_site import bundles
from genealogy_site.bundles import NotBuilt, build, npm_command

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def project(tmp_path):
    """A project whose npm and esbuild are shell scripts of a few lines."""
    (tmp_path / "frontend").mkdir()
    (tmp_path / "frontend" / "tree.js").write_text("draw()")
    (tmp_path / "frontend" / "shapes.mjs").write_text("imported, no picture")
    esbuild(tmp_path, "exit 0")
    return tmp_path


def program(path, line):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{line}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def esbuild(project, line):
    return program(project / "node_modules" / "@esbuild" / "here" / "bin" / "esbuild", line)


def test_each_script_of_the_folder_becomes_a_bundle(project):
    esbuild(project, 'out="${@: -1}"; out="${out#--outdir=}"; mkdir -p "$out"; cp "$1" "$out/"')
    old = project / "bundles" / "gone.js"
    old.parent.mkdir()
    old.touch()
    npm = program(project / "npm", 'echo "$@" > asked')
    assert build(project, project / "bundles", npm=[str(npm)]) == [project / "bundles" / "tree.js"]
    assert "ci --ignore-scripts" in (project / "asked").read_text()
    assert not old.exists()


@pytest.mark.parametrize(
    ("npm", "esbuild_does", "reason"),
    [
        ("echo no way >&2; exit 1", "exit 0", r"npm failed \(no way\)"),
        ("exit 0", "echo a typo >&2; exit 1", r"esbuild failed \(a typo\)"),
    ],
)
def test_a_failure_says_why_and_keeps_the_bundles_of_before(project, npm, esbuild_does, reason):
    esbuild(project, esbuild_does)
    old = project / "bundles" / "tree.js"
    old.parent.mkdir()
    old.touch()
    with pytest.raises(NotBuilt, match=reason):
        build(project, project / "bundles", npm=[str(program(project / "npm", npm))])
    assert old.exists()


def test_a_machine_that_esbuild_does_not_know(project):
    for path in (project / "node_modules" / "@esbuild").rglob("esbuild"):
        path.unlink()
    with pytest.raises(NotBuilt, match="no program for this machine"):
        build(project, project / "bundles", npm=["true"])


def test_without_npm_on_path_the_wheel_is_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    node, script = npm_command()
    assert os.access(node, os.X_OK)
    assert Path(script).name == "npm-cli.js"
    monkeypatch.setattr(bundles, "find_spec", lambda name: None)
    with pytest.raises(NotBuilt, match="no npm on PATH"):
        npm_command()


def test_npm_on_path_comes_first(monkeypatch, tmp_path):
    npm = program(tmp_path / "npm", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert npm_command() == [str(npm)]


def test_that_there_are_none_is_told_and_is_no_error(monkeypatch, capsys):
    def none():
        raise NotBuilt("there is no npm.")

    monkeypatch.setattr(bundles, "npm_command", none)
    assert bundles.main() == 0
    assert "there is no npm. Nothing else is missing" in capsys.readouterr().err


@pytest.mark.parametrize(("found", "tag"), [(None, ""), ("x", '<script src="/static/bundles/tree.js" defer></script>')])
def test_a_page_asks_for_a_script_only_where_it_was_built(monkeypatch, found, tag):
    monkeypatch.setattr(finders, "find", lambda path: found)
    assert Template("{% load lineage %}{% picture 'tree' %}").render(Context()) == tag


def test_a_script_built_after_the_static_files_were_collected_is_left_out(monkeypatch, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    settings.DEBUG = False
    monkeypatch.setattr(finders, "find", lambda path: "x")
    assert Template("{% load lineage %}{% picture 'tree' %}").render(Context()) == ""


def test_the_lock_file_names_no_registry_and_the_bundles_are_not_committed():
    assert "resolved" not in (ROOT / "package-lock.json").read_text()
    assert "://registry" not in (ROOT / "package-lock.json").read_text()
    assert "assets/bundles" in (ROOT / ".gitignore").read_text()


def test_the_signs_of_the_picture_are_those_of_the_legend():
    drawn = (ROOT / "frontend" / "shapes.mjs").read_text()
    legend = (ROOT / "templates" / "lineage" / "_shape.html").read_text()
    for shape in legend.replace("{%", "\0").split("%}")[1:]:
        assert shape.split("\0")[0].strip() in drawn
