"""L-BFGS over bands of rows: the recursion over products of vectors, not over the vectors.

What the two loops need of moves and turns is their products, some hundred numbers; with these the
direction is a sum whose weights are known before a plane is read. So each step reads the planes
three times, whatever the history, and bands that lie in other processes send numbers alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from impasto.methods.optimization.optimizers.lbfgs import SUFFICIENT_DECREASE
from impasto.methods.optimization.optimizers.line_search import FIRST_MOVE, MAX_PROBES
from impasto.methods.optimization.optimizers.protocol import State
from impasto.methods.optimization.optimizers.rows import Half, NewPlane, Rows
from impasto.methods.optimization.optimizers.sobolev import HALO, fast_length

__all__ = ["BandedLBFGS", "Recursion", "is_of_band"]

PREFIX = "band_"  # of the parts of a state that have not the shape of the picture


class Recursion:
    """Which weights the pairs have in a direction, from products alone.

    Args:
        history: pairs to remember.

    Source: Chen, Wang and Zhou, "Large-scale L-BFGS using MapReduce" (2014); with a preconditioner
    in the middle of the two loops (Nocedal and Wright, algorithm 7.4), which is this project's.
    """

    def __init__(self, history: int) -> None:
        self._history = history
        self.forget()

    def __len__(self) -> int:
        return len(self.table)

    def forget(self) -> None:
        """No pair."""
        self.table = torch.zeros(0, 0, dtype=torch.float64)  # of move i and turn j
        self.scaling = 0.0  # of the preconditioner, from the newest pair; 0 while unknown
        self._slopes: list[float] = []  # of each move along the gradient

    def take(self, sums: Tensor) -> bool:
        """Take in what `Rows.remember` measured, summed over bands.

        Returns:
            Whether the pair has curvature, and is remembered.
        """
        count = len(self)
        moves, turns, both = sums[:3].tolist()
        with_turns, with_moves = sums[3 : 3 + count], sums[3 + count : 3 + 2 * count]
        slopes = sums[3 + 2 * count :].tolist()
        if not both > 1e-8 * math.sqrt(moves * turns):
            self._slopes = slopes[:-1]
            return False
        table = torch.zeros(count + 1, count + 1, dtype=torch.float64)
        table[:count, :count] = self.table
        table[count, :count], table[:count, count], table[count, count] = (
            with_turns,
            with_moves,
            both,
        )
        self.table = table[-self._history :, -self._history :].clone()
        self._slopes = slopes[-self._history :]
        self.scaling = 0.0
        return True

    def of_turns(self) -> list[float]:
        """The first loop: the weight of each turn in what is preconditioned."""
        table, weights = self.table.tolist(), [0.0] * len(self)
        for i in reversed(range(len(self))):
            rest = sum(weights[j] * table[i][j] for j in range(i + 1, len(self)))
            weights[i] = (-self._slopes[i] - rest) / table[i][i]
        return weights

    def of_moves(self, weights: Sequence[float], sums: Tensor) -> list[float]:
        """The second loop: the weight of each move in the direction.

        Args:
            weights: from the first loop.
            sums: what `Rows.precondition` measured, summed over bands.
        """
        *with_turns, size = sums.tolist()
        table = self.table.tolist()
        if not self.scaling:
            self.scaling = table[-1][-1] / size
        moves: list[float] = []
        for i, weight in enumerate(weights):
            turned = self.scaling * with_turns[i] + sum(moves[j] * table[j][i] for j in range(i))
            moves.append(weight - turned / table[i][i])
        return moves


class Bands:
    """All bands of a picture, whoever holds them: asked together, answered in order.

    Args:
        bands: from top to bottom.
        height: of the picture, in px.
        after: called after each band's turn.
    """

    def __init__(
        self, bands: Sequence[Rows], height: int, after: Callable[[], None] = lambda: None
    ) -> None:
        self._bands, self._after = list(bands), after
        self._padding = min(HALO, fast_length(height) - height)

    def tell(self, name: str, *arguments: Any) -> None:
        """Have every band do something."""
        for band in self._bands:
            getattr(band, name)(*arguments)
            self._after()

    def sum(self, name: str, *arguments: Any) -> Tensor:
        """What the bands measure, added up in their order."""
        total: Tensor | None = None
        for band in self._bands:
            sums = getattr(band, name)(*arguments)
            total = sums if total is None else total + sums
            self._after()
        assert total is not None
        return total

    def precondition(self, smooths: bool, turn: bool) -> Tensor:
        """`Rows.precondition` of all, each with the rows beside its edges.

        Args:
            smooths: whether there is a preconditioner.
            turn: whether the newest turn's size in it is asked for.
        """
        total: Tensor | None = None
        for number, band in enumerate(self._bands):
            aim = self._beside("aim", number) if smooths else None
            newest = self._beside("turn", number) if smooths and turn else None
            sums = band.precondition(aim, newest)
            total = sums if total is None else total + sums
            self._after()
        assert total is not None
        return total

    def _beside(self, what: str, number: int) -> tuple[Tensor, Tensor]:
        """The rows above and below a band; as in the whole, borders wrap around beyond a strip."""
        last, strip = len(self._bands) - 1, HALO - self._padding
        if number:
            above = self._bands[number - 1].edge(what, False, HALO)
        else:
            wrapped = self._bands[last].edge(what, False, strip)
            above = torch.cat([wrapped, wrapped.new_zeros(*_rows(wrapped, self._padding))], 2)
        if number < last:
            below = self._bands[number + 1].edge(what, True, HALO)
        else:
            wrapped = self._bands[0].edge(what, True, strip)
            below = torch.cat([wrapped.new_zeros(*_rows(wrapped, self._padding)), wrapped], 2)
        return above, below


class BandedLBFGS:
    """L-BFGS with backtracking as `LBFGS` has it, its history in half precision.

    Args:
        pixels: (1, 3, H, W), the start, moved in place.
        bands: rows of the picture that are held together, from top to bottom, at least `HALO`
            rows each, unless there is one alone.
        new: makes a plane of zeros, by shape and dtype.
        lr, history, sobolev: as for `LBFGS`.
        after: called after each band's turn.

    Example:
        >>> x = torch.full((1, 3, 2, 2), 4.0)
        >>> lbfgs = BandedLBFGS(x, [slice(0, 2)])
        >>> for _ in range(8):
        ...     at = lbfgs.ask()
        ...     lbfgs.tell(loss=at.square().sum().item(), gradient=2 * at)
        >>> bool(lbfgs.best().abs().max() < 1e-3)
        True
    """

    def __init__(
        self,
        pixels: Tensor,
        bands: Sequence[slice],
        new: NewPlane = torch.zeros,
        lr: float = 1.0,
        history: int = 10,
        sobolev: float = 0.0,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self._pixels, self._slices, self._new = pixels, list(bands), new
        self._lr, self._sobolev = lr, sobolev
        self._point, self._gradient = new(*pixels.shape), new(*pixels.shape)
        self._direction = new(*pixels.shape)
        self._rows = [self._held(rows, history) for rows in bands]
        self._bands = Bands(self._rows, pixels.shape[-2], after)
        self._recursion = Recursion(history)
        self._loss = self._slope = self._square = self._length = 0.0
        self._probes, self._started = 0, False

    @property
    def _planes(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return self._pixels, self._point, self._gradient, self._direction

    def _held(self, rows: slice, history: int) -> Rows:
        """A band, seen through the planes of the whole."""
        pixels, point, gradient, direction = (plane[:, :, rows] for plane in self._planes)
        return Rows(pixels, point, gradient, direction, self._new, history, self._sobolev)

    def ask(self) -> Tensor:
        """The picture to evaluate next, (1, 3, H, W); it stays the same tensor."""
        return self._pixels

    def best(self) -> Tensor:
        """The last accepted picture; the start before there is one."""
        return self._point if self._started else self._pixels

    def good(self) -> Tensor:
        """The last accepted picture."""
        return self.best()

    def tell(self, loss: float, gradient: Tensor) -> None:
        """Accept the probe if it went down enough, else shorten the move."""
        for band, rows in zip(self._rows, self._slices, strict=True):
            band.fresh = gradient[:, :, rows]
        if not self._started:
            self._bands.tell("begin")
        elif loss > self._loss + SUFFICIENT_DECREASE * self._length * self._slope:
            self._backtrack(loss)
            return
        else:
            self._bands.tell("keep", self._recursion.take(self._bands.sum("remember")))
        self._started, self._loss = True, loss
        self._aim()

    def shrink(self) -> None:
        """The probe was not finite: a tenth of the move, from the last accepted picture."""
        self._probes += 1
        self._go(0.1 * self._length)

    def _aim(self) -> None:
        """Choose a direction from the accepted picture, and probe at its full length."""
        self._set_direction()
        if self._slope >= 0:
            self._forget()
        self._probes = 0
        self._go(self._lr if len(self._recursion) else self._first_length())

    def _forget(self) -> None:
        self._recursion.forget()
        self._bands.tell("forget")
        self._set_direction()

    def _set_direction(self) -> None:
        recursion = self._recursion
        weights = recursion.of_turns()
        self._bands.tell("aim", weights)
        asks = bool(weights) and not recursion.scaling
        sums = self._bands.precondition(self._sobolev > 0, asks)
        moves = recursion.of_moves(weights, sums) if weights else []
        scaling = recursion.scaling if weights else 1.0
        self._slope, self._square = self._bands.sum("combine", scaling, moves).tolist()

    def _first_length(self) -> float:
        size = math.sqrt(self._square / self._pixels.numel())
        return self._lr * FIRST_MOVE / size if size > 0 else 0.0

    def _go(self, length: float) -> None:
        self._length = length
        self._bands.tell("go", length)

    def _backtrack(self, loss: float) -> None:
        """Shorten to the minimum of the parabola through both losses and the slope."""
        self._probes += 1
        if self._probes > MAX_PROBES and len(self._recursion):
            self._forget()
            self._probes = 0
            self._go(0.1 * self._first_length())
            return
        excess = loss - self._loss - self._slope * self._length
        best = -self._slope * self._length**2 / (2 * excess) if excess > 0 else 0.0
        self._go(min(max(best, 0.1 * self._length), 0.5 * self._length))

    # Its state, for a checkpoint

    def state(self) -> State:
        """Planes, pairs and the numbers of the line search; tensors are not copied."""
        state: State = dict(zip(PLANES, self._planes, strict=True))
        for name, half in self._halves():
            state |= {name: half.values, f"{name}_scales": half.scales}
        return state | {
            f"{PREFIX}table": self._recursion.table,
            "pairs": len(self._recursion),
            "scaling": self._recursion.scaling,
            "loss": self._loss,
            "slope": self._slope,
            "square": self._square,
            "length": self._length,
            "probes": self._probes,
            "started": int(self._started),
        }

    def load(self, state: State) -> None:
        """Go on from `state`."""
        for plane, name in zip(self._planes, PLANES, strict=True):
            for rows in self._slices:
                plane[:, :, rows] = _tensor(state, name)[:, :, rows]
        for band in self._rows:
            band.resume(int(state["pairs"]))
        for name, half in self._halves():
            _copy(_tensor(state, name), half.values)
            _copy(_tensor(state, f"{name}_scales"), half.scales)
        self._recursion.table = _tensor(state, f"{PREFIX}table").clone()
        self._recursion.scaling = float(state["scaling"])
        self._loss, self._slope = float(state["loss"]), float(state["slope"])
        self._square, self._length = float(state["square"]), float(state["length"])
        self._probes, self._started = int(state["probes"]), bool(state["started"])

    def _halves(self) -> Iterator[tuple[str, Half]]:
        for number, band in enumerate(self._rows):
            for name, halves in (("move", band.moves), ("turn", band.turns)):
                for i, half in enumerate(halves):
                    yield f"{PREFIX}{number}_{name}_{i}", half


def is_of_band(name: str) -> bool:
    """Whether a part of a state has a shape of its own, and not the picture's."""
    return name.startswith(PREFIX)


PLANES = ("pixels", "point", "gradient", "direction")


def _copy(x: Tensor, into: Tensor) -> None:
    if x.shape != into.shape:
        raise ValueError(f"a part of {tuple(into.shape)} is {tuple(x.shape)}")
    into.copy_(x)


def _tensor(state: State, name: str) -> Tensor:
    value = state[name]
    assert isinstance(value, Tensor)
    return value


def _rows(like: Tensor, count: int) -> tuple[int, ...]:
    return (*like.shape[:2], count, like.shape[3])
