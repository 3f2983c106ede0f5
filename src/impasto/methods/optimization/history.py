"""What a run has told so far: one row a step, ready for a checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

from impasto.events import Step
from impasto.methods.optimization.schedule import Scale

__all__ = ["History"]


class History:
    """Losses, seconds and retries of every step done.

    Args:
        scales: of the run; they say which step belongs to which size.
        names: of the losses, in the order of the columns; those of the first step if left out.
        rows: (steps done, losses + 2) float64: each loss, seconds, retries; None for a run that
            begins.

    Attributes:
        names: of the losses; empty before the first step.
    """

    def __init__(
        self, scales: Sequence[Scale], names: Sequence[str] = (), rows: Tensor | None = None
    ) -> None:
        self._sizes = [(s.height, s.width) for s in scales for _ in range(s.steps)]
        self.names = tuple(names)
        self._rows: list[list[float]] = [] if rows is None else rows.tolist()

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Step]:
        return (self._step(number) for number in range(1, len(self) + 1))

    def add(self, losses: Mapping[str, float], seconds: float, retries: int) -> Step:
        """Keep one step and tell it."""
        self.names = self.names or tuple(losses)
        self._rows.append([*(losses[name] for name in self.names), seconds, retries])
        return self._step(len(self))

    def _step(self, number: int) -> Step:
        *losses, seconds, retries = self._rows[number - 1]
        named = dict(zip(self.names, losses, strict=True))
        size = self._sizes[number - 1]
        return Step(number, len(self._sizes), size, named, seconds, int(retries))

    @property
    def seconds(self) -> float:
        """Of the last step, since the start; 0 before the first."""
        return self._rows[-1][-2] if self._rows else 0.0

    @property
    def losses(self) -> list[dict[str, float]]:
        """Weighted losses of every step, by name."""
        return [dict(step.losses) for step in self]

    def tensor(self) -> Tensor:
        """The rows, as the constructor takes them."""
        return torch.tensor(self._rows, dtype=torch.float64).reshape(-1, len(self.names) + 2)
