"""Maps of labels: their connected parts, votes among neighbours, other sizes.

A map is (H, W) of whole numbers from 0. Letters: H height, W width, K labels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["box_sum", "filled_from", "labels_at", "middles", "parts", "without_specks"]

UNKNOWN, OUTSIDE = -1, -2  # in place of labels


def box_sum(plane: NDArray[Any], reach: int) -> NDArray[Any]:
    """Sum over a square of `2 * reach + 1` px around each pixel; beyond the edges the map goes on.

    Args:
        plane: (H, W).
        reach: px to each side, at least 1.

    Returns:
        (H, W), int32 for booleans and whole numbers, else float32.

    Example:
        >>> box_sum(np.eye(3, dtype=bool), 1)[1, 1]
        np.int32(3)
    """
    kind = np.float32 if plane.dtype.kind == "f" else np.int32
    out = np.pad(plane, reach, mode="edge").astype(kind)
    side = 2 * reach + 1
    for axis in (0, 1):
        sums = np.cumsum(out, axis, dtype=np.float64 if kind is np.float32 else kind)
        sums = np.insert(sums, 0, 0, axis)
        ends = np.take(sums, range(side, sums.shape[axis]), axis)
        out = ends - np.take(sums, range(sums.shape[axis] - side), axis)
    return np.asarray(out.astype(kind))


def filled_from(labels: NDArray[Any], known: NDArray[np.bool_], count: int) -> NDArray[Any]:
    """A map whose unknown pixels have the label that most of their known neighbours have.

    What is known grows by one pixel at a time, so that an unknown band is split in its middle.

    Args:
        labels: (H, W), from 0 to `count` - 1 where known.
        known: (H, W).
        count: K.

    Returns:
        A map that is `labels` where they were known; all 0 where nothing was.

    Example:
        >>> row = np.array([[2, 0, 0, 0, 1]])
        >>> filled_from(row, row > 0, 3).tolist()
        [[2, 2, 1, 1, 1]]
    """
    labels = np.where(known, labels, 0)
    if not known.any():
        return labels
    # With a rim, so that a place and its neighbours are numbers in one row.
    padded = np.pad(np.where(known, labels, UNKNOWN), 1, constant_values=OUTSIDE)
    around, width = padded.ravel(), padded.shape[1]
    places = np.arange(around.size).reshape(padded.shape)[1:-1, 1:-1]
    edge = places[~known & (box_sum(known, 1) > 0)]
    while edge.size:
        votes = np.zeros((edge.size, count), np.int16)
        at = np.arange(edge.size)
        for down, right in np.ndindex(3, 3):
            seen = around[edge + (down - 1) * width + right - 1]
            votes[at[seen >= 0], seen[seen >= 0]] += 2 if 1 in (down, right) else 1
        around[edge] = votes.argmax(1)
        beside = edge[:, None] + np.add.outer((-width, 0, width), (-1, 0, 1)).ravel()
        edge = np.unique(beside[around[beside] == UNKNOWN])
    return around.reshape(padded.shape)[1:-1, 1:-1].copy()


def parts(labels: NDArray[Any]) -> NDArray[np.int32]:
    """The connected part that each pixel belongs to: neighbours by a side with the same label.

    Args:
        labels: (H, W).

    Returns:
        (H, W) int32, numbered from 0 in reading order.

    Example:
        >>> parts(np.array([[7, 7, 3], [3, 7, 3]])).tolist()
        [[0, 0, 1], [2, 0, 1]]
    """
    height, width = labels.shape
    begins = np.ones((height, width), bool)
    begins[:, 1:] = labels[:, 1:] != labels[:, :-1]
    runs = (np.cumsum(begins) - 1).reshape(height, width)  # of one label, from left to right
    same = labels[1:] == labels[:-1]
    touching = np.unique(runs[:-1][same] * (runs[-1, -1] + 1) + runs[1:][same])
    upper, lower = np.divmod(touching, runs[-1, -1] + 1)
    root = np.arange(runs[-1, -1] + 1)
    while True:
        ends = np.stack((root[upper], root[lower]))
        if (ends[0] == ends[1]).all():
            break
        np.minimum.at(root, ends.max(0), ends.min(0))
        while (root[root] != root).any():
            root = root[root]
    _, numbers = np.unique(root, return_inverse=True)
    return np.asarray(numbers[runs], np.int32)


def without_specks(labels: NDArray[Any], fewest: int, count: int) -> NDArray[Any]:
    """A map whose parts of fewer than `fewest` px have the labels around them.

    Args:
        labels: (H, W), from 0 to `count` - 1.
        fewest: px of the smallest part that stays.
        count: K.

    Example:
        >>> without_specks(np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]]), 2, 2).tolist()
        [[1, 1, 1], [1, 1, 1], [1, 1, 1]]
    """
    part = parts(labels)
    large = np.bincount(part.ravel()) >= fewest
    return filled_from(labels, large[part], count) if large.any() else labels


def middles(labels: NDArray[Any], count: int) -> NDArray[np.float64]:
    """(K, 2), the middle (y, x) of all pixels of each label, from 0 to 1; 0.5 where it has none.

    Example:
        >>> middles(np.array([[0, 0], [1, 1]]), 2).tolist()
        [[0.25, 0.5], [0.75, 0.5]]
    """
    flat = labels.ravel()
    held = np.bincount(flat, minlength=count)
    sides = zip(np.indices(labels.shape), labels.shape, strict=True)
    lines = [(line + 0.5) / size for line, size in sides]
    sums = [np.bincount(flat, line.ravel(), count) for line in lines]
    return np.stack([np.where(held > 0, s / np.maximum(held, 1), 0.5) for s in sums], 1)


def labels_at(labels: NDArray[np.intp], size: tuple[int, int], count: int) -> NDArray[np.intp]:
    """A map at another size: at each pixel the label that most of it has.

    Args:
        labels: (H, W), from 0 to `count` - 1.
        size: (height, width) in px.
        count: K.

    Example:
        >>> labels_at(np.array([[0, 0, 1, 1]]), (1, 2), 2).tolist()
        [[0, 1]]
    """
    if labels.shape == size:
        return labels
    best = np.full(size, -1, np.float32)
    chosen = np.zeros(size, np.intp)
    smaller = size[0] < labels.shape[0]
    filter_ = Image.Resampling.BOX if smaller else Image.Resampling.BILINEAR
    for label in range(count):
        mine = Image.fromarray((labels == label).astype(np.float32))
        share = np.asarray(mine.resize(size[::-1], filter_))
        more = share > best
        best[more], chosen[more] = share[more], label
    return chosen
