"""L-BFGS as ask and tell (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 3.1).

torch's L-BFGS hides its evaluations in a closure, so a run could be neither watched nor stopped
within one of its steps. This one asks for every evaluation, line-search probes included.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from impasto.methods.optimization.optimizers.line_search import MAX_PROBES, LineSearch
from impasto.methods.optimization.optimizers.pairs import dot
from impasto.methods.optimization.optimizers.protocol import State

__all__ = ["LBFGS"]

SUFFICIENT_DECREASE = 1e-4  # Armijo's constant


class LBFGS(LineSearch):
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
        super().__init__(pixels, lr, history, sobolev)
        self._loss = 0.0
        self._started = False

    def tell(self, loss: float, gradient: Tensor) -> None:
        """Accept the probe if it went down enough, else shorten the move."""
        if self._started:
            if loss > self._loss + SUFFICIENT_DECREASE * self._length * self._slope:
                self._backtrack(loss)
                return
            self._pairs.remember(self._pixels.detach() - self._point, gradient - self._gradient)
        self._started = True
        self._point.copy_(self._pixels.detach())
        self._gradient.copy_(gradient)
        self._loss = loss
        self._aim()

    def renew(self) -> None:
        """The loss is another from here on: the next probe is the accepted picture once more."""
        self._started = False
        self._go(0.0)

    def shrink(self) -> None:
        """The probe was not finite: a tenth of the move, from the last accepted picture."""
        self._probes += 1
        self._go(0.1 * self._length)

    def _aim(self) -> None:
        """Choose a direction from the accepted picture, and probe at its full length."""
        self._direction = self._pairs.precondition(-self._gradient)
        self._slope = dot(self._gradient, self._direction)
        if self._slope >= 0:
            self._forget()
        self._probes = 0
        self._go(self._lr if len(self._pairs) else self._first_length())

    def _forget(self) -> None:
        self._pairs.forget()
        self._direction = self._pairs.precondition(-self._gradient)
        self._slope = dot(self._gradient, self._direction)

    def _backtrack(self, loss: float) -> None:
        """Shorten to the minimum of the parabola through both losses and the slope."""
        self._probes += 1
        if self._probes > MAX_PROBES and len(self._pairs):
            self._forget()
            self._probes = 0
            self._go(0.1 * self._first_length())
            return
        self._go(self._shorter(loss - self._loss))

    def state(self) -> State:
        """Pictures, gradient, direction, history and the numbers of the line search."""
        return self._pairs.state() | {
            "pixels": self._pixels.detach(),
            "point": self._point,
            "gradient": self._gradient,
            "direction": self._direction,
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
        self._pairs.load(tensors, int(state["pairs"]))
        self._loss, self._slope = float(state["loss"]), float(state["slope"])
        self._length, self._probes = float(state["length"]), int(state["probes"])
        self._started = bool(state["started"])
