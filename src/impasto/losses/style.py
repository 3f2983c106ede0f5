"""Style losses by name, of features against the blended statistics of one or more style images."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn

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
from impasto.losses.quantiles import quantiles
from impasto.losses.sliced import along, histogram_loss, orthogonal_directions
from impasto.losses.sums import PLACE, Offset, Slopes, Sums, slopes_of
from impasto.losses.taps import AutogradTap, GramTap, MomentsTap, Tap
from impasto.losses.wasserstein import Gaussian, gaussian, wasserstein_distance
from impasto.settings import registry

__all__ = ["STYLE_LOSSES", "StyleLoss", "StyleStatistics", "check_heads", "style_loss"]

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


class StyleLoss(nn.Module):
    """How far the statistics of features are from those of style images, at one layer.

    All kinds but "gram-raw" are divided by the target's own size, and multiplied by a constant
    that was measured: 1 for "moments" and "shifted", 4 for "gram", 1.5 for
    "wasserstein", 5 for "sliced", 3.5 for "histogram". So one weight serves all, on any backbone.
    The style itself is 0 away, or nearly; a picture without features is so many times 2, or a
    little more ("shifted"), or 1 ("gram").

    Args:
        styles: features (1 or B, C, h, w) of each style image; sizes may differ.
        kind: a name that `style_loss` knows: "moments" (mean and covariance), "shifted"
            (with covariances of places apart), "gram" (Gram matrices), "wasserstein" (mean and
            covariance as normal distributions), "sliced" (whole distributions along random
            directions), "histogram" (those of each channel), "gram-raw" (the chapter's) or another
            package's.
        shares: of each style in the blend, at least 0 with any sum above 0; equal if None. The
            statistics are blended, not the losses: the target is one style between the styles.
        style_weights: where in each style image features count, (1 or B, 1, h, w), at least 0,
            or None for everywhere.
        heads: groups the channels are split into, each with a matrix of its own; 1 for
            "sliced" and "histogram", which have no matrix.
        seed: of the directions of "sliced".
        plain: whether the styles have no texture, only a colour; see `plain_loss`.

    Raises:
        UnknownNameError: no such kind.
        SettingError: styles that do not fit each other, their shares or weights; heads that do
            not fit the channels or the kind.

    Example:
        >>> starry, wave = torch.rand(1, 4, 9, 9), torch.rand(1, 4, 5, 7)
        >>> loss = StyleLoss([starry, wave], "wasserstein", shares=[3, 1])
        >>> loss(starry).item() < loss(wave).item()
        True
    """

    directions: Tensor | None

    def __init__(
        self,
        styles: Sequence[Tensor],
        kind: str = "moments",
        *,
        shares: Sequence[float] | None = None,
        style_weights: Sequence[Tensor | None] | None = None,
        heads: int = 1,
        seed: int = 0,
        plain: bool = False,
    ) -> None:
        super().__init__()
        check_heads(kind, heads)
        self.kind, self.heads = kind, heads
        self.plain = plain
        statistics = self.statistics
        weights = [None] * len(styles) if style_weights is None else list(style_weights)
        blend = _blend(styles, shares, weights)
        if statistics.directions is None:
            self.directions = None
        else:
            directions = _directions(kind, styles[0].shape[1], seed).to(styles[0])
            self.register_buffer("directions", directions)
        with torch.no_grad():
            measured = [
                statistics.statistics(self._seen(style.detach()), heads, weight)
                for style, weight in zip(styles, weights, strict=True)
            ]
            means = [
                torch.stack([share * part for share, part in zip(blend, parts, strict=True)]).sum(0)
                for parts in zip(*measured, strict=True)
            ]
            target = statistics.settled(tuple(means))
        self._parts = len(target)
        for number, part in enumerate(target):
            self.register_buffer(f"target_{number}", part)

    @property
    def statistics(self) -> StyleStatistics:
        """What is compared; by name, so that the module can be pickled."""
        statistics = style_loss(self.kind)
        return statistics.for_plain or statistics if self.plain else statistics

    @property
    def target(self) -> Measured:
        """The blended statistics that features are compared with."""
        return tuple(self.get_buffer(f"target_{number}") for number in range(self._parts))

    def forward(self, features: Tensor, weights: Tensor | None = None) -> Tensor:
        """The loss of features, averaged over the batch.

        Args:
            features: (B, C, H, W).
            weights: (1 or B, 1, H, W), at least 0 with any sum above 0: where features count.

        Returns:
            A scalar, at least 0.
        """
        distance = self.statistics.distance(self._seen(features), self.target, self.heads, weights)
        return self.statistics.factor * distance

    def tap(self, weights: Tensor | None = None) -> Tap:
        """The same loss of one picture, as what looks at features on their way.

        Args:
            weights: as for `forward`.

        Example:
            >>> x, y = torch.rand(2, 1, 4, 9, 9)
            >>> loss = StyleLoss([y])
            >>> bool(torch.isclose(loss.tap()(x), loss(x)))
            True
        """
        own = self.statistics
        if own.tap is None or self.heads > 1 or self.directions is not None:
            return AutogradTap(lambda features: self(features, weights))
        return own.tap(self.target, own.factor, weights)

    @property
    def additive(self) -> bool:
        """Whether `of_sums` knows the loss: its features can be looked at part by part."""
        return self.statistics.additive and self.directions is None

    def of_sums(self, sums: Sums) -> tuple[float, Slopes]:
        """The same loss of one picture, of the sums of all its parts, and how it changes with them.

        Args:
            sums: by the offsets of `statistics` and the heads of this loss, merged.

        Returns:
            The loss, and what `impasto.losses.sums.pull` carries on to the features.

        Raises:
            SettingError: the kind has to see the whole picture at once, or no place counts.

        Example:
            >>> from impasto.losses import Window
            >>> from impasto.losses.sums import measured
            >>> x, y = torch.rand(2, 1, 4, 9, 9)
            >>> loss = StyleLoss([y])
            >>> value, _ = loss.of_sums(measured(x, Window.whole(9, 9), loss.statistics.offsets))
            >>> abs(value - loss(x).item()) < 1e-3
            True
        """
        own = self.statistics
        if own.of_sums is None or own.between is None or self.directions is not None:
            known = ", ".join(name for name, other in STYLE_LOSSES.items() if other.additive)
            raise SettingError(
                f"{self.kind} has to see the whole picture at once, and not by its parts: take one "
                f"of {known}"
            )
        of_sums, between = own.of_sums, own.between
        target = tuple(part.detach().to("cpu", torch.float64) for part in self.target)
        return slopes_of(
            lambda sums: own.factor * between(of_sums(sums), target), sums, own.offsets
        )

    def _seen(self, features: Tensor) -> Tensor:
        return features if self.directions is None else along(features, self.directions)


@cache
def _directions(kind: str, channels: int, seed: int) -> Tensor:
    """The directions of a kind that has some, on the CPU; not to be changed."""
    choose = style_loss(kind).directions
    assert choose is not None
    return choose(channels, seed)


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


def _blend(
    styles: Sequence[Tensor], shares: Sequence[float] | None, weights: Sequence[Tensor | None]
) -> list[float]:
    """Shares that sum to 1, of styles that fit each other."""
    if not styles:
        raise SettingError("no style is given: a style loss needs the features of at least one")
    if len({style.shape[1] for style in styles}) > 1:
        channels = " and ".join(str(style.shape[1]) for style in styles)
        raise SettingError(
            f"the styles have {channels} channels: take their features from the same layer"
        )
    parts = [1.0] * len(styles) if shares is None else [float(share) for share in shares]
    if len(parts) != len(styles) or len(weights) != len(styles):
        raise SettingError(
            f"{len(styles)} styles have {len(parts)} shares and {len(weights)} weights of places: "
            "give one of each for every style"
        )
    total = math.fsum(parts)
    if not (math.isfinite(total) and min(parts) >= 0 and total > 0):
        raise SettingError(
            f"shares of styles are {', '.join(f'{share:g}' for share in parts)}: each has to be "
            "finite and at least 0, and one above 0"
        )
    return [share / total for share in parts]
