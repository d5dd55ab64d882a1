"""What lies outside the database: graph files, snapshots, the broker's queue, caches, keys of the suppression list."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.cache import caches

QUEUE = "broker"


def found() -> dict[str, int]:
    """How many files lie in each place, and how many messages wait."""
    return {name: len(list(files())) for name, files in PLACES.items()} | {QUEUE: _waiting()}


def clear() -> list[str]:
    """Remove all of it; may be repeated. Returns the names of places that could not be cleared."""
    left = [name for name, files in PLACES.items() if not _removed(files())]
    for alias in caches:
        caches[alias].clear()
    try:
        current_app.control.purge()
    except Exception:
        left.append(QUEUE)
    return left


def _removed(files: Iterator[Path]) -> bool:
    for file in list(files):
        with suppress(FileNotFoundError):
            try:
                shutil.rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink()
            except FileNotFoundError:
                continue
            except OSError:
                return False
    return True


def _waiting() -> int:
    """Messages in the queue; 0 where the broker cannot be asked."""
    with suppress(Exception), current_app.connection_for_read() as connection:
        channel = connection.default_channel
        return int(channel._size(current_app.conf.task_default_queue))
    return 0


def _graph() -> Iterator[Path]:
    place = Path(settings.GRAPH_DIR)
    return place.iterdir() if place.is_dir() else iter(())


def _snapshots() -> Iterator[Path]:
    return Path(settings.VAR_DIR).glob("snapshot-*")


def _corpora() -> Iterator[Path]:
    place = Path(settings.VAR_DIR) / "corpora"
    return place.iterdir() if place.is_dir() else iter(())


def _keys() -> Iterator[Path]:
    place = Path(settings.SUPPRESSION_KEYS)
    return place.parent.glob(f"{place.name}*")


PLACES: Mapping[str, Callable[[], Iterator[Path]]] = {
    "graph files": _graph,
    "snapshots": _snapshots,
    "corpora": _corpora,
    "suppression keys": _keys,
}
