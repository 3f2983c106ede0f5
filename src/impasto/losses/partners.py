"""Places and their partners, an offset further on, as two slices of one memory.

Products of pairs are then products of matrices, of whatever window of a map and whatever offset.
Letters as in `impasto.losses`; the batch is 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from impasto.losses.spatial_weights import check_weights
from impasto.losses.windows import Window

__all__ = ["CHUNKS", "PLACE", "Offset", "Pair", "Part", "laid_out"]

Offset = tuple[int, int]
PLACE: Offset = (0, 0)  # a place with itself, the first of all offsets

PART = 2**18  # numbers at a time, so that what is made of them stays in the processor's cache
# Of a part's places: up to so many threads share chunks and never divide one, which keeps products
# the same to the last bit however many threads there are.
CHUNKS = 8


class Pair(NamedTuple):
    """An offset in a part.

    Attributes:
        down, right: from the near place to the far one.
        rows, columns: of the near places with a partner in the map, from the part's first on.
        ahead: from the one to the other in a part's memory, in places.
    """

    down: int
    right: int
    rows: int
    columns: int
    ahead: int

    @property
    def near(self) -> tuple[slice, slice]:
        """The near places, by row and column of the part."""
        return slice(0, self.rows), slice(0, self.columns)

    @property
    def far(self) -> tuple[slice, slice]:
        """Likewise the far ones."""
        return (
            slice(self.down, self.down + self.rows),
            slice(self.right, self.right + self.columns),
        )


class Part(NamedTuple):
    """Some rows of a window and the partners of their places, one after the other in memory.

    Behind each row, and below the last, there is room for partners, with zeros beyond the map. So
    places an offset apart are two slices; and where the near ones are not the part's own, they are
    zeros, which meet whatever comes in the next row.

    Attributes:
        raw: (all places, C + ones), the features, and behind them so many ones.
        weighted: the same times the weights of places; without weights, the same.
        near: (near places, …), the weighted own places, and zeros.
        pairs: of each offset.
        width: of a row, in places.
        rows, columns: what `raw` holds of the cut-out.
    """

    raw: Tensor
    weighted: Tensor
    near: Tensor
    pairs: tuple[Pair, ...]
    width: int
    rows: slice
    columns: slice

    def places(self, x: Tensor) -> Tensor:
        """(all places, …) by row and column."""
        return _by_row(x, self.width)

    def total(
        self, places: tuple[slice, slice], by_column: dict[tuple[int, int], Tensor]
    ) -> Tensor:
        """The sum of features by row and column, (C,), in float64 on the CPU.

        Args:
            places: which of them.
            by_column: sums of whole rows, kept for offsets that have the same.
        """
        rows, columns = places
        held = rows.start, rows.stop
        if held not in by_column:
            by_column[held] = self.places(self.raw)[rows].sum(0)
        return by_column[held][columns].sum(0).to("cpu").double()

    def beside(self, k: int) -> Tensor:
        """What the near places are paired with: themselves, unweighted, or the far places."""
        if k == 0:
            return self.raw[: len(self.near)]
        ahead = self.pairs[k].ahead
        return self.weighted[ahead : ahead + len(self.near)]


def laid_out(
    features: Tensor,
    window: Window,
    offsets: Sequence[Offset],
    weights: Tensor | None,
    dtype: torch.dtype,
    *,
    ones: int,
) -> Iterator[Part]:
    """The parts of a window, top to bottom; each is good until the next."""
    shortened = [(min(d, window.height - 1), min(r, window.width - 1)) for d, r in offsets]
    reach, margin = (max(offset[axis] for offset in shortened) for axis in (0, 1))
    window.check(features, reach, margin)
    x, channels = features[0].permute(1, 2, 0), features.shape[1]
    w = None
    if weights is not None:
        check_weights(weights, x.new_empty((), dtype=dtype).expand(features.shape))
        w = weights[0, 0].unsqueeze(-1).to(x.device, dtype)
    (rows, own_columns), first = window.size, window.rows.start
    if not rows or not own_columns:
        return

    width = own_columns + margin
    columns = slice(window.columns.start, min(window.columns.stop + margin, x.shape[1]))
    step = max(PART // (width * channels), 4 * reach, 1)  # few rows are looked at twice
    step = math.ceil(rows / math.ceil(rows / step))  # parts of one size
    step = CHUNKS * math.ceil(step / CHUNKS)

    def room(rows: int, behind: int = 0) -> Tensor:
        return x.new_zeros(rows * width + behind, channels + ones, dtype=dtype)

    # One memory serves all parts; where no place has a partner, the near ones are all there are.
    raw = room(step + reach, margin)
    weighted = raw if w is None else torch.zeros_like(raw)
    apart = margin > 0 or reach > 0
    near = room(step) if apart else weighted

    for begin in range(0, rows, step):
        own_rows, top = min(step, rows - begin), first + begin
        held = slice(top, min(top + own_rows + reach, x.shape[0]))
        below = window.height - window.top - top  # rows of the map from here on
        behind = window.width - window.left - columns.start
        pairs = tuple(
            Pair(
                down,
                right,
                max(0, min(own_rows, below - down)),
                max(0, min(own_columns, behind - right)),
                down * width + right,
            )
            for down, right in shortened
        )
        grid, places = _by_row(raw, width), x[held, columns]
        grid[: places.shape[0], : places.shape[1], :channels] = places
        if ones and not begin:  # they stay
            grid[: places.shape[0], : places.shape[1], channels:] = 1
        grid[places.shape[0] :] = 0
        if w is not None:
            weighed = _by_row(weighted, width)[: places.shape[0], : places.shape[1]]
            torch.mul(grid[: places.shape[0], : places.shape[1]], w[held, columns], out=weighed)
            _by_row(weighted, width)[places.shape[0] :] = 0
        if apart:
            own = _by_row(near, width)
            own[:own_rows, :own_columns] = _by_row(weighted, width)[:own_rows, :own_columns]
            own[own_rows:] = 0
        yield Part(raw, weighted, near, pairs, width, held, columns)


def _by_row(x: Tensor, width: int) -> Tensor:
    """(places, C) as (rows, width, C); what is behind the last row is left out."""
    rows = len(x) // width
    return x[: rows * width].view(rows, width, x.shape[1])
