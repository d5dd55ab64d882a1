"""The graph's files: one folder a build, each array a file that is opened by mapping it into memory.

`current` is a symbolic link to the folder in force, replaced in one step; a reader sees the old graph or the new one.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from lineage.graph.arrays import TYPES, Arrays, Graph, Inconsistent, assembled

CURRENT, LOCK, ABOUT = "current", "lock", "about.json"
LAYOUT = 2  # rises when the arrays change their meaning: files of another layout are built anew


class Unreadable(Exception):
    """There is no graph to open, or what lies there is cut, damaged or of another version."""


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Only one builder at a time, among all threads and processes of this machine; the others wait."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def name_in_force(place: Path) -> str | None:
    """The name of the folder in force; None where nothing was built yet."""
    try:
        return os.readlink(place / CURRENT)
    except OSError:
        return None


def put_in_force(place: Path, arrays: Arrays, *, generation: int, nodes: str) -> Path:
    """Write the arrays into a folder of their own, make it the one in force, remove the others.

    `nodes`: the fingerprint of the nodes, as linking gave it.

    Call it under `locked`. Raises OSError (disk full …), and then leaves in force what was.
    """
    folder = place / f"{generation}-{secrets.token_hex(4)}"
    folder.mkdir()
    try:
        for name in TYPES:
            np.save(folder / f"{name}.npy", arrays[name])
        (folder / ABOUT).write_text(json.dumps({"generation": generation, "nodes": nodes, "layout": LAYOUT}))
        link = place / f"{folder.name}.link"
        link.symlink_to(folder.name)
        link.replace(place / CURRENT)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _remove_others(place, folder)
    return folder


def _remove_others(place: Path, kept: Path) -> None:
    """What is mapped by a reader stays readable to it until it lets go."""
    for other in place.iterdir():
        if other.name.endswith(".link"):
            other.unlink()
        elif other.is_dir() and not other.is_symlink() and other != kept:
            shutil.rmtree(other, ignore_errors=True)


def opened(folder: Path) -> Graph:
    """The graph that lies in this folder, mapped, not read. Raises Unreadable."""
    with suppress(OSError, ValueError, KeyError, TypeError, EOFError, Inconsistent):
        about = json.loads((folder / ABOUT).read_text())
        if about["layout"] == LAYOUT:
            arrays = {name: np.asarray(_mapped(folder / f"{name}.npy")) for name in TYPES}
            return assembled(arrays, generation=about["generation"], nodes=about["nodes"])
    raise Unreadable(folder.name)


def _mapped(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.generic]]:
    # An empty array cannot be mapped, only read.
    array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:
        array = np.load(path, allow_pickle=False)
    return array
