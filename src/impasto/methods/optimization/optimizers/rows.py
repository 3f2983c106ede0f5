"""A band of rows of everything L-BFGS holds, and what is computed in it alone.

A picture too large for memory is moved band by band, by one process or by many. Bands meet only in
sums, which are float64 and added in the order of the bands, and in the rows beside their edges: so
the same numbers come out whoever holds which band. Letters: h rows of the band, W columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from impasto.imaging.codecs.mapped import drop_all
from impasto.methods.optimization.optimizers.sobolev import BandSobolev

__all__ = ["Half", "NewPlane", "Rows", "parts"]

PART = 32  # rows at a time, so that what is summed stays near the processor
BETWEEN = 4  # parts, before what they took of files is dropped
LARGEST = 16384.0  # what the largest number of a row is at least kept as; float16 ends at 65504

NewPlane = Callable[..., Tensor]


def parts(height: int) -> Iterator[slice]:
    """A band's rows, `PART` at a time; planes that lie in files leave memory now and then."""
    for number, top in enumerate(range(0, height, PART), 1):
        yield slice(top, min(top + PART, height))
        if number % BETWEEN == 0:
            drop_all()


class Half:
    """A band in half precision, each row with a scale of its own.

    Args:
        new: makes a plane of zeros, by shape and dtype.
        height, width: of the band.

    Example:
        >>> half = Half(torch.zeros, 2, 1)
        >>> half.write(slice(0, 2), torch.tensor([[[[2.0**-40], [3.0]]] * 3]))
        >>> (half.read(slice(0, 2))[0, 0].flatten() / torch.tensor([2.0**-40, 3.0])).tolist()
        [1.0, 1.0]
    """

    def __init__(self, new: NewPlane, height: int, width: int) -> None:
        self.values = new(1, 3, height, width, dtype=torch.float16)
        self.scales = torch.ones(height)

    def write(self, rows: slice, x: Tensor) -> None:
        """Keep (1, 3, rows, W)."""
        largest = x.abs().amax((0, 1, 3))
        scales = torch.where(largest > 0, largest / LARGEST, torch.ones_like(largest))
        # A power of two changes no digit.
        scales = torch.exp2(torch.floor(torch.log2(scales)))
        self.scales[rows] = scales
        self.values[:, :, rows] = x / scales[:, None]

    def read(self, rows: slice) -> Tensor:
        """(1, 3, rows, W) float32, as it is kept."""
        return self.values[:, :, rows].float() * self.scales[rows, None]


