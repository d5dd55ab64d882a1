"""Families as pictures, in a real browser on software GL: how soon a map is painted and a tree can be used, in how much memory.

`make painted`: made-up families of 20,000 and 200,000 in a fresh base, served as for real.
"""

import argparse
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import numpy as np
from playwright.sync_api import Browser, Playwright, sync_playwright

from benchmarks.base import fresh_base
from benchmarks.pages import signed_in
from benchmarks.serving import served
from lineage import graph
from lineage.models import Artifact, Counter, Derivation
from lineage.trace import RELATIONS

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BATCH = 5_000
RUNS = 5
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("members", type=int, nargs="*", default=[20_000, 200_000])
    sizes = asked.parse_args().members
    fresh_base()
    roots = {size: family(size) for size in sizes}
    for line in measured(roots):
        print(line, flush=True)


def family(members: int) -> int:
    """A root and so many members under it, early ones having far more children, as on the Hub. Returns the root's key."""
    dice = np.random.default_rng(members)
    places = np.arange(1, members + 1)
    above = (places * dice.random(members) ** 3).astype(np.int64)
    relations = dice.integers(0, 4, members + 1)
    first = (Artifact.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    parents = [None, *(first + above).tolist()]
    rows = (
        Artifact(
            pk=first + place,
            kind="model",
            repo_id=f"organisation-{place % 997}/Some-Model-{first + place}-Instruct-GGUF",
            owner=f"organisation-{place % 997}",
            presence="listed",
            parent_id=parent,
            created_at=AT - timedelta(days=place % 900),
        )
        for place, parent in enumerate(parents)
    )
    Artifact.objects.bulk_create(rows, batch_size=BATCH)
    Counter.objects.bulk_create(
        (
            Counter(pk=first + place, downloads=int(number))
            for place, number in enumerate(dice.integers(0, 10**6, members))
        ),
        batch_size=BATCH,
    )
    Derivation.objects.bulk_create(
        (
            Derivation(
                source_id=parent,
                derived_id=first + place,
                relation=RELATIONS[relations[place]],
                certainty="resolved",
                held_from=AT,
            )
            for place, parent in enumerate(parents)
            if parent
        ),
        batch_size=BATCH,
    )
    graph.build()
    return first


def measured(roots: dict[int, int]) -> Iterator[str]:
    """One line a family and picture: medians of several openings, each in a fresh browser."""
    _name, _equals, session = signed_in().rpartition("=")
    with served(tls=False) as (port, _server), sync_playwright() as playwright:
        for size, key in roots.items():
            for name in ("map", "tree"):
                seen = [
                    _opened(_browser(playwright), f"http://127.0.0.1:{port}/artifact/{key}/{name}/", session)
                    for _run in range(RUNS)
                ]
                seconds, memory = (median(column) for column in zip(*seen, strict=True))
                yield f"{name} of {size:,}: {seconds:.2f} s after it was asked for, {memory:.0f} MB for page and painting"


def _browser(playwright: Playwright) -> Browser:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return playwright.chromium.launch(executable_path=path, args=OPTIONS)


def _opened(browser: Browser, address: str, session: str) -> tuple[float, float]:
    """Seconds until the picture is there, and megabytes of what shows it."""
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/"}])
    page = context.new_page()
    page.goto(address)
    page.locator("[data-map][data-painted], .picture__tree").first.wait_for()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    milliseconds: float = page.evaluate("() => performance.now()")
    memory = _memory(browser)
    browser.close()
    return milliseconds / 1000, memory


def _memory(browser: Browser) -> float:
    """Megabytes of the process that shows the page and of the one that paints it (proportional set size)."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return sum(_held(process["id"]) for process in processes if process["type"] in ("renderer", "GPU"))


def _held(process: int) -> float:
    told = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    return int(told[1]) / 1024 if told else 0.0


if __name__ == "__main__":
    main()
