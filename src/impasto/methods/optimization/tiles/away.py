"""A picture whose rows others hold: its objective and its optimizer in one, which loses nothing.

Holders may be lost, with all they hold. So every few steps the state of all bands comes here, with
a list of what was done since. Fresh holders go on from there, do the same again, and have the same
bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from torch import Tensor

from impasto.errors import ClusterError
from impasto.methods.holding import Group, Holders, LostHolderError
from impasto.methods.optimization.optimizers.banded import BandedLBFGS, Bands
from impasto.methods.optimization.optimizers.protocol import State
from impasto.methods.optimization.optimizers.stack import PLANES
from impasto.methods.optimization.targets import Scene
from impasto.methods.optimization.tiles.canvas import is_finite as is_finite_here
from impasto.methods.optimization.tiles.held import evaluated, looked_at, rows_of
from impasto.methods.optimization.tiles.holder import Holder, Shared, shares
from impasto.methods.optimization.tiles.look import Divisor, TileWork
from impasto.methods.planes import Planes

__all__ = ["Away", "AwayPainting", "Numbers", "here", "is_finite"]

SNAPSHOT_EVERY = 5  # steps
LOSSES = 3  # in a row, with no step between them, that a painting bears

Value = TypeVar("Value")


@dataclass(frozen=True)
class Numbers:
    """What the optimizer and the holders are told.

    Attributes:
        lr, history, sobolev: as for `LBFGS`.
        threads, scratch: of each holder, as `Shared` has them.
        memory_bytes: that a holder is predicted to take.
    """

    lr: float
    history: int
    sobolev: float
    threads: int
    scratch: str | None = None
    memory_bytes: int = 0


@dataclass(frozen=True)
class Away:
    """A picture, or its gradient, that lies with the holders.

    Attributes:
        shape: (1, 3, H, W).
        is_finite: whether its numbers are.
        here: brings it here, as a copy.
    """

    shape: tuple[int, ...]
    is_finite: bool
    here: Callable[[], Tensor]


def here(x: Tensor | Away) -> Tensor:
    """A picture, wherever it lies."""
    return x.here() if isinstance(x, Away) else x


def is_finite(x: Tensor | Away) -> bool:
    """Whether all numbers of (1, C, H, W) are."""
    return x.is_finite if isinstance(x, Away) else is_finite_here(x)


class AwayPainting:
    """An optimizer as `BandedLBFGS`, and an objective as `TiledObjective`, of rows held by others.

    Args:
        holders: where processes come from.
        begin: (1, 3, H, W), the picture to begin with.
        numbers: of the optimizer and of each holder.
        planes: where what comes back from the holders lies.
        notes: to add a sentence to for each loss.
    """

    # Set by `attach`, and with every group.
    _work: TileWork
    _scene: Scene
    _shared: Shared
    _divisors: list[Divisor]
    _bands: Bands
    _lbfgs: BandedLBFGS

    def __init__(
        self,
        holders: Holders,
        begin: Tensor,
        numbers: Numbers,
        planes: Planes,
        notes: list[str] | None = None,
    ) -> None:
        self._holders, self._numbers, self._planes = holders, numbers, planes
        self._shape = tuple(begin.shape)
        self._snapshot: State = {"pixels": begin}
        self._since: list[float | None] = []  # the loss of each step, None for a shorter move
        self._is_evaluated = False
        self._best: Tensor | None = None
        self._group: Group | None = None
        self._lost = 0
        self._is_given_up = False
        self.notes = [] if notes is None else notes

    def attach(self, work: TileWork, scene: Scene) -> None:
        """Have the rows held, and the content looked at.

        Args:
            work: of the scene's tiles.
            scene: what the picture is compared with.

        Raises:
            ImpastoError: there are no holders.
        """
        self._work, self._scene, numbers = work, scene, self._numbers
        self._shared = Shared(
            work, numbers.history, numbers.sobolev, numbers.threads, numbers.scratch
        )
        self._surely(lambda: None)

    # An optimizer

    # What it hands out and takes is `Away`, where others hand out and take tensors.

    def ask(self) -> Any:
        """The picture to evaluate next, where it is."""
        return Away(self._shape, True, lambda: self._gathered("pixels"))

    def best(self) -> Tensor:
        """The last accepted picture; the start before there is one."""
        if self._best is None:
            if self._group is None:
                started = bool(self._snapshot.get("started"))
                kept = self._snapshot["point" if started else "pixels"]
                assert isinstance(kept, Tensor)
                return kept
            self._best = self._surely(lambda: self._lbfgs.best())
        return self._best

    def good(self) -> Tensor:
        """The last accepted picture."""
        return self.best()

    def tell(self, loss: float, gradient: Any) -> None:
        """Go on from what was evaluated; see `BandedLBFGS.tell`.

        Args:
            loss: of the picture.
            gradient: that lies with the holders.
        """
        assert isinstance(gradient, Away)
        self._best = None
        self._surely(lambda: self._lbfgs.tell(loss, None))
        self._done(loss)
        self._lost = 0

    def shrink(self) -> None:
        """The probe was not finite: a tenth of the move, from the last accepted picture."""
        self._surely(lambda: self._lbfgs.shrink())
        self._done(None)

    def state(self) -> State:
        """As `BandedLBFGS.state` gives it; of `behind` steps earlier once all is lost."""
        if self._since and not self._is_given_up:
            self._take_snapshot()
        if "started" in self._snapshot:
            return self._snapshot
        nothing = {name: self._planes.new(*self._shape) for name in PLANES}
        return {**BandedLBFGS.BEGIN, **nothing, **self._snapshot}

    @property
    def behind(self) -> int:
        """Steps that `state` lacks, once the painting is given up."""
        return self._steps if self._is_given_up else 0

    @property
    def _steps(self) -> int:
        """Since the snapshot."""
        return sum(loss is not None for loss in self._since)

    def load(self, state: State) -> None:
        """Go on from `state`, before anything is held.

        Raises:
            KeyError: a part of it is missing.
        """
        for name in (*PLANES, *BandedLBFGS.BEGIN):
            state[name]
        self._snapshot, self._since, self._best = dict(state), [], None

    # An objective

    def evaluate(self, x: Any) -> tuple[Mapping[str, float], Any]:
        """Weighted losses as numbers, and the gradient of their sum where it is.

        Args:
            x: what `ask` gives.
        """
        assert isinstance(x, Away)
        if self._steps >= SNAPSHOT_EVERY:  # not in `tell`: a step is counted by who has told it
            self._take_snapshot()
        losses, is_finite = self._surely(self._evaluated)
        self._is_evaluated = True
        return losses, Away(self._shape, is_finite, lambda: self._gathered("gradient"))

    def _evaluated(self) -> tuple[Mapping[str, float], bool]:
        assert self._group is not None
        return evaluated(self._group, self._work, self._divisors)

    # What may be lost

    def _gathered(self, name: str) -> Tensor:
        return self._surely(lambda: self._bands.plane(name))

    def _done(self, loss: float | None) -> None:
        self._since.append(loss)
        self._is_evaluated = False

    def _take_snapshot(self) -> None:
        self._snapshot = self._surely(lambda: self._lbfgs.state())
        self._since = []

    def _surely(self, action: Callable[[], Value]) -> Value:
        """What an action gives, by fresh holders if some are lost before it ends.

        Raises:
            ClusterError: so it went too often, or nobody is left.
        """
        while True:
            try:
                if self._group is None:
                    self._start()
                return action()
            except LostHolderError as error:
                self._let_go()
                self._lost += 1
                if self._lost > LOSSES:
                    self._is_given_up = True
                    raise ClusterError(
                        f"workers were lost {self._lost} times in a row ({error}): see whether "
                        "their machines have the memory, and go on from a checkpoint"
                    ) from None
                self.notes.append(f"a worker was lost ({error}), and its part was painted again")
            except ClusterError:
                self._let_go()
                self._is_given_up = True
                raise

    def _let_go(self) -> None:
        if self._group is not None:
            with suppress(ClusterError, LostHolderError):
                self._group.close()
        self._group = None

    def _start(self) -> None:
        """Have all rows held, and do again what was done since the state that is here."""
        grid, numbers, scene = self._work.grid, self._numbers, self._scene
        parts = shares(grid, self._holders.ready(numbers.memory_bytes))
        bands = [grid.bands[first:last] for first, last in parts]
        each = []
        for (first, last), own in zip(parts, bands, strict=True):
            _, seen = rows_of(own)
            painted = None if scene.painted is None else scene.painted[:, :, seen]
            each.append((first, last, scene.content[:, :, seen], painted))
        self._group = self._holders.start(Holder, self._shared, each)
        self._is_given_up = False
        self._divisors = looked_at(self._group, self._work)
        rows = [[band.own for band in own] for own in bands]
        self._bands = Bands(self._group, rows, grid.width, self._planes.new)
        self._lbfgs = BandedLBFGS(self._bands, numbers.lr, numbers.history, numbers.sobolev)
        if "started" in self._snapshot:
            self._lbfgs.load(self._snapshot)
        else:
            self._bands.load(self._snapshot, 0)  # the first picture
        for loss in self._since:
            if loss is None:
                self._lbfgs.shrink()
            else:
                self._evaluated()
                self._lbfgs.tell(loss, None)
        if self._is_evaluated:
            self._evaluated()