class Rows:
    """One band.

    Args:
        pixels: (1, 3, h, W), what is asked for next; it holds the start.
        point: likewise, the last accepted picture.
        gradient: of the loss there.
        direction: from there.
        new: makes a plane of zeros, by shape and dtype.
        history: pairs to remember.
        sobolev: strength of the preconditioner; 0 is none.
    """

    def __init__(
        self,
        pixels: Tensor,
        point: Tensor,
        gradient: Tensor,
        direction: Tensor,
        new: NewPlane,
        history: int,
        sobolev: float = 0.0,
    ) -> None:
        self.pixels, self.point = pixels, point
        self.gradient, self.direction = gradient, direction
        self.fresh = gradient
        self._new, self._history = new, history
        self._metric = BandSobolev(sobolev, pixels.shape[-1]) if sobolev else None
        self.moves: list[Half] = []
        self.turns: list[Half] = []
        self._pair: tuple[Half, Half] | None = None

    @property
    def height(self) -> int:
        """Rows of the band."""
        return self.pixels.shape[-2]

    def begin(self) -> None:
        """Accept the first picture: there is nothing to compare it with yet."""
        for rows in parts(self.height):
            self.point[:, :, rows] = self.pixels[:, :, rows]
            self.gradient[:, :, rows] = self.fresh[:, :, rows]

    def remember(self) -> Tensor:
        """Accept the picture that was asked for, and measure the pair that it makes.

        Returns:
            Of k pairs remembered so far, k + 1 with the new one, float64: the new move's square,
            the new turn's, their product; the new move's products with each turn remembered; each
            move's with the new turn; each of the k + 1 moves' with the new gradient.
        """
        count = len(self.moves)
        self._pair = (self._free(), self._free())
        sums = torch.zeros(3 + 2 * count + count + 1, dtype=torch.float64)
        for rows in parts(self.height):
            probe, fresh = self.pixels[:, :, rows], self.fresh[:, :, rows]
            self._pair[0].write(rows, probe - self.point[:, :, rows])
            self._pair[1].write(rows, fresh - self.gradient[:, :, rows])
            self.point[:, :, rows] = probe
            self.gradient[:, :, rows] = fresh
            # As they are kept: what is remembered is true of itself.
            move, turn = (half.read(rows) for half in self._pair)
            moves = [half.read(rows) for half in self.moves]
            sums += torch.tensor(
                [
                    _dot(move, move),
                    _dot(turn, turn),
                    _dot(move, turn),
                    *(_dot(move, half.read(rows)) for half in self.turns),
                    *(_dot(old, turn) for old in moves),
                    *(_dot(old, fresh) for old in (*moves, move)),
                ],
                dtype=torch.float64,
            )
        return sums

    def keep(self, has_curvature: bool) -> None:
        """Remember the pair that was measured, or not; the oldest one gives way."""
        assert self._pair is not None
        if has_curvature:
            self.moves = [*self.moves, self._pair[0]][-self._history :]
            self.turns = [*self.turns, self._pair[1]][-self._history :]
        self._pair = None

    def forget(self) -> None:
        """Remember no pair."""
        self.moves, self.turns = [], []

    def resume(self, count: int) -> None:
        """Make room for so many pairs."""
        self.moves = [self._free() for _ in range(count)]
        self.turns = [self._free() for _ in range(count)]

    def aim(self, weights: Sequence[float]) -> None:
        """Write -gradient - Σ weight · turn in the place of what was asked for."""
        for rows in parts(self.height):
            aim = -self.gradient[:, :, rows]
            for weight, turn in zip(weights, self.turns, strict=True):
                aim.sub_(turn.read(rows), alpha=weight)
            self.pixels[:, :, rows] = aim

    def edge(self, what: str, first: bool, count: int) -> Tensor:
        """Rows at an edge, (1, 3, count, W), that the neighbour has to see.

        Args:
            what: "aim" or "turn", the newest.
            first: the upper edge, else the lower one.
            count: how many; no more than the band has.
        """
        rows = slice(0, count) if first else slice(self.height - count, self.height)
        return self.turns[-1].read(rows) if what == "turn" else self.pixels[:, :, rows].clone()

    def precondition(
        self, aim: tuple[Tensor, Tensor] | None, turn: tuple[Tensor, Tensor] | None
    ) -> Tensor:
        """Write the preconditioned aim as direction.

        Args:
            aim: the rows above and below the band, as `edge` gives them; None without
                preconditioner.
            turn: likewise of the newest turn, where its size in the preconditioner is asked for.

        Returns:
            float64: each turn's product with the direction, and the newest turn's with itself
            preconditioned, or 0.
        """
        sums = torch.zeros(len(self.turns) + 1, dtype=torch.float64)
        whole = slice(0, self.height)
        metric = self._metric
        if metric is None or aim is None:
            for rows in parts(self.height):
                self.direction[:, :, rows] = self.pixels[:, :, rows]
        else:
            metric.apply(self.pixels, *aim, out=self.direction)
        smooth: Tensor | None = None
        if turn is not None and metric is not None:
            newest = self.turns[-1].read(whole)
            smooth = metric.apply(newest, *turn, out=newest)
        for rows in parts(self.height):
            direction = self.direction[:, :, rows]
            turns = [half.read(rows) for half in self.turns]
            sums[:-1] += torch.tensor([_dot(own, direction) for own in turns], dtype=torch.float64)
            if turns:
                size = turns[-1] if smooth is None else smooth[:, :, rows]
                sums[-1] += _dot(turns[-1], size)
        return sums

    def combine(self, scaling: float, weights: Sequence[float]) -> Tensor:
        """Write scaling · direction + Σ weight · move as direction.

        Returns:
            float64: its product with the gradient, and its square.
        """
        sums = torch.zeros(2, dtype=torch.float64)
        for rows in parts(self.height):
            direction = self.direction[:, :, rows] * scaling
            for weight, move in zip(weights, self.moves, strict=True):
                direction.add_(move.read(rows), alpha=weight)
            self.direction[:, :, rows] = direction
            sums[0] += _dot(self.gradient[:, :, rows], direction)
            sums[1] += _dot(direction, direction)
        return sums

    def go(self, length: float) -> None:
        """Ask for the accepted picture plus so much of the direction."""
        for rows in parts(self.height):
            torch.add(
                self.point[:, :, rows],
                self.direction[:, :, rows],
                alpha=length,
                out=self.pixels[:, :, rows],
            )

    def _free(self) -> Half:
        return Half(self._new, self.height, self.pixels.shape[-1])


def _dot(a: Tensor, b: Tensor) -> float:
    """Inner product, the sum in float64."""
    return (a * b).sum(dtype=torch.float64).item()
