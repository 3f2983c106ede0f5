"""Colours moved so that their whole distribution is that of another picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from impasto.errors import SettingError
from impasto.imaging.color.arrays import floats, pixel_weights
from impasto.imaging.color.match import match

__all__ = ["match_histogram"]

_LEVELS = 4096  # of one axis: sixteen to an 8-bit level
_AT_ONCE = 2**16  # values that stay in the processor's cache
_SAMPLE = 2**21  # pixels that are enough to learn the rounds from; the last one reads them all
_SEED = 2007


def match_histogram(
    picture: NDArray[Any],
    reference: NDArray[Any],
    weights: NDArray[Any] | None = None,
    reference_weights: NDArray[Any] | None = None,
    rotations: int = 10,
) -> NDArray[Any]:
    """The picture with the colours of the reference, each in the same share of the area.

    Starting from `match`, the colours are moved along three axes at a time, each as one-dimensional
    optimal transport wants it, and the axes are turned for each round. The last round is along red,
    green and blue, so that the histogram of each is the reference's.

    A photograph that takes the colours of a painting gets grainy where smooth colours have to fill
    many: more so with more rotations, and most when it is grey. `match` has no such trouble.

    Args:
        picture: (H, W, 3), sRGB in [0, 1].
        reference: (H, W, 3), sRGB in [0, 1], of any size.
        weights: (H, W), at least 0: how much each pixel of `picture` counts (alpha, a mask). All
            are moved, whatever they count.
        reference_weights: the same for `reference`.
        rotations: rounds along turned axes before the last one, always the same ones.

    Returns:
        (H, W, 3), sRGB in [0, 1], of the size and dtype of `picture`. Pixels that are equal stay
        equal: a sky of one colour takes the one in the middle of its share.

    Raises:
        SettingError: not such pictures or weights, weights that are 0 everywhere, or fewer than 0
            rotations.

    Source: Pitié, Kokaram and Dahyot (2007), "Automated colour grading using colour distribution
    transfer", section 3. They start from the picture itself; from `match` the colours end nearer to
    where they were.

    Example:
        >>> halves = np.array([[[0.2] * 3, [0.3] * 3]])
        >>> two = np.array([[[1.0, 0.0, 0.0], [1.0, 0.5, 0.0]]])
        >>> match_histogram(halves, two).round(3).tolist()  # the lighter takes the lighter
        [[[1.0, 0.0, 0.0], [1.0, 0.5, 0.0]]]
    """
    if rotations < 0:
        raise SettingError(f"rotations is {rotations}; it must be at least 0: pass a larger one")
    picture, reference = floats(picture), floats(reference)
    counts = pixel_weights(weights, picture)
    goal_counts = pixel_weights(reference_weights, reference)
    colours = _planes(match(picture, reference, weights, reference_weights, clip=False))
    goals = _planes(reference)
    rounds = _learn(*_sampled(colours, counts), *_sampled(goals, goal_counts), rotations)
    # All rounds over one part before the next part: it stays in the cache from round to round.
    for at in range(0, colours.shape[1], _AT_ONCE):
        part = colours[:, at : at + _AT_ONCE]
        for axes, tables in rounds:
            part = axes.T @ _transported(axes @ part, tables)
        colours[:, at : at + _AT_ONCE] = part
    # From all pixels, not from a sample: this round is what makes each histogram the reference's.
    last = _tables(colours, counts, goals, goal_counts)
    for at in range(0, colours.shape[1], _AT_ONCE):
        _transported(colours[:, at : at + _AT_ONCE], last)
    out = np.ascontiguousarray(colours.T, dtype=picture.dtype).reshape(picture.shape)
    return out.clip(0, 1, out=out)


def _planes(picture: NDArray[Any]) -> NDArray[np.float32]:
    """(3, H·W) float32, in which the arithmetic is a hundred times finer than the levels."""
    return np.ascontiguousarray(picture.reshape(-1, 3).T, dtype=np.float32)


def _sampled(
    colours: NDArray[np.float32], counts: NDArray[Any] | None
) -> tuple[NDArray[np.float32], NDArray[Any] | None]:
    """Those pixels that count, or `_SAMPLE` of them: one from each stretch of the same length."""
    if counts is not None and not counts.all():
        counting = np.flatnonzero(counts)
        colours, counts = colours[:, counting], counts[counting]
    count = colours.shape[1]
    if count <= _SAMPLE:
        return colours, counts
    # One at random from each stretch: no place of the picture is left out, and no pattern in it
    # falls in step with the sampling.
    places = np.arange(_SAMPLE) + np.random.RandomState(_SEED).random_sample(_SAMPLE)
    chosen = (places * (count / _SAMPLE)).astype(np.int64).clip(max=count - 1)
    return colours[:, chosen], None if counts is None else counts[chosen]


def _learn(
    colours: NDArray[np.float32],
    counts: NDArray[Any] | None,
    goals: NDArray[np.float32],
    goal_counts: NDArray[Any] | None,
    rotations: int,
) -> list[tuple[NDArray[np.float32], list[_Table]]]:
    """Axes of each round, and along each of them where values go."""
    rounds = []
    for axes in _axes(rotations):
        turned = axes @ colours
        tables = _tables(turned, counts, axes @ goals, goal_counts)
        rounds.append((axes, tables))
        # The next round starts from where this one takes the colours.
        colours = axes.T @ _transported(turned, tables)
    return rounds


def _axes(rotations: int) -> Iterator[NDArray[np.float32]]:
    """So many rotations, drawn evenly as random quaternions."""
    draws = np.random.RandomState(_SEED)  # numpy promises that its numbers never change
    for _ in range(rotations):
        q = draws.normal(size=4)  # a direction in 4 dimensions, none likelier than another
        w, x, y, z = q / np.sqrt(q @ q)
        # The rotation matrix of the unit quaternion w + xi + yj + zk.
        yield np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ],
            np.float32,
        )


class _Table(NamedTuple):
    """Where values go: `ends` at the edges of levels of equal width from `low` up, and between."""

    low: np.float32
    levels_per_unit: np.float32
    ends: NDArray[np.float32]


def _tables(
    planes: NDArray[np.float32],
    counts: NDArray[Any] | None,
    goals: NDArray[np.float32],
    goal_counts: NDArray[Any] | None,
) -> list[_Table]:
    """For each of three axes, the table that takes each value to the goal's of the same rank."""
    tables = []
    for values, goal in zip(planes, goals, strict=True):
        low, scale = _levels(values)
        means, ranks = _distribution(values, counts, low, scale)
        goal_means, goal_ranks = _distribution(goal, goal_counts, *_levels(goal))
        # The goal's level holds over all its ranks: between two flat colours nothing is made up.
        wished = np.interp(ranks.mean(axis=1), goal_ranks.ravel(), goal_means.repeat(2))
        # A flat plane has one level and no width; any will do for its edges.
        edges = low + np.arange(_LEVELS + 1) / (scale or 1)
        ends = np.interp(edges, means, wished)
        tables.append(_Table(low, scale, ends.astype(np.float32)))
    return tables


