"""Losses: pure functions from tensors to a number, each with a thin module over it.

They know no network. Shapes: B pictures, C channels, H height, W width, n = H·W.
"""

from __future__ import annotations

from impasto.losses.content import ContentLoss, mse, relative_mse
from impasto.losses.gram import GramLoss, gram_loss, gram_matrix
from impasto.losses.moments import Moments, MomentsLoss, moments, moments_loss
from impasto.losses.total_variation import (
    TotalVariationLoss,
    charbonnier_total_variation,
    squared_total_variation,
    total_variation,
    vectorial_total_variation,
)

__all__ = [
    "ContentLoss",
    "GramLoss",
    "Moments",
    "MomentsLoss",
    "TotalVariationLoss",
    "charbonnier_total_variation",
    "gram_loss",
    "gram_matrix",
    "moments",
    "moments_loss",
    "mse",
    "relative_mse",
    "squared_total_variation",
    "total_variation",
    "vectorial_total_variation",
]
