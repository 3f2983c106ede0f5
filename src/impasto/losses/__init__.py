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
from impasto.losses.feature_sums import FeatureSums, feature_sums, gram_of, merged, moments_of
from impasto.losses.gram import GramLoss, gram_loss, gram_matrix, relative_gram_loss
from impasto.losses.moments import Moments, MomentsLoss, moments, moments_loss, plain_loss
from impasto.losses.quantiles import quantiles
from impasto.losses.sliced import histogram_loss, orthogonal_directions, sliced_loss
from impasto.losses.style import (
    STYLE_LOSSES,
    StyleLoss,
    StyleStatistics,
    check_heads,
    style_loss,
)
from impasto.losses.total_variation import (
    TotalVariationLoss,
    charbonnier_total_variation,
    squared_total_variation,
    total_variation,
    vectorial_total_variation,
)
from impasto.losses.wasserstein import Gaussian, bures, gaussian, wasserstein_loss

__all__ = [
    "OFFSETS",
    "STYLE_LOSSES",
    "Autocovariance",
    "ContentLoss",
    "FeatureSums",
    "Gaussian",
    "GramLoss",
    "Moments",
    "MomentsLoss",
    "StyleLoss",
    "StyleStatistics",
    "TotalVariationLoss",
    "autocovariance",
    "autocovariance_loss",
    "bures",
    "charbonnier_total_variation",
    "check_heads",
    "feature_sums",
    "gaussian",
    "gram_loss",
    "gram_matrix",
    "gram_of",
    "histogram_loss",
    "merged",
    "moments",
    "moments_loss",
    "moments_of",
    "mse",
    "orthogonal_directions",
    "plain_loss",
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
