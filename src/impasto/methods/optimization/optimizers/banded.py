"""L-BFGS over bands of rows: the recursion over products of vectors, not over the vectors.

What the two loops need of moves and turns is their products, some hundred numbers; with these the
direction is a sum whose weights are known before a plane is read. So each step reads the planes
three times, whatever the history, and bands that lie in other processes send numbers alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, ClassVar

import torch
from torch import Tensor

from impasto.methods.holding import Group, Here
from impasto.methods.optimization.optimizers.backtracking import Backtracking
from impasto.methods.optimization.optimizers.line_search import FIRST_MOVE
from impasto.methods.optimization.optimizers.protocol import State
from impasto.methods.optimization.optimizers.recursion import Recursion
from impasto.methods.optimization.optimizers.rows import NewPlane
from impasto.methods.optimization.optimizers.stack import KINDS, PLANES, Stack

__all__ = ["BandedLBFGS", "Bands", "is_of_band"]

PREFIX = "band_"  # of the parts of a state that have not the shape of the picture


class Bands:
    """All bands of a picture, whoever holds them: asked together, answered in order.

    Args:
        group: of a `Stack` each, or of what holds one.
        rows: of the bands that each holds, as slices of the picture. Each has at least `HALO` rows,
            unless one band is the whole picture.
        width: of the picture, in px.
        new: makes a plane of zeros, by shape and dtype, for what is gathered here.
    """

    def __init__(
        self,
        group: Group,
        rows: Sequence[Sequence[slice]],
        width: int,
        new: NewPlane = torch.zeros,
    ) -> None:
        self._group, self._new = group, new
        self._places = [
            (holder, number, own)
            for holder, bands in enumerate(rows)
            for number, own in enumerate(bands)
        ]
        self.shape = (1, 3, self._places[-1][-1].stop, width)
        self._is_here = isinstance(group, Here) and len(group) == 1
        self._serials: list[int] = []  # of the pairs that are remembered
        self._gathered: dict[tuple[int, str, int], tuple[Tensor, Tensor]] = {}

    def take(self, gradient: Tensor | None) -> None:
        """Take in the gradient of what was asked for; None where holders have their rows of it."""
        if gradient is not None:
            self._group.call("take", gradient)

    def tell(self, name: str, *arguments: Any) -> None:
        """Have every band do something."""
        self._group.call("tell", name, *arguments)

    def sum(self, name: str, *arguments: Any) -> Tensor:
        """What the bands measure, added up in their order."""
        return _sum(self._group.call("each", name, *arguments))

    def keep(self, has_curvature: bool, history: int) -> None:
        """`Rows.keep` of all."""
        self.tell("keep", has_curvature)
        if has_curvature:
            newest = max(self._serials, default=0)
            self._serials = [*self._serials, newest + 1][-history:]

    def forget(self) -> None:
        """Remember no pair."""
        self.tell("forget")
        self._serials = []

    def precondition(self, smooths: bool, turn: bool) -> Tensor:
        """`Rows.precondition` of all, each with the rows beside its edges.

        Args:
            smooths: whether there is a preconditioner.
            turn: whether the newest turn's size in it is asked for.
        """
        if not smooths:
            return _sum(self._group.call("precondition", None, None))
        names = ("aim", "turn") if turn else ("aim",)
        edges = self._group.call("edges", names, parts=2)
        uppermost, lowest = zip(*edges, strict=True)
        beside = list(
            zip((*lowest[-1:], *lowest[:-1]), (*uppermost[1:], uppermost[0]), strict=True)
        )
        return _sum(self._group.call("precondition", each=beside))

    # What lies there

    def plane(self, name: str) -> Tensor:
        """A whole plane: itself where it is all here, else a copy."""
        if self._is_here:
            plane: Tensor = self._group.one(0, "plane", name)
            return plane
        plane = self._new(*self.shape)
        for holder, number, own in self._places:
            plane[:, :, own] = self._group.one(holder, "rows", name, number)
        return plane

    def planes(self) -> dict[str, Tensor]:
        """All of them."""
        return {name: self.plane(name) for name in PLANES}

    def pairs(self) -> State:
        """The moves and turns that are remembered; what was gathered before is not again."""
        state: State = {}
        gathered = {}
        for band, (holder, number, _) in enumerate(self._places):
            for kind in KINDS:
                for place, serial in enumerate(self._serials):
                    key = band, kind, serial
                    kept = self._gathered.get(key)
                    if kept is None:
                        kept = self._group.one(holder, "kept", number, kind, place)
                        kept = kept if self._is_here else self._stored(kept)
                    if not self._is_here:
                        gathered[key] = kept
                    name = _name(band, kind, place)
                    state |= {name: kept[0], f"{name}_scales": kept[1]}
        self._gathered = gathered
        return state

    def load(self, state: State, pairs: int) -> None:
        """Go on from a state with so many pairs; a plane that it has not is left as it is."""
        self._serials = list(range(1, pairs + 1))
        for band, (holder, number, own) in enumerate(self._places):
            planes = [_tensor(state, name)[:, :, own] if name in state else None for name in PLANES]
            self._group.one(holder, "load", number, planes, pairs)
            for kind in KINDS:
                for place, serial in enumerate(self._serials):
                    name = _name(band, kind, place)
                    kept = _tensor(state, name), _tensor(state, f"{name}_scales")
                    self._group.one(holder, "load_pair", number, kind, place, *kept)
                    if not self._is_here:
                        self._gathered[band, kind, serial] = kept

    def _stored(self, kept: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        values, scales = kept
        return self._new(*values.shape, dtype=values.dtype).copy_(values), scales.clone()


class BandedLBFGS(Backtracking[Tensor | None]):
    """L-BFGS with backtracking as `LBFGS` has it, its history in half precision.

    Args:
        bands: of the picture; they hold the start.
        lr, history, sobolev: as for `LBFGS`.

    Example:
        >>> x = torch.full((1, 3, 2, 2), 4.0)
        >>> lbfgs = BandedLBFGS.of(x, [slice(0, 2)])
        >>> for _ in range(8):
        ...     at = lbfgs.ask()
        ...     lbfgs.tell(loss=at.square().sum().item(), gradient=2 * at)
        >>> bool(lbfgs.best().abs().max() < 1e-3)
        True
    """

    def __init__(
        self, bands: Bands, lr: float = 1.0, history: int = 10, sobolev: float = 0.0
    ) -> None:
        self._bands, self._lr = bands, lr
        self._history, self._sobolev = history, sobolev
        self._recursion = Recursion(history)
        self._square = 0.0  # the direction's squared size

    @classmethod
    def of(
        cls,
        pixels: Tensor,
        bands: Sequence[slice],
        new: NewPlane = torch.zeros,
        lr: float = 1.0,
        history: int = 10,
        sobolev: float = 0.0,
        after: Callable[[], None] = lambda: None,
    ) -> BandedLBFGS:
        """Of bands that all lie here.

        Args:
            pixels: (1, 3, H, W), the start, moved in place.
            bands: rows of the picture that are held together, from top to bottom, at least `HALO`
                rows each, unless one band is the whole picture.
            new: makes a plane of zeros, by shape and dtype.
            lr, history, sobolev: as for `LBFGS`.
            after: called after each band's turn.
        """
        height, width = pixels.shape[-2:]
        stack = Stack(pixels, bands, 0, height, new, history, sobolev, after)
        return cls(Bands(Here([stack]), [bands], width, new), lr, history, sobolev)

    def ask(self) -> Tensor:
        """The picture to evaluate next, (1, 3, H, W); it stays the same tensor where it is here."""
        return self._bands.plane("pixels")

    def best(self) -> Tensor:
        """The last accepted picture; the start before there is one."""
        return self._bands.plane("point" if self._started else "pixels")

    def good(self) -> Tensor:
        """The last accepted picture."""
        return self.best()

    def tell(self, loss: float, gradient: Tensor | None) -> None:
        """Accept the probe if it went down enough, else shorten the move.

        Args:
            loss: of the picture that was asked for.
            gradient: there, (1, 3, H, W); None where those that hold the bands have it.
        """
        self._bands.take(gradient)
        super().tell(loss, gradient)

    def _accept(self, _gradient: Tensor | None, /) -> None:
        if not self._started:
            self._bands.tell("begin")
            return
        has_curvature = self._recursion.take(self._bands.sum("remember"))
        self._bands.keep(has_curvature, self._history)

    def _forget_pairs(self) -> None:
        self._recursion.forget()
        self._bands.forget()

    def _count_pairs(self) -> int:
        return len(self._recursion)

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
        size = math.sqrt(self._square / math.prod(self._bands.shape))
        return self._lr * FIRST_MOVE / size if size > 0 else 0.0

    def _go(self, length: float) -> None:
        self._length = length
        self._bands.tell("go", length)

    # Its state, for a checkpoint

    BEGIN: ClassVar[State] = {  # beside planes, before the first step
        f"{PREFIX}table": torch.zeros(0, 0, dtype=torch.float64),
        **dict.fromkeys(("scaling", "loss", "slope", "square", "length"), 0.0),
        **dict.fromkeys(("pairs", "probes", "started"), 0),
    }

    def state(self) -> State:
        """Planes, pairs and the numbers of the line search; what is here is not copied."""
        return {
            **self._bands.planes(),
            **self._bands.pairs(),
            f"{PREFIX}table": self._recursion.table,
            "pairs": len(self._recursion),
            "scaling": self._recursion.scaling,
            "square": self._square,
            **self._numbers(),
        }

    def load(self, state: State) -> None:
        """Go on from `state`."""
        self._bands.load(state, int(state["pairs"]))
        self._recursion.table = _tensor(state, f"{PREFIX}table").clone()
        self._recursion.scaling = float(state["scaling"])
        self._square = float(state["square"])
        self._load_numbers(state)


def is_of_band(name: str) -> bool:
    """Whether a part of a state has a shape of its own, and not the picture's."""
    return name.startswith(PREFIX)


def _name(band: int, kind: str, place: int) -> str:
    """Of a pair's half in a state."""
    return f"{PREFIX}{band}_{kind.removesuffix('s')}_{place}"


def _sum(sums: Sequence[Sequence[Tensor]]) -> Tensor:
    first, *others = chain(*sums)
    for other in others:
        first = first + other
    return first


def _tensor(state: State, name: str) -> Tensor:
    value = state[name]
    assert isinstance(value, Tensor)
    return value
