"""How sure a mean over pairs is, when pairs share their photographs and their paintings."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from statistics import mean

__all__ = ["two_way_error"]


def two_way_error(values: Mapping[tuple[str, str], float]) -> float | None:
    """Standard error of the mean of values that belong to groups in two ways.

    Values of one group lean the same way, so they tell less than as many independent ones. The
    variance is that by the first groups plus that by the second, less that of the values alone,
    each with the factor groups / (groups - 1); never less than the largest of the three.

    Args:
        values: by (first group, second group).

    Returns:
        None below two groups of each kind.

    Source: Cameron, Gelbach and Miller (2011), equation 2.11, for a mean.

    Example:
        >>> grid = {(row, column): float(row) for row in "01" for column in "abc"}
        >>> two_way_error(grid)  # as two values 0 and 1, whatever the columns repeat
        0.5
    """
    firsts, seconds = ({key[i] for key in values} for i in (0, 1))
    if min(len(firsts), len(seconds)) < 2:
        return None
    centre = mean(values.values())
    off = [(first, second, value - centre) for (first, second), value in values.items()]
    by_first = _variance((first, deviation) for first, _, deviation in off)
    by_second = _variance((second, deviation) for _, second, deviation in off)
    alone = _variance(((first, second), deviation) for first, second, deviation in off)
    return math.sqrt(max(by_first, by_second, alone, by_first + by_second - alone)) / len(off)


def _variance(deviations: Iterable[tuple[Hashable, float]]) -> float:
    """Of the sum of all deviations, by (group, deviation)."""
    sums: dict[Hashable, float] = defaultdict(float)
    for group, deviation in deviations:
        sums[group] += deviation
    return sum(total**2 for total in sums.values()) * len(sums) / (len(sums) - 1)