def _levels(values: NDArray[np.float32]) -> tuple[np.float32, np.float32]:
    low, high = values.min(), values.max()
    return low, np.float32((_LEVELS - 1) / (high - low) if high > low else 0)


def _distribution(
    values: NDArray[np.float32], counts: NDArray[Any] | None, low: np.float32, scale: np.float32
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Of each level that occurs, (n,) the mean of its values, and (n, 2) first and last rank."""
    mass, total = np.zeros(_LEVELS), np.zeros(_LEVELS)
    for at in range(0, len(values), _AT_ONCE):
        part = values[at : at + _AT_ONCE]
        count = 1.0 if counts is None else counts[at : at + _AT_ONCE]
        level = ((part - low) * scale).astype(np.int32).clip(0, _LEVELS - 1)
        mass += np.bincount(level, None if counts is None else count, _LEVELS)
        total += np.bincount(level, part * count, _LEVELS)
    # A level nobody has would have no mean, and its rank is that of the level below.
    occurs = mass > 0
    mass = mass[occurs]
    upto = np.concatenate([[0], mass.cumsum()])
    upto /= upto[-1]  # ranks as shares: pictures of two sizes compare
    return total[occurs] / mass, np.stack([upto[:-1], upto[1:]], axis=1)


def _transported(planes: NDArray[np.float32], tables: list[_Table]) -> NDArray[np.float32]:
    """The planes, changed in place."""
    for values, table in zip(planes, tables, strict=True):
        # Straight lines between the edges of levels, so that equal steps do not become stairs.
        steps = np.diff(table.ends)
        for at in range(0, len(values), _AT_ONCE):
            part = values[at : at + _AT_ONCE]
            # Pixels that do not count may lie outside: they take the nearest end.
            place = ((part - table.low) * table.levels_per_unit).clip(0, _LEVELS)
            level = np.minimum(place.astype(np.int32), _LEVELS - 1)
            part[:] = table.ends[level] + (place - level) * steps[level]
    return planes
