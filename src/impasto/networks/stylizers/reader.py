"""The reader: a style picture's statistics become the code that the painter paints by.

It never sees the picture itself, only mean and covariance of `slim`'s features, so that a part of a
picture, several pictures together, or statistics that were kept are read in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["LAYERS", "Reader", "Statistics"]

# Of a layer: mean (B, 1, C, 1) and covariance (B, 1, C, C), as `losses.moments` gives them.
Statistics: TypeAlias = tuple[Tensor, Tensor]

# Of slim, with the channels of each.
LAYERS = {"relu1_1": 16, "relu2_1": 32, "relu3_1": 96, "relu4_1": 192, "relu5_1": 192}
PROJECTED = 16  # directions of each layer whose correlations are read
HIDDEN = 192
CORRECTIONS = 4  # directions along which a code is bent where it lies too far out
SMALLEST = 1e-6
FARTHEST = 4.0  # deviations from the mean of all styles: what lies beyond was never met in learning


class Reader(nn.Module):
    """From the statistics of a style to its code.

    Args:
        code: how many numbers it has.
    """

    centre: Tensor
    spread: Tensor
    _upper: Tensor

    def __init__(self, code: int = 128) -> None:
        super().__init__()
        of_one = sum(LAYERS.values())
        self.projections = nn.ParameterDict(
            {
                layer: torch.randn(PROJECTED, channels) / channels**0.5
                for layer, channels in LAYERS.items()
            }
        )
        pairs = len(LAYERS) * PROJECTED * (PROJECTED + 1) // 2
        self.register_buffer("centre", torch.zeros(2 * of_one))
        self.register_buffer("spread", torch.ones(2 * of_one))
        upper = torch.triu_indices(PROJECTED, PROJECTED)
        self.register_buffer("_upper", upper[0] * PROJECTED + upper[1], persistent=False)
        self.first = nn.Linear(2 * of_one + pairs, HIDDEN)
        self.middle = nn.Linear(HIDDEN, HIDDEN)
        self.second = nn.Linear(HIDDEN, code)
        self.inner, self.outer = nn.Linear(code, CORRECTIONS), nn.Linear(CORRECTIONS, code)

    def forward(self, statistics: Mapping[str, Statistics]) -> Tensor:
        """The codes of styles.

        Args:
            statistics: by layer, of B styles.

        Returns:
            (B, S).
        """
        single = (single_numbers(statistics) - self.centre) / self.spread
        single = FARTHEST * torch.tanh(single / FARTHEST)
        numbers = torch.cat((single, self._correlations(statistics)), 1)
        hidden = F.relu(self.first(numbers))
        hidden = hidden + F.relu(self.middle(hidden))
        code = self.second(hidden)
        corrected: Tensor = code + self.outer(F.relu(self.inner(code)))
        return corrected

    def _correlations(self, statistics: Mapping[str, Statistics]) -> Tensor:
        """Of projections of each layer's features, each divided by its deviation."""
        parts = []
        for layer, projection in self.projections.items():
            covariance = statistics[layer][1][:, 0]
            deviation = covariance.diagonal(dim1=-2, dim2=-1).clamp(min=SMALLEST).sqrt()
            correlation = covariance / deviation[:, :, None] / deviation[:, None]
            projected = projection @ correlation @ projection.T  # (B, 16, 16)
            parts.append(projected.flatten(1).index_select(1, self._upper))
        return torch.cat(parts, 1)

    @torch.no_grad()
    def calibrate(self, statistics: Mapping[str, Statistics]) -> None:
        """Take mean and deviation of the single numbers from those of many styles."""
        single = single_numbers(statistics)
        self.centre.copy_(single.mean(0))
        self.spread.copy_(single.std(0).clamp(min=1e-2))


def single_numbers(statistics: Mapping[str, Statistics]) -> Tensor:
    """Root of the mean and log of the deviation of every channel of every layer, (B, 2 C)."""
    means, deviations = [], []
    for layer in LAYERS:
        mean, covariance = statistics[layer]
        means.append(mean[:, 0, :, 0].clamp(min=0).add(SMALLEST).sqrt())
        variance = covariance[:, 0].diagonal(dim1=-2, dim2=-1)
        deviations.append(variance.clamp(min=SMALLEST).log() / 2)
    return torch.cat((*means, *deviations), 1)
