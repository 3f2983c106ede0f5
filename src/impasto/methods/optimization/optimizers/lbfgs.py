"""L-BFGS as ask and tell (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 3.1).

torch's L-BFGS hides its evaluations in a closure, so a run could be neither watched nor stopped
within one of its steps. This one asks for every evaluation, line-search probes included.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from impasto.methods.optimization.optimizers.protocol import State
from impasto.methods.optimization.optimizers.sobolev import Sobolev

__all__ = ["LBFGS"]

SUFFICIENT_DECREASE = 1e-4  # Armijo's constant
FIRST_MOVE = 0.03  # root mean square of the first move, in standardised units, for lr 1
MAX_PROBES = 8  # shortenings of one direction before it is given up


class LBFGS:
    """Limited-memory BFGS with a backtracking line search: an accepted loss never rises.

    Args:
        pixels: the parameter to move, in place.
        lr: scales the first move and every full step.
        history: pairs of differences to remember; each costs twice the size of the picture.
        sobolev: strength of the preconditioner the recursion starts from; 0 is plain L-BFGS.

    Example:
        >>> x = nn.Parameter(torch.tensor([3.0, -4.0]))
        >>> lbfgs = LBFGS(x)
        >>> for _ in range(8):
        ...     at = lbfgs.ask()
        ...     lbfgs.tell(loss=at.square().sum().item(), gradient=2 * at)
        >>> bool(lbfgs.best().abs().max() < 1e-3)
        True
    """

    def __init__(
        self, pixels: nn.Parameter, lr: float = 1.0, history: int = 10, sobolev: float = 0.0
    ) -> None:
        self._pixels = pixels
        self._lr = lr
        self._history = history
        self._precondition = Sobolev(sobolev) if sobolev else torch.clone
        self._moves: list[Tensor] = []
        self._turns: list[Tensor] = []
        self._curvatures: list[float] = []  # of each pair, move · turn
        self._point = pixels.detach().clone()
        self._gradient = torch.zeros_like(self._point)
        self._direction = torch.zeros_like(self._point)
        self._loss = 0.0
        self._slope = 0.0
        self._length = 0.0
        self._probes = 0
        self._started = False

    def ask(self) -> Tensor:
        """The probe: the last accepted picture plus a move along the direction."""
        return self._pixels.detach()

    def best(self) -> Tensor:
        """The last accepted picture."""
        return self._point

    def good(self) -> Tensor:
        """The last accepted picture."""
        return self._point

    def tell(self, loss: float, gradient: Tensor) -> None:
        """Accept the probe if it went down enough, else shorten the move."""
        if self._started:
            if loss > self._loss + SUFFICIENT_DECREASE * self._length * self._slope:
                self._backtrack(loss)
                return
            self._remember(self._pixels.detach() - self._point, gradient - self._gradient)
        self._started = True
        self._point.copy_(self._pixels.detach())
        self._gradient.copy_(gradient)
        self._loss = loss
        self._aim()

    def shrink(self) -> None:
        """The probe was not finite: a tenth of the move, from the last accepted picture."""
        self._probes += 1
        self._go(0.1 * self._length)

    def _remember(self, move: Tensor, turn: Tensor) -> None:
        # Without curvature along the move the pair would make the direction go up.
        curvature = _dot(move, turn)
        if curvature > 1e-8 * math.sqrt(_dot(move, move) * _dot(turn, turn)):
            self._moves = [*self._moves, move][-self._history :]
            self._turns = [*self._turns, turn][-self._history :]
            self._curvatures = [*self._curvatures, curvature][-self._history :]

    def _aim(self) -> None:
        """Choose a direction from the accepted picture, and probe at its full length."""
        self._direction = self._quasi_newton()
        self._slope = _dot(self._gradient, self._direction)
        if self._slope >= 0:
            self._forget()
        self._probes = 0
        self._go(self._lr if self._moves else self._first_length())

    def _forget(self) -> None:
        self._moves, self._turns, self._curvatures = [], [], []
        self._direction = self._precondition(-self._gradient)
        self._slope = _dot(self._gradient, self._direction)

    def _first_length(self) -> float:
        size = self._direction.square().mean().sqrt().item()
        return self._lr * FIRST_MOVE / size if size > 0 else 0.0

    def _go(self, length: float) -> None:
        self._length = length
        with torch.no_grad():
            torch.add(self._point, self._direction, alpha=length, out=self._pixels)

    def _backtrack(self, loss: float) -> None:
        """Shorten to the minimum of the parabola through both losses and the slope."""
        self._probes += 1
        if self._probes > MAX_PROBES and self._moves:
            self._forget()
            self._probes = 0
            self._go(0.1 * self._first_length())
            return
        excess = loss - self._loss - self._slope * self._length
        best = -self._slope * self._length**2 / (2 * excess) if excess > 0 else 0.0
        self._go(min(max(best, 0.1 * self._length), 0.5 * self._length))

    def _quasi_newton(self) -> Tensor:
        """-H⁻¹·gradient by the two-loop recursion."""
        direction = -self._gradient
        if not self._moves:
            return self._precondition(direction)
        pairs = list(zip(self._moves, self._turns, self._curvatures, strict=True))
        weights = []
        for move, turn, curvature in reversed(pairs):
            weight = _dot(move, direction) / curvature
            direction.add_(turn, alpha=-weight)
            weights.append(weight)
        _, turn, curvature = pairs[-1]
        direction = self._precondition(direction)
        direction *= curvature / _dot(turn, self._precondition(turn))
        for (move, turn, curvature), weight in zip(pairs, reversed(weights), strict=True):
            back = _dot(turn, direction) / curvature
            direction.add_(move, alpha=weight - back)
        return direction

    def state(self) -> State:
        """Pictures, gradient, direction, history and the numbers of the line search."""
        pairs: State = {}
        for i, (move, turn) in enumerate(zip(self._moves, self._turns, strict=True)):
            pairs |= {f"move_{i}": move, f"turn_{i}": turn}
        return pairs | {
            "pixels": self._pixels.detach(),
            "point": self._point,
            "gradient": self._gradient,
            "direction": self._direction,
            "pairs": len(self._moves),
            "loss": self._loss,
            "slope": self._slope,
            "length": self._length,
            "probes": self._probes,
            "started": int(self._started),
        }

    def load(self, state: State) -> None:
        """Go on from `state`."""
        tensors = {
            name: value.to(self._point.device).clone()
            for name, value in state.items()
            if isinstance(value, Tensor)
        }
        with torch.no_grad():
            self._pixels.copy_(tensors["pixels"])
        self._point, self._gradient = tensors["point"], tensors["gradient"]
        self._direction = tensors["direction"]
        pairs = range(int(state["pairs"]))
        self._moves = [tensors[f"move_{i}"] for i in pairs]
        self._turns = [tensors[f"turn_{i}"] for i in pairs]
        self._curvatures = [_dot(*pair) for pair in zip(self._moves, self._turns, strict=True)]
        self._loss, self._slope = float(state["loss"]), float(state["slope"])
        self._length, self._probes = float(state["length"]), int(state["probes"])
        self._started = bool(state["started"])


def _dot(a: Tensor, b: Tensor) -> float:
    return torch.dot(a.flatten(), b.flatten()).item()
