"""The two loops of L-BFGS over products of vectors, without the vectors."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["Recursion"]


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
