"""Maps cut into windows at random, each in a cut-out just wide enough or wider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hypothesis import strategies as st
from torch import Tensor

from impasto.losses import Window

Cut = tuple[tuple[slice, slice], Window]


def _spans(size: int, cuts: Sequence[int]) -> list[tuple[int, int]]:
    ends = sorted({0, size, *(cut for cut in cuts if cut < size)})
    return list(pairwise(ends))


def cut(
    height: int,
    width: int,
    row_cuts: Sequence[int],
    column_cuts: Sequence[int],
    reach: int,
    halo: int = 0,
) -> list[Cut]:
    """Every window of a map with its cut-out, which has `reach` more below and right of it.

    Args:
        height, width: of the map.
        row_cuts, column_cuts: where it is cut.
        reach: what the own places are compared with.
        halo: places more on all sides.
    """
    return [
        (
            (
                slice(max(top - halo, 0), min(bottom + reach + halo, height)),
                slice(max(left - halo, 0), min(right + reach + halo, width)),
            ),
            Window(
                slice(top - max(top - halo, 0), bottom - max(top - halo, 0)),
                slice(left - max(left - halo, 0), right - max(left - halo, 0)),
                max(top - halo, 0),
                max(left - halo, 0),
                height,
                width,
            ),
        )
        for top, bottom in _spans(height, row_cuts)
        for left, right in _spans(width, column_cuts)
    ]


def cuttings(reach: int, smallest: int = 1) -> st.SearchStrategy[list[Cut]]:
    """Maps of odd sizes, cut anywhere."""
    side, places = st.integers(smallest, 19), st.lists(st.integers(1, 18), max_size=3)
    return st.builds(cut, side, side, places, places, st.just(reach), st.integers(0, 2))


def pieces(x: Tensor, cuts: Sequence[Cut]) -> Iterator[tuple[Tensor, Window]]:
    """Each cut-out of (1, C, H, W), a view, and its window."""
    for (rows, columns), window in cuts:
        yield x[..., rows, columns], window
