"""Whole made-up hubs of any size, as parquet in the shape of the Hub's daily dump: `python -m benchmarks.hub`.

The shapes are those measured on the real Hub in 2025 and 2026: 40 % of the models name a base, families are
heavy-tailed, merges have up to 18 parents, one base in eight is not listed, datasets are named by old short ids and
by placeholders, some cards hold odd values. The same size and seed give the same files.
"""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import rows
from benchmarks.texts import Numbers

RELATION_SHARES = (0.426, 0.359, 0.192, 0.023)  # adapter, finetune, quantized, merge
QUANTIZED, MERGE = 2, 3
BASE_SHARE = 0.4  # of the models name at least one base
BIGGEST = 0.3  # of those belong to one family: more than 250,000 of 3 million models
MISSING, SELF, CIRCLES = 0.125, 0.0015, 0.0005  # of the bases named


@dataclass(frozen=True)
class Hub:
    """What is decided before any text is made: numbers of models, datasets and accounts, all from 0."""

    models: int
    datasets: int
    authors: int
    owners: Numbers  # the account of each model
    relations: Numbers  # how each model was made from its bases; -1: it names none
    children: Numbers  # ascending, one for each base named …
    parents: Numbers  # … and the base; -1: one that is not listed


def planned(models: int, datasets: int, authors: int, *, seed: int) -> Hub:
    """Decide who owns what and what was made from what."""
    dice = np.random.default_rng(seed)
    owners = (authors * dice.random(models) ** 4).astype(np.int64)
    relations = np.where(dice.random(models) < BASE_SHARE, dice.choice(4, models, p=RELATION_SHARES), -1)
    children, parents = _mishaps(*_with_merges(*_families(relations, dice), relations, dice), dice)
    order = np.argsort(children, kind="stable")
    return Hub(models, datasets, authors, owners, relations, children[order], parents[order])


def _families(relations: Numbers, dice: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Each child hangs under its family's root or an earlier member that is no quantization; early ones have far more."""
    children = np.flatnonzero(relations >= 0)
    children = dice.permutation(children)
    children = children[np.argsort(relations[children] == QUANTIZED, kind="stable")]
    roots = dice.permutation(np.flatnonzero(relations < 0))
    family = (len(roots) * dice.random(len(children)) ** 3).astype(np.int64)
    family[dice.random(len(children)) < BIGGEST] = 0
    order = np.argsort(family, kind="stable")
    children, family = children[order], family[order]
    starts = np.flatnonzero(np.r_[True, np.diff(family) != 0])
    first = np.repeat(starts, np.diff(np.r_[starts, len(family)]))
    bears = (relations[children] != QUANTIZED).astype(np.int64)
    before = np.cumsum(bears) - bears
    before -= before[first]
    above = (before * dice.random(len(children)) ** 3).astype(np.int64)
    by_root = (before == 0) | (dice.random(len(children)) < 0.3)
    return children, np.where(by_root, roots[family], children[first + above])


def _with_merges(
    children: Numbers, parents: Numbers, relations: Numbers, dice: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """Merges name up to 18 bases."""
    merges = children[relations[children] == MERGE]
    more = np.repeat(merges, np.minimum(dice.geometric(0.45, len(merges)), 17))
    return np.r_[children, more], np.r_[parents, dice.integers(0, len(relations), len(more))]


def _mishaps(children: Numbers, parents: Numbers, dice: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Bases that are not listed, models that name themselves, and pairs that name one another."""
    fate = dice.random(len(children))
    circling = fate > 1 - CIRCLES
    children, parents = np.r_[children, parents[circling]], np.r_[parents, children[circling]]
    fate = np.r_[fate, np.full(circling.sum(), 0.5)]
    return children, np.where(fate < MISSING, -1, np.where(fate < MISSING + SELF, children, parents))


def write(folder: Path, hub: Hub, *, seed: int) -> None:
    """Write models.parquet and datasets.parquet into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "models.parquet", rows.of_models(hub, np.random.default_rng(seed + 1)))
    _write(folder / "datasets.parquet", rows.of_datasets(hub, np.random.default_rng(seed + 2)))


def _write(path: Path, tables: Iterable[pa.Table]) -> None:
    writer = None
    part = path.with_suffix(".part")
    for table in tables:
        writer = writer or pq.ParquetWriter(part, table.schema, compression="zstd", compression_level=1)
        writer.write_table(table)
    if writer:
        writer.close()
        part.rename(path)


def hub_of(models: int, folder: Path, *, seed: int = 2026) -> Path:
    """The folder that holds a hub of so many models and a third as many datasets and accounts; made once."""
    place = folder / f"hub-{models}-{seed}"
    if not (place / "datasets.parquet").exists():
        write(place, planned(models, max(models // 3, 1), max(models // 3, 1), seed=seed), seed=seed)
    return place


def next_day(place: Path, *, contents: float = 0.0, counters: float = 0.0, seed: int = 2026) -> Path:
    """The same hub a day later: such a share of its models with another task and date, of all with other downloads."""
    later = place.with_name(f"{place.name}-{contents:g}-{counters:g}")
    if (later / "datasets.parquet").exists():
        return later
    later.mkdir(parents=True, exist_ok=True)
    dice = np.random.default_rng(seed + 3)
    for name in ("models.parquet", "datasets.parquet"):
        with pq.ParquetFile(place / name) as file:
            groups = (file.read_row_group(number) for number in range(file.num_row_groups))
            _write(later / name, (rows.a_day_later(group, dice, contents, counters) for group in groups))
    return later


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("models", type=int, nargs="?", default=100_000, help="how many; a third as many datasets")
    asked.add_argument("--folder", type=Path, default=Path("var/hubs"))
    asked.add_argument("--seed", type=int, default=2026)
    options = asked.parse_args()
    start = perf_counter()
    place = hub_of(options.models, options.folder, seed=options.seed)
    size = sum(file.stat().st_size for file in place.iterdir()) / 1e6
    print(f"{place}: {options.models:,} models in {perf_counter() - start:.0f} s, {size:,.0f} MB")


if __name__ == "__main__":
    main()
