"""How unevenly something is shared out among accounts. Pure, and without any account's name."""

from collections.abc import Collection

import numpy as np

LARGEST = 10  # accounts
ONE_IN = 100


def gini(amounts: Collection[int]) -> float:
    """0 where all have as much, towards 1 where one has everything; 0 of nothing."""
    values = np.sort(np.fromiter(amounts, dtype=np.float64, count=len(amounts)))
    total = float(values.sum())
    if not total:
        return 0.0
    ranks = np.arange(1, len(values) + 1)
    return float(2 * (ranks * values).sum() / (len(values) * total) - (len(values) + 1) / len(values))


def share_of_largest(amounts: Collection[int], number: int) -> float:
    """The share, from 0 to 1, of the `number` who have most."""
    values = np.sort(np.fromiter(amounts, dtype=np.float64, count=len(amounts)))
    total = float(values.sum())
    return float(values[max(len(values) - number, 0) :].sum()) / total if total else 0.0


def indicators(models: Collection[int], downloads: Collection[int]) -> list[tuple[str, float]]:
    """What is told of the models and downloads of the same accounts, shares as numbers from 0 to 1."""
    hundredth = max(1, -(-len(models) // ONE_IN))
    told: list[tuple[str, float]] = [("accounts", len(models))]
    for name, amounts in (("models", models), ("downloads", downloads)):
        told += [
            (f"{name}_gini", round(gini(amounts), 6)),
            (f"{name}_top_{LARGEST}", round(share_of_largest(amounts, LARGEST), 6)),
            (f"{name}_top_percent", round(share_of_largest(amounts, hundredth), 6)),
        ]
    return told
