"""Pillow's filters on pictures of any size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.imaging.bands.workspace import Workspace

__all__ = ["resampled"]


def resampled(
    rows: Callable[[slice], NDArray[Any]],
    shape: tuple[int, int],
    target: tuple[int, int],
    method: Image.Resampling,
    workspace: Workspace,
) -> NDArray[Any]:
    """A picture or plane at another size, the same as `Image.resize` gives, in bounded memory.

    Pillow filters along the rows first, rounds to the samples' own type, and then along the
    columns. So each row can go through the first half by itself, and each column through the
    second.

    Args:
        rows: gives rows of it, (n, W, 3) uint8 or (n, W) float32.
        shape: (H, W) of it.
        target: (height, width) wished.
        method: the filter.
        workspace: where it goes.

    Returns:
        (*target, 3) uint8 or (*target,) float32.
    """
    (height, width), (high, wide) = shape, target
    if workspace.folder is None:
        return np.array(Image.fromarray(rows(slice(0, height))).resize((wide, high), method))
    narrow = _empty_like(rows, (height, wide), workspace)
    for at in workspace.bands(height, width, narrow):
        band = Image.fromarray(np.ascontiguousarray(rows(at)))
        narrow[at] = np.asarray(band.resize((wide, band.height), method))
    if high == height:
        return narrow
    out = _empty_like(rows, (high, wide), workspace)
    for at in workspace.bands(wide, height):
        # By rows again: a few columns lie on as many pages as all of them.
        columns = Image.fromarray(_gathered(narrow, at, workspace))
        filtered = np.asarray(columns.resize((columns.width, high), method))
        for lines in workspace.bands(high, wide, out):
            out[lines, at] = filtered[lines]
    return out


def _gathered(array: NDArray[Any], columns: slice, workspace: Workspace) -> NDArray[Any]:
    """A copy of some columns."""
    height, width = array.shape[:2]
    out = np.empty((height, columns.stop - columns.start, *array.shape[2:]), array.dtype)
    for at in workspace.bands(height, width, array):
        out[at] = array[at, columns]
    return out


def _empty_like(
    rows: Callable[[slice], NDArray[Any]], shape: tuple[int, int], workspace: Workspace
) -> NDArray[Any]:
    first = rows(slice(0, 1))
    return workspace.empty((*shape, *first.shape[2:]), first.dtype)
