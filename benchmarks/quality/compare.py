"""Style distance at equal content distance: curves over strengths, interpolated and compared.

The same is asked of fine noise at equal style distance; what is named content here is then the
style distance, and what is named style the noise.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import TypeAlias

import numpy as np

from benchmarks.quality.pairs import groups

__all__ = ["Comparison", "Curve", "compare", "log_ratio", "style_at", "two_way_error"]

Curve: TypeAlias = Sequence[tuple[float, float]]
"""(content distance, style distance) of one pair's paintings at several strengths."""

PLACES = 9
SMALLEST = 1e-6  # distances below it count as it: a logarithm needs them above 0


@dataclass(frozen=True)
class Comparison:
    """A contender against the reference, by one judge.

    Attributes:
        ratio: its style distance over the reference's at equal content distance, geometric mean
            over pairs; below 1 it is better. None without a pair to compare.
        error: standard error of the logarithm of `ratio`, about its relative error, with pairs of
            one photograph or one painting taken together; None below two of each.
        won: share of the pairs in which its style distance is smaller.
        pairs: compared.
        apart: pairs whose curves share no content distance, left out.
    """

    ratio: float | None
    error: float | None
    won: float | None
    pairs: int
    apart: int


def style_at(curve: Curve, content: float) -> float | None:
    """Style distance where the curve has this content distance, by straight lines in log-log.

    Example:
        >>> round(style_at([(1.0, 8.0), (4.0, 2.0)], 2.0), 6)  # style · content = 8
        4.0
        >>> style_at([(1.0, 8.0), (4.0, 2.0)], 5.0) is None
        True
    """
    ordered, content = _clip(curve), max(content, SMALLEST)
    if not ordered[0][0] <= content <= ordered[-1][0]:
        return None
    contents, styles = np.log(np.array(ordered)).T
    return math.exp(np.interp(math.log(content), contents, styles))


def log_ratio(curve: Curve, reference: Curve) -> float | None:
    """Mean of log(style / reference's style) over the content distances that both reach.

    Nine of them, evenly spaced in log; None if the curves have no stretch in common.

    Example:
        >>> curve = [(1.0, 8.0), (2.0, 4.0), (4.0, 2.0)]
        >>> round(log_ratio([(c, s / 2) for c, s in curve], curve), 6) == round(-math.log(2), 6)
        True
    """
    both = _clip(curve), _clip(reference)
    low, high = max(each[0][0] for each in both), min(each[-1][0] for each in both)
    if low >= high:
        return None
    logs = []
    for content in np.geomspace(low, high, PLACES).clip(low, high):
        ours, theirs = style_at(curve, content), style_at(reference, content)
        assert ours is not None
        assert theirs is not None
        logs.append(math.log(ours / theirs))
    return mean(logs)


def compare(curves: Mapping[str, Curve], references: Mapping[str, Curve]) -> Comparison:
    """A contender against the reference over all the pairs that both have painted.

    Args:
        curves, references: by name of the pair, as in "lion in mosaic".
    """
    shared = [pair for pair in curves if pair in references]
    every = {pair: log_ratio(curves[pair], references[pair]) for pair in shared}
    ratios = {groups(pair): log for pair, log in every.items() if log is not None}
    logs = list(ratios.values())
    return Comparison(
        ratio=math.exp(mean(logs)) if logs else None,
        error=two_way_error(ratios),
        won=sum(log < 0 for log in logs) / len(logs) if logs else None,
        pairs=len(logs),
        apart=len(shared) - len(logs),
    )


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
    by_first = _clustered_variance((first, deviation) for first, _, deviation in off)
    by_second = _clustered_variance((second, deviation) for _, second, deviation in off)
    alone = _clustered_variance(((first, second), deviation) for first, second, deviation in off)
    return math.sqrt(max(by_first, by_second, alone, by_first + by_second - alone)) / len(off)


def _clip(curve: Curve) -> list[tuple[float, float]]:
    """Its points from near to far from the content."""
    return sorted((max(content, SMALLEST), max(style, SMALLEST)) for content, style in curve)


def _clustered_variance(deviations: Iterable[tuple[Hashable, float]]) -> float:
    """Of the sum of all deviations, by (group, deviation)."""
    sums: dict[Hashable, float] = defaultdict(float)
    for group, deviation in deviations:
        sums[group] += deviation
    return sum(total**2 for total in sums.values()) * len(sums) / (len(sums) - 1)
