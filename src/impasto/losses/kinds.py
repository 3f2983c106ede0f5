"""Kinds of style losses by name: which statistics each takes, and how far others are from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from torch import Tensor

from impasto.errors import SettingError
from impasto.losses.autocovariance import (
    OFFSETS,
    Autocovariance,
    autocovariance,
    autocovariance_tap,
    relative_autocovariance,
)
from impasto.losses.from_sums import autocovariance_of, gram_of, moments_of
from impasto.losses.gram import gram_apart, gram_matrix, own_size, relative_gram
from impasto.losses.moments import (
    Factors,
    Moments,
    moments,
    plain_factors,
    plain_moments,
    relative_factors,
    relative_moments,
)
from impasto.losses.partners import PLACE, Offset
from impasto.losses.quantiles import quantiles
from impasto.losses.sliced import histogram_loss, orthogonal_directions
from impasto.losses.sums import Sums
from impasto.losses.taps import GramTap, MomentsTap, Tap
from impasto.losses.wasserstein import Gaussian, gaussian, wasserstein_distance
from impasto.settings import registry

__all__ = ["STYLE_LOSSES", "Measured", "StyleStatistics", "check_heads", "style_loss"]

Measured = tuple[Tensor, ...]


@dataclass(frozen=True)
class StyleStatistics:
    """One kind of style loss: which statistics it takes, and how far others are from them.

    Another package adds a kind by an entry point of the group `impasto.losses` that names one.

    Attributes:
        statistics: of (B, C, H, W) features, by heads and weights of places. Those of several
            pictures are blended by their weighted mean.
        distance: the loss of features against such statistics, by heads and weights.
        settled: what `distance` wants of the blended statistics, if not these themselves.
        directions: (D, C), along which features are seen, by channels and seed; None: by channel.
        by_heads: whether channels can be split into groups.
        factor: of the distance, so that one weight serves all kinds.
        between: the loss of such statistics against others; `distance` for statistics that are
            known. None where it is not known of these alone.
        offsets: of the sums that `of_sums` takes, the first a place with itself.
        of_sums: the statistics of a picture from the sums of its parts, differentiable; None where
            the whole picture has to be seen at once.
        tap: of the blended statistics, a factor and weights of places, what `distance` is without
            heads, with a gradient of its own; None where torch has to find it.
        for_plain: what compares with styles without texture instead, where this would divide by
            the spread that they have not; None where it need not.
        sorting_bytes: what sorting takes for each place and channel, on top of the features.
        copies: of the features that comparing takes; a tap, of one layer at a time.
    """

    statistics: Callable[[Tensor, int, Tensor | None], Measured]
    distance: Callable[[Tensor, Measured, int, Tensor | None], Tensor]
    settled: Callable[[Measured], Measured] = lambda blended: blended
    directions: Callable[[int, int], Tensor] | None = None
    by_heads: bool = True
    factor: float = 1.0
    between: Callable[[Measured, Measured], Tensor] | None = None
    offsets: tuple[Offset, ...] = (PLACE,)
    of_sums: Callable[[Sums], Measured] | None = None
    tap: Callable[[Measured, float, Tensor | None], Tap] | None = None
    for_plain: StyleStatistics | None = None
    sorting_bytes: int = 0
    copies: int = 0

    @property
    def additive(self) -> bool:
        """Whether parts of a picture can be looked at one by one, as tiles and frames are."""
        return self.of_sums is not None and self.between is not None


def _of_moments(factors: Callable[[Moments], Factors]) -> Callable[..., Tap]:
    def tap(target: Measured, factor: float, weights: Tensor | None) -> Tap:
        mean, covariance = target
        of_mean, of_covariance = (factor * own.item() for own in factors(Moments(*target)))
        return MomentsTap(mean, covariance, of_mean, of_covariance, weights)

    return tap


def _of_gram(own: Callable[[Tensor], float]) -> Callable[..., Tap]:
    def tap(target: Measured, factor: float, weights: Tensor | None) -> Tap:
        return GramTap(target[0], factor / own(target[0]), weights)

    return tap


def _additive(
    statistics: Callable[[Tensor, int, Tensor | None], Measured],
    between: Callable[[Measured, Measured], Tensor],
    of_sums: Callable[[Sums], Measured],
    **others: Any,
) -> StyleStatistics:
    def distance(x: Tensor, target: Measured, heads: int, weights: Tensor | None) -> Tensor:
        return between(statistics(x, heads, weights), target)

    return StyleStatistics(statistics, distance, between=between, of_sums=of_sums, **others)


# Factors: four paintings (192 px, 120 steps, strength 0.5) then have the content loss that moments
# give, within 2 % in the geometric mean, single ones from 19 % less to 38 % more; they look as
# strong as each other. Without, all but wasserstein painted plainly less.
PLAIN = _additive(
    moments,
    lambda own, target: plain_moments(Moments(*own), Moments(*target)),
    moments_of,
    tap=_of_moments(plain_factors),
)
MOMENTS = _additive(
    moments,
    lambda own, target: relative_moments(Moments(*own), Moments(*target)),
    moments_of,
    tap=_of_moments(relative_factors),
    for_plain=PLAIN,
)
AUTOCOVARIANCE = _additive(
    autocovariance,
    lambda own, target: relative_autocovariance(Autocovariance(*own), Autocovariance(*target)),
    autocovariance_of,
    offsets=(PLACE, *OFFSETS),
    tap=lambda target, factor, weights: autocovariance_tap(
        Autocovariance(*target), factor, weights
    ),
    for_plain=PLAIN,
    copies=1,
)
GRAM = _additive(
    lambda x, h, w: (gram_matrix(x, h, w),),
    lambda own, target: relative_gram(own[0], target[0]),
    lambda sums: (gram_of(sums),),
    factor=4.0,
    tap=_of_gram(lambda gram: own_size(gram).item()),
)
GRAM_RAW = _additive(
    lambda x, h, w: (gram_matrix(x, h, w),),
    lambda own, target: gram_apart(own[0], target[0]),
    lambda sums: (gram_of(sums),),
    tap=_of_gram(lambda gram: gram.numel()),
)
WASSERSTEIN = _additive(
    moments,
    lambda own, target: wasserstein_distance(Moments(*own), Gaussian(*target)),
    moments_of,
    settled=lambda blended: gaussian(Moments(*blended)),
    factor=1.5,
    for_plain=PLAIN,
)
# Sorting: measured with slim at 512 x 384 px over what moments take.
HISTOGRAM = StyleStatistics(
    lambda x, _, w: (quantiles(x, w),),
    lambda x, t, _, w: histogram_loss(x, t[0], w),
    by_heads=False,
    factor=3.5,
    for_plain=PLAIN,
    sorting_bytes=10,
)
SLICED = StyleStatistics(
    HISTOGRAM.statistics,
    HISTOGRAM.distance,
    directions=orthogonal_directions,
    by_heads=False,
    factor=5.0,
    for_plain=PLAIN,
    sorting_bytes=34,
)


def style_loss(kind: str) -> StyleStatistics:
    """The style loss of that name, ours or another package's.

    Raises:
        UnknownNameError: there is none.

    Example:
        >>> style_loss("sliced").additive
        False
    """
    statistics: StyleStatistics = registry.load(registry.LOSSES, kind)
    return statistics


STYLE_LOSSES: Mapping[str, StyleStatistics] = MappingProxyType(
    {name: style_loss(name) for name in registry.BUILT_IN[registry.LOSSES]}
)
"""Ours, by name; `style_loss` knows those of other packages too."""


def check_heads(kind: str, heads: int) -> None:
    """Refuse a style loss that is none, or heads for one that has no matrix.

    Raises:
        UnknownNameError: no such kind.
        SettingError: more than one head where there is nothing to split.

    Example:
        >>> check_heads("moments", 4)
    """
    if not style_loss(kind).by_heads and heads != 1:
        split = ", ".join(name for name, other in STYLE_LOSSES.items() if other.by_heads)
        raise SettingError(
            f"{kind} has no matrix that {heads} heads could split: take 1 head, or one of {split}"
        )
