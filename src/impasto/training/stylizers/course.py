"""What decides which network a training ends with, besides the pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from impasto.training.stylizers import start

__all__ = ["Course"]

WARM_UP, LOWEST = 20, 0.02  # steps in which the learning rate rises; what is left of it at the end


@dataclass(frozen=True)
class Course:
    """All that decides which network comes out, besides the pictures.

    Attributes:
        steps: of the training.
        width, start: see `begin`.
        adversarial: weight of the critic's opinion; 0 for no critic.
        side, batch: of the crops of a step, in px, and how many.
        draws: (style, strength) pairs of a step, which share the crops.
        lr: the highest learning rate.
        seed: of everything that is drawn.
        precision: of features and painter: "float32" or "bf16".
        shares: batches of a step, whose gradients are averaged. They may be computed at once by
            as many workers; whoever computes them, the network is the same.
    """

    steps: int
    width: start.Width = "m"
    start: start.Start = "brush"
    adversarial: float = 0.0
    side: int = 384
    batch: int = 2
    draws: int = 2
    lr: float = 2e-3
    seed: int = 0
    precision: str = "float32"
    shares: int = 1

    @property
    def dtype(self) -> torch.dtype:
        """That of features."""
        return torch.bfloat16 if self.precision == "bf16" else torch.float32

    def rate(self, step: int) -> float:
        """The learning rate of a step, from 1: up, then down along a cosine.

        Example:
            >>> course = Course(steps=1000, lr=1.0)
            >>> [round(course.rate(step), 2) for step in (10, 500, 1000)]
            [0.5, 0.51, 0.02]
        """
        wave = 0.5 * (1 + math.cos(math.pi * step / self.steps))
        return self.lr * min(1.0, step / WARM_UP) * (LOWEST + (1 - LOWEST) * wave)
