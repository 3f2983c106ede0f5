"""What a process holds of a picture that several paint together: some consecutive rows of tiles."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch import Tensor

from impasto.folders import check_scratch
from impasto.methods.optimization.optimizers.sobolev import HALO
from impasto.methods.optimization.optimizers.stack import Stack
from impasto.methods.optimization.tiles.grid import Band, Grid
from impasto.methods.optimization.tiles.held import HeldBands, rows_of
from impasto.methods.optimization.tiles.look import TileWork
from impasto.methods.planes import Planes, release

__all__ = ["Holder", "Shared", "shares"]


class Shared(NamedTuple):
    """What all holders of a picture have in common.

    Attributes:
        work: of its tiles.
        history, sobolev: of the optimizer, as `Rows` has them.
        threads: of torch, on which bytes depend.
        scratch: the folder for planes, wherever the holder runs; None for its memory.
    """

    work: TileWork
    history: int
    sobolev: float
    threads: int
    scratch: str | None = None


class Holder:
    """All that `HeldBands` and `Stack` do, of the same rows.

    Args:
        shared: with all other holders.
        first, last: numbers of its first band, and of the one after its last.
        content, painted: as for `HeldBands`.
    """

    def __init__(
        self, shared: Shared, first: int, last: int, content: Tensor, painted: Tensor | None
    ) -> None:
        torch.set_num_threads(shared.threads)
        planes = Planes(check_scratch(shared.scratch))
        grid = shared.work.grid
        bands = grid.bands[first:last]
        with torch.inference_mode(False):
            self._held = HeldBands(shared.work, bands, content, painted, planes)
            own = self._held.own
            pixels = planes.new(1, 3, own.stop - own.start, grid.width)
            rows = [slice(x.own.start - own.start, x.own.stop - own.start) for x in bands]
            self._stack = Stack(
                pixels,
                rows,
                own.start,
                grid.height,
                planes.new,
                shared.history,
                shared.sobolev,
                release,
            )
        self._held.pixels = pixels
        self._stack.take(self._held.gradient)

    def __getattr__(self, name: str) -> Any:
        if name in ("_held", "_stack"):  # not set yet: it was not made
            raise AttributeError(name)
        return getattr(self._held if hasattr(HeldBands, name) else self._stack, name)


def shares(grid: Grid, most: int) -> list[tuple[int, int]]:
    """Which bands each of several holders has, from the first to the one after the last.

    Each has so many rows that what it sees beyond its own lies with its neighbours.

    Args:
        grid: of the picture.
        most: holders that there may be; fewer have a part where it has few rows.

    Example:
        >>> from impasto.methods.optimization.tiles.grid import Reach
        >>> shares(Grid(1000, 400, 128, Reach(80, 80)), 3)
        [(0, 2), (2, 5), (5, 8)]
    """
    bands, least = grid.bands, max(HALO, *grid.reach)
    for count in range(min(most, len(bands)), 1, -1):
        edges = [len(bands) * n // count for n in range(count + 1)]
        parts = list(pairwise(edges))
        if all(_height(bands[first:last]) >= least for first, last in parts):
            return parts
    return [(0, len(bands))]


def _height(bands: list[Band]) -> int:
    own, _ = rows_of(bands)
    return int(own.stop - own.start)
