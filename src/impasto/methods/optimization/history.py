"""What a run has told so far: one row a step, ready for a checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from impasto.events import Step
from impasto.methods.optimization.schedule import Scale

__all__ = ["History"]


class History:
    """Losses, seconds and retries of every step done, and where each scale ended.

    Args:
        scales: of the run, with the most steps that each may have.
        names: of the losses, in the order of the columns; those of the first step if left out.
        rows: (steps done, losses + 2) float64: each loss, seconds, retries; None for a run that
            begins.
        ended: how many steps each scale had that is over, coarse to fine.

    Attributes:
        names: of the losses; empty before the first step.
        ended: as above, by now.
    """

    def __init__(
        self,
        scales: Sequence[Scale],
        names: Sequence[str] = (),
        rows: Tensor | None = None,
        ended: Sequence[int] = (),
    ) -> None:
        self._scales = tuple(scales)
        self.names, self.ended = tuple(names), tuple(ended)
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

    def end_scale(self) -> None:
        """The present scale is over; the next step is the first one of the next scale."""
        self.ended = (*self.ended, len(self) - sum(self.ended))

    def scales(self) -> tuple[Scale, ...]:
        """Those of the run: with the steps they had where they are over, else with the most."""
        return self._after(len(self.ended))

    def at_scale(self) -> list[float]:
        """The total loss of each step at the present scale, in order."""
        total = self.names.index("total") if self.names else 0
        return [row[total] for row in self._rows[sum(self.ended) :]]

    def _after(self, over: int) -> tuple[Scale, ...]:
        """The scales as they were known when so many of them were over."""
        done = zip(self._scales, self.ended[:over], strict=False)
        return (*(replace(scale, steps=steps) for scale, steps in done), *self._scales[over:])

    def _step(self, number: int) -> Step:
        *losses, seconds, retries = self._rows[number - 1]
        named = dict(zip(self.names, losses, strict=True))
        over, before = 0, 0
        while over < len(self.ended) and number > before + self.ended[over]:
            before += self.ended[over]
            over += 1
        scales = self._after(over)
        size, steps = (scales[over].height, scales[over].width), sum(s.steps for s in scales)
        return Step(number, steps, size, named, seconds, int(retries))

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
