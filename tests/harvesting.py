"""Whole harvests in one line, without a terminal and on a clock of their own."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lineage import foreground, harvest
from lineage.models import Artifact, HarvestRun
from lineage.vocabulary import Presence
from tests.factories import AT
from tests.hub_standin import HubStandIn, Record


class Clock:
    """Tells a later second each time; sleeping moves it on and takes no time. `slept` are the seconds asked for."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


class Nobody:
    """Looks on and shows nothing."""

    def read(self, lane, step):
        pass

    def wait(self, seconds):
        pass

    def ask(self):
        pass

    def link(self):
        pass


def harvest_hub(standin: HubStandIn, settings: Any, *, clock: Clock | None = None, **options: Any) -> HarvestRun:
    """Harvest the pretended Hub (which must be serving) to the end. `options` are those of `harvest.request`."""
    settings.HF_ENDPOINT = standin.endpoint
    settings.HUB_PAGE_SIZE = standin.page_size
    return _conduct(clock or Clock(), source=HarvestRun.Source.HUB, **options)


def harvest_files(*paths: Path, clock: Clock | None = None, **options: Any) -> HarvestRun:
    """Harvest snapshot files to the end."""
    return _conduct(clock or Clock(), source=HarvestRun.Source.SNAPSHOT, paths=paths, **options)


def _conduct(clock: Clock, *, watch: Any = None, **request: Any) -> HarvestRun:
    run = harvest.request(at=clock(), **request)
    return foreground.conduct(run, clock=clock, watch=watch or Nobody(), sleep=clock.sleep)


def record(repo_id: str, number: int = 0, **fields: Any) -> Record:
    """A record in the Hub's list shape. `number` makes its `_id`; 0 gives it none."""
    own = {"_id": f"{number:024x}"} if number else {}
    return {"id": repo_id, "tags": [], "cardData": {}, "downloads": 1, "likes": 0, **own, **fields}


def models(number: int, owner: str = "org") -> list[Record]:
    """So many models of one owner, `owner/m1` … each with an `_id`."""
    return [record(f"{owner}/m{one}", one) for one in range(1, number + 1)]


def names(artifacts: Iterable[Artifact]) -> list[str]:
    return sorted(artifact.repo_id for artifact in artifacts)


def listed() -> list[str]:
    """The names of what is listed, sorted."""
    return names(Artifact.objects.listed())


def gone() -> list[str]:
    """The names of what is no longer listed, sorted."""
    return names(Artifact.objects.filter(presence=Presence.GONE))
