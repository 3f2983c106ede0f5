"""The order of L-BFGS with backtracking, whatever its vectors are and wherever they lie.

Source: Nocedal and Wright, Numerical Optimization, algorithms 7.5 and 3.1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from impasto.methods.optimization.optimizers.line_search import MAX_PROBES, shortened
from impasto.methods.optimization.optimizers.protocol import State

__all__ = ["Backtracking"]

SUFFICIENT_DECREASE = 1e-4  # Armijo's constant

Gradient = TypeVar("Gradient")


class Backtracking(ABC, Generic[Gradient]):
    """Accept a probe that went down enough and aim anew, else shorten the move.

    A direction that goes up, or that no shortening makes go down, costs the remembered pairs. Who
    inherits this keeps the vectors: the accepted picture, its gradient, the pairs, the direction.
    """

    _lr: float
    _loss = 0.0  # of the accepted picture
    _slope = 0.0  # of the loss there along the direction
    _length = 0.0  # of the move, in directions
    _probes = 0  # shortenings of this direction
    _started = False  # whether a picture is accepted

    def tell(self, loss: float, gradient: Gradient) -> None:
        """Accept the probe if it went down enough, else shorten the move."""
        enough = SUFFICIENT_DECREASE * self._length * self._slope
        if self._started and loss > self._loss + enough:
            self._backtrack(loss)
            return
        self._accept(gradient)
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
            self._begin_anew()
        self._probes = 0
        self._go(self._lr if self._count_pairs() else self._first_length())

    def _begin_anew(self) -> None:
        self._forget_pairs()
        self._set_direction()

    def _backtrack(self, loss: float) -> None:
        """Shorten to the minimum of the parabola through both losses and the slope."""
        self._probes += 1
        if self._probes > MAX_PROBES and self._count_pairs():
            self._begin_anew()
            self._probes = 0
            self._go(0.1 * self._first_length())
            return
        self._go(shortened(loss - self._loss, self._slope, self._length))

    # The vectors

    @abstractmethod
    def _accept(self, gradient: Gradient, /) -> None:
        """Take the probe as the accepted picture; a pair too, if one was accepted before."""

    @abstractmethod
    def _set_direction(self) -> None:
        """Choose the direction, and its slope, from the accepted picture and the pairs."""

    @abstractmethod
    def _forget_pairs(self) -> None:
        """Remember none."""

    @abstractmethod
    def _count_pairs(self) -> int:
        """How many are remembered."""

    @abstractmethod
    def _first_length(self) -> float:
        """Of a move without any pair, in directions."""

    @abstractmethod
    def _go(self, length: float) -> None:
        """Put the probe so far along the direction."""

    # Its state, for a checkpoint

    def _numbers(self) -> State:
        return {
            "loss": self._loss,
            "slope": self._slope,
            "length": self._length,
            "probes": self._probes,
            "started": int(self._started),
        }

    def _load_numbers(self, state: State) -> None:
        self._loss, self._slope = float(state["loss"]), float(state["slope"])
        self._length, self._probes = float(state["length"]), int(state["probes"])
        self._started = bool(state["started"])
