"""Losses: pure functions from tensors to a number, each with a thin module over it.

They know no network. Shapes: B pictures, C channels, H height, W width, n = H·W.
"""

from __future__ import annotations

from impasto.losses.autocovariance import (
    OFFSETS,
    Autocovariance,
    autocovariance,
    autocovariance_loss,
)
from impasto.losses.content import ContentLoss, mse, relative_mse
from impasto.losses.from_sums import autocovariance_of, gram_of, moments_of
from impasto.losses.gram import GramLoss, gram_loss, gram_matrix, relative_gram_loss
from impasto.losses.kinds import STYLE_LOSSES, StyleStatistics, check_heads, style_loss
from impasto.losses.moments import Moments, MomentsLoss, moments, moments_loss, plain_loss
from impasto.losses.partners import PLACE
from impasto.losses.quantiles import quantiles
from impasto.losses.sliced import histogram_loss, orthogonal_directions, sliced_loss
from impasto.losses.style import StyleLoss
from impasto.losses.sums import Slopes, Sums, measured, merged, pull
from impasto.losses.total_variation import (
    TotalVariationLoss,
    charbonnier_total_variation,
    squared_total_variation,
    total_variation,
    vectorial_total_variation,
)
from impasto.losses.wasserstein import Gaussian, bures, gaussian, wasserstein_loss
from impasto.losses.windows import Window

__all__ = [
    "OFFSETS",
    "PLACE",
    "STYLE_LOSSES",
    "Autocovariance",
    "ContentLoss",
    "Gaussian",
    "GramLoss",
    "Moments",
    "MomentsLoss",
    "Slopes",
    "StyleLoss",
    "StyleStatistics",
    "Sums",
    "TotalVariationLoss",
    "Window",
    "autocovariance",
    "autocovariance_loss",
    "autocovariance_of",
    "bures",
    "charbonnier_total_variation",
    "check_heads",
    "gaussian",
    "gram_loss",
    "gram_matrix",
    "gram_of",
    "histogram_loss",
    "measured",
    "merged",
    "moments",
    "moments_loss",
    "moments_of",
    "mse",
    "orthogonal_directions",
    "plain_loss",
    "pull",
    "quantiles",
    "relative_gram_loss",
    "relative_mse",
    "sliced_loss",
    "squared_total_variation",
    "style_loss",
    "total_variation",
    "vectorial_total_variation",
    "wasserstein_loss",
]
