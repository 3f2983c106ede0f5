"""Bands that one process holds: what it does with all of them when it is asked.

Letters as in `rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from impasto.methods.optimization.optimizers.rows import Half, NewPlane, Rows
from impasto.methods.optimization.optimizers.sobolev import HALO, fast_length

__all__ = ["KINDS", "PLANES", "Stack"]

PLANES = ("pixels", "point", "gradient", "direction")
KINDS = ("moves", "turns")


class Stack:
    """Bands that lie on one another.

    Args:
        pixels: (1, 3, h, W) of all of them, what is asked for next; it holds the start.
        bands: their rows, within `pixels`.
        above: rows of the picture above them.
        height: of the whole picture.
        new: makes a plane of zeros, by shape and dtype.
        history, sobolev: as for `Rows`.
        after: called after each band's turn.
    """

    def __init__(
        self,
        pixels: Tensor,
        bands: Sequence[slice],
        above: int,
        height: int,
        new: NewPlane,
        history: int,
        sobolev: float = 0.0,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self._slices, self._after = list(bands), after
        self._planes = (pixels, *(new(*pixels.shape) for _ in PLANES[1:]))
        self._rows = [
            Rows(pixels, point, gradient, direction, new, history, sobolev)
            for pixels, point, gradient, direction in (
                [plane[:, :, rows] for plane in self._planes] for rows in bands
            )
        ]
        self._is_first, self._is_last = not above, above + pixels.shape[-2] == height
        self._beyond = min(HALO, fast_length(height) - height)  # rows of nothing at the borders

    def take(self, gradient: Tensor) -> None:
        """Take in the gradient of what was asked for, (1, 3, h, W)."""
        for band, rows in zip(self._rows, self._slices, strict=True):
            band.fresh = gradient[:, :, rows]

    def tell(self, name: str, *arguments: Any) -> None:
        """Have every band do something."""
        for band in self._rows:
            getattr(band, name)(*arguments)
            self._after()

    def each(self, name: str, *arguments: Any) -> list[Tensor]:
        """What each band measures."""
        sums = []
        for band in self._rows:
            sums.append(getattr(band, name)(*arguments))
            self._after()
        return sums

    def edges(self, names: Sequence[str]) -> tuple[list[Tensor], list[Tensor]]:
        """The uppermost rows, then the lowest, of each of what `Rows.edge` gives."""
        first, last = self._rows[0], self._rows[-1]
        return (
            [first.edge(name, True, min(HALO, first.height)) for name in names],
            [last.edge(name, False, min(HALO, last.height)) for name in names],
        )

    def precondition(
        self, above: Sequence[Tensor] | None, below: Sequence[Tensor] | None
    ) -> list[Tensor]:
        """`Rows.precondition` of each band.

        Args:
            above: what `edges` gives of the stack above, its lowest rows; of the last one for the
                first. None without a preconditioner.
            below: likewise.
        """
        if above is None or below is None:
            return self.each("precondition", None, None)
        above, below = self._bordered(above, below)
        names = ("aim", "turn")[: len(above)]
        sums = []
        for number, band in enumerate(self._rows):
            beside: list[tuple[Tensor, Tensor] | None] = [
                (
                    self._rows[number - 1].edge(name, False, HALO) if number else above[i],
                    below[i]
                    if number + 1 == len(self._rows)
                    else self._rows[number + 1].edge(name, True, HALO),
                )
                for i, name in enumerate(names)
            ]
            sums.append(band.precondition(*(*beside, None)[:2]))
            self._after()
        return sums

    def _bordered(
        self, above: Sequence[Tensor], below: Sequence[Tensor]
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Beyond the picture's borders lies a strip of nothing, then its other end, as often as
        needed."""
        upper, lower = list(above), list(below)
        if self._is_first:
            upper = [self._repeated(x, (x, self._nothing(x)))[:, :, -HALO:] for x in above]
        if self._is_last:
            lower = [self._repeated(x, (self._nothing(x), x))[:, :, :HALO] for x in below]
        return upper, lower

    def _nothing(self, like: Tensor) -> Tensor:
        return like.new_zeros(*like.shape[:2], self._beyond, like.shape[-1])

    @staticmethod
    def _repeated(x: Tensor, period: Sequence[Tensor]) -> Tensor:
        return torch.cat(list(period) * -(-HALO // x.shape[-2]), 2)

    # Its state

    def plane(self, name: str) -> Tensor:
        """(1, 3, h, W), not a copy."""
        return self._planes[PLANES.index(name)]

    def rows(self, name: str, number: int) -> Tensor:
        """A band of a plane."""
        return self.plane(name)[:, :, self._slices[number]]

    def half(self, number: int, kind: str, place: int) -> Half:
        """A move or turn that a band remembers."""
        half: Half = getattr(self._rows[number], kind)[place]
        return half

    def kept(self, number: int, kind: str, place: int) -> tuple[Tensor, Tensor]:
        """Its numbers and the scales of its rows."""
        half = self.half(number, kind, place)
        return half.values, half.scales

    def load(self, number: int, planes: Sequence[Tensor | None], pairs: int) -> None:
        """Go on with a band, from its rows of each plane; its pairs follow."""
        for name, rows in zip(PLANES, planes, strict=True):
            own = self.rows(name, number)
            if rows is not None and own.data_ptr() != rows.data_ptr():
                own.copy_(rows)
        self._rows[number].resume(pairs)
        self._after()

    def load_pair(self, number: int, kind: str, place: int, values: Tensor, scales: Tensor) -> None:
        """Go on with a move or turn."""
        half = self.half(number, kind, place)
        _copy(values, half.values)
        _copy(scales, half.scales)


def _copy(x: Tensor, into: Tensor) -> None:
    if x.shape != into.shape:
        raise ValueError(f"a part of {tuple(into.shape)} is {tuple(x.shape)}")
    into.copy_(x)
