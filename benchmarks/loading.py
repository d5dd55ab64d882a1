"""One harvest of snapshot files in a process of its own, with a clock around its steps: `python -m benchmarks.loading`.

Prints one line of JSON: seconds of each step and in all, records a second, and the most memory the process held.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from time import perf_counter, time
from typing import Any

from django.conf import settings

WORKER = ("-m", "celery", "-A", "genealogy_site", "worker", "--concurrency", "1", "--loglevel", "ERROR")


@dataclass(frozen=True)
class Loaded:
    """A harvest in seconds. `traceable`: until the graph file was there, or known to be in force still.

    The statistics are counted after it.
    """

    total: float
    traceable: float
    steps: dict[str, float]
    gigabytes: float
    written: int  # rows of the genealogy that changed


def load(folder: Path) -> Loaded:
    """Harvest a folder of snapshots in a process of its own."""
    answer = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "benchmarks.loading", str(folder)],
        check=True,
        stdout=subprocess.PIPE,
        env=_environment(),
    )
    return Loaded(**json.loads(answer.stdout.splitlines()[-1]))


def load_by_workers(folder: Path, workers: int) -> float:
    """Seconds until traceable, with so many workers side by side and this process looking on."""
    command = [sys.executable, "manage.py", "harvest", str(folder), "--workers"]
    with _workers(workers):
        start = time()
        watched = subprocess.run(command, check=False, env=_environment(), capture_output=True, text=True)  # noqa: S603
    if watched.returncode:
        raise RuntimeError(watched.stderr)
    return graph_written_at() - start


def graph_written_at() -> float:
    """When the graph file in force was made, in seconds since 1970."""
    return (Path(settings.GRAPH_DIR) / "current" / "about.json").stat().st_mtime


@contextmanager
def _workers(number: int) -> Iterator[None]:
    running = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, *WORKER, "--hostname", f"bench{one}@localhost"],
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for one in range(number)
    ]
    try:
        yield
    finally:
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.wait()


def _environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}


def main() -> None:
    from django.core.management import call_command

    from lineage import graph, linking, name_index, statistics
    from lineage.models import HarvestRun

    steps: dict[str, float] = {}
    for called, module, function in (
        ("linked", linking, "link"),
        ("names indexed", name_index, "renew"),
        ("graph built", graph, "build"),
        ("statistics counted", statistics, "renew"),
    ):
        setattr(module, function, _clocked(getattr(module, function), steps, called))
    start, began = perf_counter(), time()
    with tempfile.TemporaryFile("w") as words:
        call_command("harvest", *sys.argv[1:], stdout=words, stderr=words)
    total = perf_counter() - start
    concluded = sum(steps.values())
    run = HarvestRun.objects.latest("pk")
    told = {
        "total": total,
        "traceable": graph_written_at() - began
        if "graph built" in steps
        else total - steps.get("statistics counted", 0),
        "steps": {"read, parsed, stored": total - concluded, **steps},
        "gigabytes": sum(map(_most_held, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))),
        "written": run.counts.get("changed", 0),
    }
    print(json.dumps(told))


def _most_held(whose: int) -> float:
    """The most memory of this process, or of the biggest that it started: the one that reads ahead."""
    return resource.getrusage(whose).ru_maxrss / 1e6


def _clocked(work: Callable[..., Any], steps: dict[str, float], called: str) -> Callable[..., Any]:
    @wraps(work)
    def clocked(*arguments: Any, **named: Any) -> Any:
        start = perf_counter()
        try:
            return work(*arguments, **named)
        finally:
            steps[called] = steps.get(called, 0.0) + perf_counter() - start

    return clocked


if __name__ == "__main__":
    main()
