"""Losses: pure functions from tensors to a number, each with a thin module over it.

They know no network. Shapes: B pictures, C channels, H height, W width, n = H·W.
"""

from __future__ import annotations

from impasto.losses.content import ContentLoss, mse, relative_mse
from impasto.losses.gram import GramLoss, gram_loss, gram_matrix, relative_gram_loss
from impasto.losses.moments import Moments, MomentsLoss, moments, moments_loss
from impasto.losses.quantiles import quantiles
from impasto.losses.sliced import histogram_loss, orthogonal_directions, sliced_loss
from impasto.losses.style import STYLE_LOSSES, StyleLoss, check_heads
from impasto.losses.total_variation import (
    TotalVariationLoss,
    charbonnier_total_variation,
    squared_total_variation,
    total_variation,
    vectorial_total_variation,
)
from impasto.losses.wasserstein import Gaussian, bures, gaussian, wasserstein_loss

__all__ = [
    "STYLE_LOSSES",
    "ContentLoss",
    "Gaussian",
    "GramLoss",
    "Moments",
    "MomentsLoss",
    "StyleLoss",
    "TotalVariationLoss",
    "bures",
    "charbonnier_total_variation",
    "check_heads",
    "gaussian",
    "gram_loss",
    "gram_matrix",
    "histogram_loss",
    "moments",
    "moments_loss",
    "mse",
    "orthogonal_directions",
    "quantiles",
    "relative_gram_loss",
    "relative_mse",
    "sliced_loss",
    "squared_total_variation",
    "total_variation",
    "vectorial_total_variation",
    "wasserstein_loss",
]
