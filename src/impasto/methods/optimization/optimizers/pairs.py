"""What L-BFGS remembers of the curvature it met: the two-loop recursion over a few pairs."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from impasto.methods.optimization.optimizers.protocol import State
from impasto.methods.optimization.optimizers.sobolev import Sobolev

__all__ = ["Pairs", "dot"]


class Pairs:
    """An inverse Hessian made of the last moves and the turns of the gradient along them.

    Args:
        history: pairs to remember; each costs twice the size of the picture.
        sobolev: strength of the preconditioner the recursion starts from; 0 is the identity.

    Example:
        >>> pairs = Pairs(history=5)
        >>> move = torch.tensor([2.0, 0.0])
        >>> pairs.remember(move, 4 * move)  # the gradient turns four times as far
        >>> pairs.precondition(torch.tensor([8.0, 0.0])).tolist()
        [2.0, 0.0]

    Source: Nocedal and Wright, Numerical Optimization, algorithm 7.4.
    """

    def __init__(self, history: int, sobolev: float = 0.0) -> None:
        self._history = history
        self._metric = Sobolev(sobolev) if sobolev else torch.clone
        self.forget()

    def __len__(self) -> int:
        return len(self._moves)

    def forget(self) -> None:
        """Keep no pair."""
        self._moves: list[Tensor] = []
        self._turns: list[Tensor] = []
        self._curvatures: list[float] = []  # of each pair, move · turn
        self._scaling: float | None = None  # of the metric, from the last pair; on demand

    def remember(self, move: Tensor, turn: Tensor) -> None:
        """Keep a pair; the oldest one gives way.

        Args:
            move: from one picture to the next, (1, 3, H, W).
            turn: from the gradient at the one to that at the other, (1, 3, H, W).
        """
        # A network that computes channels last hands out gradients laid out so, and every inner
        # product of such a turn with a move would copy it first.
        move, turn = move.contiguous(), turn.contiguous()
        # Without curvature along the move the pair would make a direction go up.
        curvature = dot(move, turn)
        if curvature > 1e-8 * math.sqrt(dot(move, move) * dot(turn, turn)):
            self._moves = [*self._moves, move][-self._history :]
            self._turns = [*self._turns, turn][-self._history :]
            self._curvatures = [*self._curvatures, curvature][-self._history :]
            self._scaling = None

    def precondition(self, gradient: Tensor) -> Tensor:
        """The inverse Hessian times a gradient, (1, 3, H, W), as a new tensor.

        Before the first pair it is the preconditioner alone.
        """
        if not self._moves:
            return self._metric(gradient)
        direction = gradient.clone()
        pairs = list(zip(self._moves, self._turns, self._curvatures, strict=True))
        weights = []
        for move, turn, curvature in reversed(pairs):
            weight = dot(move, direction) / curvature
            direction.add_(turn, alpha=-weight)
            weights.append(weight)
        if self._scaling is None:
            _, turn, curvature = pairs[-1]
            self._scaling = curvature / dot(turn, self._metric(turn))
        direction = self._metric(direction)
        direction *= self._scaling
        for (move, turn, curvature), weight in zip(pairs, reversed(weights), strict=True):
            back = dot(turn, direction) / curvature
            direction.add_(move, alpha=weight - back)
        return direction

    def state(self) -> State:
        """The pairs and their number; tensors are not copied."""
        state: State = {"pairs": len(self)}
        for i, (move, turn) in enumerate(zip(self._moves, self._turns, strict=True)):
            state |= {f"move_{i}": move, f"turn_{i}": turn}
        return state

    def load(self, tensors: dict[str, Tensor], count: int) -> None:
        """Go on from the first `count` pairs of a state; the tensors are kept as they are."""
        self._moves = [tensors[f"move_{i}"] for i in range(count)]
        self._turns = [tensors[f"turn_{i}"] for i in range(count)]
        self._curvatures = [dot(*pair) for pair in zip(self._moves, self._turns, strict=True)]
        self._scaling = None


def dot(a: Tensor, b: Tensor) -> float:
    """Inner product of two tensors of one shape."""
    return torch.dot(a.flatten(), b.flatten()).item()
