"""L-BFGS as ask and tell (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 3.1).

torch's L-BFGS hides its evaluations in a closure, so a run could be neither watched nor stopped
within one of its steps. This one asks for every evaluation, line-search probes included.
"""

from __future__ import annotations

from torch import Tensor

from impasto.methods.optimization.optimizers.backtracking import Backtracking
from impasto.methods.optimization.optimizers.line_search import LineSearch
from impasto.methods.optimization.optimizers.pairs import dot
from impasto.methods.optimization.optimizers.protocol import State

__all__ = ["LBFGS"]


class LBFGS(LineSearch, Backtracking[Tensor]):
    """Limited-memory BFGS with a backtracking line search: an accepted loss never rises.

    Args:
        pixels: the parameter to move, in place.
        lr: scales the first move and every full step.
        history: pairs of differences to remember; each costs twice the size of the picture.
        sobolev: strength of the preconditioner the recursion starts from; 0 is plain L-BFGS.

    Example:
        >>> import torch
        >>> x = torch.nn.Parameter(torch.tensor([3.0, -4.0]))
        >>> lbfgs = LBFGS(x)
        >>> for _ in range(8):
        ...     at = lbfgs.ask()
        ...     lbfgs.tell(loss=at.square().sum().item(), gradient=2 * at)
        >>> bool(lbfgs.best().abs().max() < 1e-3)
        True
    """

    def renew(self) -> None:
        """The loss is another from here on: the next probe is the accepted picture once more."""
        self._started = False
        self._go(0.0)

    def _accept(self, gradient: Tensor, /) -> None:
        if self._started:
            self._pairs.remember(self._pixels.detach() - self._point, gradient - self._gradient)
        self._point.copy_(self._pixels.detach())
        self._gradient.copy_(gradient)

    def _set_direction(self) -> None:
        self._direction = self._pairs.precondition(-self._gradient)
        self._slope = dot(self._gradient, self._direction)

    def _forget_pairs(self) -> None:
        self._pairs.forget()

    def _count_pairs(self) -> int:
        return len(self._pairs)

    def state(self) -> State:
        """Pictures, gradient, direction, history and the numbers of the line search."""
        return self._vectors() | self._numbers()

    def load(self, state: State) -> None:
        """Go on from `state`."""
        self._load_vectors(state)
        self._load_numbers(state)
