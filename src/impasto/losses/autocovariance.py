"""Autocovariance as a style: how features go together with those a few places further on.

Moments know how often a feature comes and with which others at one place, not how far it goes on:
a stroke and the same stroke in crumbs have the same moments. Covariances between places some steps
apart tell them apart, and a narrow network, whose few channels say little of one place, says much
more so. They cost products of matrices and no convolution. Letters as in `impasto.losses`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from impasto.losses.gram import split_heads
from impasto.losses.moments import Moments, moments, relative_factors, relative_moments
from impasto.losses.spatial_weights import check_weights
from impasto.losses.taps import MomentsTap, Tap, matrix_of

__all__ = [
    "OFFSETS",
    "SMALLEST",
    "Autocovariance",
    "autocovariance",
    "autocovariance_loss",
    "autocovariance_tap",
    "relative_autocovariance",
]

# (down, right) in places of a layer. The way back gives the same matrices, transposed.
# Of those tried (1, 2, 3 and 4 places, with diagonals or without), two alone did as much as eight.
OFFSETS = ((0, 3), (3, 0))
# Of all offsets together, in covariances of the place itself.
WEIGHT = 2.0
MARGIN = max(right for _, right in OFFSETS)
SMALLEST = 1e-12
PART = 2**17  # numbers at a time


class Autocovariance(NamedTuple):
    """Moments, and covariances of places apart.

    Attributes:
        mean: (B, heads, C / heads, 1).
        covariance: (B, heads, C / heads, C / heads).
        apart: (B, heads, offsets, C / heads, C / heads): rows for a channel at a place, columns
            for a channel that far from it.
    """

    mean: Tensor
    covariance: Tensor
    apart: Tensor

    @property
    def moments(self) -> Moments:
        """Without places apart."""
        return Moments(self.mean, self.covariance)


class Pairs(NamedTuple):
    """The places of an offset that are both in the picture, as slices of all places in rows.

    Attributes:
        near, far: the place, and that which is so far from it.
        number: of pairs.
        down, right: from the one to the other.
    """

    near: slice
    far: slice
    number: int
    down: int
    right: int


def pairs(height: int, width: int, margin: int = MARGIN) -> Iterator[Pairs]:
    """For each offset; one that reaches beyond a small map is as long as the map allows.

    Args:
        height, width: of the map.
        margin: places behind each row, as in `in_rows`.
    """
    places = height * (width + margin)
    for down, right in OFFSETS:
        down, right = min(down, height - 1), min(right, width - 1)
        ahead = down * (width + margin) + right
        number = (height - down) * (width - right)
        yield Pairs(slice(0, places - ahead), slice(ahead, places), number, down, right)


def in_rows(x: Tensor, height: int, width: int) -> Tensor:
    """(..., n, C) of n = H·W places with as many zeros behind each row as an offset is wide.

    Then places an offset apart are two slices, and what reaches over an edge meets zeros.
    """
    *batch, _, channels = x.shape
    padded = x.new_zeros(*batch, height, width + MARGIN, channels)
    padded[..., :width, :] = x.reshape(*batch, height, width, channels)
    return padded.flatten(-3, -2)


def autocovariance(
    features: Tensor, heads: int = 1, weights: Tensor | None = None
) -> Autocovariance:
    """Moments, and covariances of places apart.

    Args:
        features: (B, C, H, W).
        heads: how many groups the channels are split into, each with covariances of its own.
        weights: (1 or B, 1, H, W), where features count; a pair counts by their product.

    Example:
        >>> stripes = torch.tensor([1.0, -1.0]).repeat(4).view(1, 1, 1, 8)
        >>> autocovariance(stripes).apart[0, 0, :, 0, 0].tolist()  # the third one, and itself
        [-1.0, 1.0]
    """
    own = moments(features, heads, weights)
    height, width = features.shape[-2:]
    x = in_rows((split_heads(features, heads) - own.mean).mT, height, width)
    counts = None if weights is None else _in_rows_too(weights, features)
    apart = []
    for pair in pairs(height, width):
        first, second = x[..., pair.near, :], x[..., pair.far, :]
        if counts is not None:
            apart.append((first * _shares(counts, pair)).mT @ second)
        else:
            apart.append(first.mT @ second / pair.number)
    return Autocovariance(*own, torch.stack(apart, 2))


def autocovariance_loss(
    features: Tensor, target: Autocovariance, heads: int = 1, weights: Tensor | None = None
) -> Tensor:
    """Moments' loss, and 2 · mean over offsets d of |A_d - A'_d|² / |Σ'|².

    Args:
        features: (B, C, H, W).
        target: of the style's features, with the same heads.
        heads, weights: see `autocovariance`.

    Returns:
        A scalar, at least 0: 0 for the same statistics, averaged over the batch.

    Source: correlations of features at a distance, for texture: Berger and Memisevic,
    "Incorporating long-range consistency in CNN-based texture generation" (2017), who shift Gram
    matrices; mean and covariance apart, and the division, are this project's.

    Example:
        >>> x = torch.rand(1, 4, 8, 8)
        >>> autocovariance_loss(x, autocovariance(x)).item()
        0.0
    """
    return relative_autocovariance(autocovariance(features, heads, weights), target)


def relative_autocovariance(own: Autocovariance, target: Autocovariance) -> Tensor:
    """`autocovariance_loss` of features whose statistics are known."""
    factor = relative_factors(target.moments).covariance * (WEIGHT / len(OFFSETS))
    apart = (own.apart - target.apart).square().sum((1, 2, 3, 4))
    return relative_moments(own.moments, target.moments) + (factor * apart).mean()


def autocovariance_tap(target: Autocovariance, factor: float, weights: Tensor | None = None) -> Tap:
    """`autocovariance_loss` times a factor, without heads, with a gradient of its own.

    Args:
        target: of one picture.
        factor: of the loss.
        weights: (1, 1, H, W), where features count; None for everywhere.

    Example:
        >>> x, y = torch.rand(2, 1, 4, 8, 8)
        >>> tap = autocovariance_tap(autocovariance(y), 1.0)
        >>> bool(torch.isclose(tap(x), autocovariance_loss(x, autocovariance(y))))
        True
    """
    of_mean, of_covariance = (factor * f.item() for f in relative_factors(target.moments))
    own = MomentsTap(target.mean, target.covariance, of_mean, of_covariance, weights)
    scale = of_covariance * WEIGHT / len(OFFSETS)
    if weights is None:
        return _Tap(own, target.apart[0, 0], scale)
    return _WeightedTap(own, target.apart[0, 0], scale, weights)


class _Tap:
    """Where all places count alike: no features are centred or copied, means come off the sums."""

    in_bfloat16 = True

    def __init__(self, moments: MomentsTap, target: Tensor, scale: float) -> None:
        self._moments, self._target, self._scale = moments, target, scale

    def __call__(self, features: Tensor) -> Tensor:
        """As `impasto.losses.taps.Tap` says."""
        self._x = features[0].permute(1, 2, 0)  # (H, W, C)
        self._every = list(pairs(self._x.shape[0], self._x.shape[1], margin=0))
        mean, second, apart = _sums(self._x, self._every)
        for pair, products, target in zip(self._every, apart, self._target, strict=True):
            # Σ (x - μ)(y - μ)ᵀ = Σ xyᵀ - N μμᵀ - Σ(x - μ) μᵀ - μ Σ(y - μ)ᵀ over N pairs.
            near, far = _edges(self._x, pair, mean)
            products.sub_(torch.outer(mean, mean), alpha=pair.number)
            products.sub_(torch.outer(near, mean)).sub_(torch.outer(mean, far))
            products.div_(pair.number).sub_(target)
        self._off = apart
        loss = self._moments.of(matrix_of(features), mean, second)
        return loss + self._scale * apart.square().sum()

    def pull(self, gradient: Tensor, factor: float) -> None:
        """As `impasto.losses.taps.Tap` says."""
        x, into, mean = self._x, gradient[0].permute(1, 2, 0), self._moments.mean
        height, width, channels = x.shape
        places, sums = x.reshape(-1, channels), into.view(-1, channels)
        of_mean = torch.zeros_like(mean)
        for pair, off in zip(self._every, self._off, strict=True):
            down, right = pair.down, pair.right
            back = (off * (2 * factor * self._scale / pair.number)).to(x.dtype)
            forth = back.mT
            sums[pair.near].addmm_(places[pair.far], forth)
            sums[pair.far].addmm_(places[pair.near], back)
            # Slices take the end of a row and the beginning of the next for a pair: off they come.
            end, begin = x[: height - down - 1, width - right :], x[down + 1 :, :right]
            into[: height - down - 1, width - right :].sub_(begin @ forth)
            into[down + 1 :, :right].sub_(end @ back)
            # The mean comes off every place but those that have no partner.
            of_first, of_second = back.float() @ mean, forth.float() @ mean
            into[height - down :] += of_first.to(x.dtype)
            into[: height - down, width - right :] += of_first.to(x.dtype)
            into[:down] += of_second.to(x.dtype)
            into[down:, :right] += of_second.to(x.dtype)
            of_mean.sub_(of_first + of_second, alpha=len(places))
            near, far = _edges(x, pair, mean)
            of_mean.sub_(back.float() @ far + forth.float() @ near)
        self._moments.pull(gradient, factor, of_mean)
        del self._x, self._off


def _sums(x: Tensor, every: list[Pairs]) -> tuple[Tensor, Tensor, Tensor]:
    """Of (H, W, C) features: E[x], E[xxᵀ], and Σ xyᵀ over the pairs of each offset; float32.

    Part by part, so that what is converted to float32 stays in the processor's cache.
    """
    height, width, channels = x.shape
    places = x.reshape(-1, channels)
    reach = max(pair.far.start for pair in every)
    step = max(PART // channels, 4 * reach)
    zero = torch.zeros(channels, channels, dtype=torch.float32, device=x.device)
    first, second, apart = zero[0].clone(), zero, torch.stack([zero] * len(every))
    for begin in range(0, len(places), step):
        part = places[begin : begin + step + reach].float()
        own = part[:step]
        first.add_(own.sum(0))
        second.addmm_(own.mT, own)
        for pair, products in zip(every, apart, strict=True):
            far = part[pair.far.start : pair.far.start + step]
            products.addmm_(own[: len(far)].mT, far)
    for pair, products in zip(every, apart, strict=True):
        end = x[: height - pair.down - 1, width - pair.right :].reshape(-1, channels).float()
        next_row = x[pair.down + 1 :, : pair.right].reshape(-1, channels).float()
        products.addmm_(end.mT, next_row, alpha=-1)
    return first.div_(len(places)), second.div_(len(places)), apart


def _edges(x: Tensor, pair: Pairs, mean: Tensor) -> tuple[Tensor, Tensor]:
    """Sums of the centred near and far places of all pairs, (C,) each: minus what pairs miss."""
    height, width, _ = x.shape
    last, end = height - pair.down, width - pair.right

    def missing(*edges: Tensor) -> Tensor:
        flat = [edge.reshape(-1, x.shape[2]).float() for edge in edges]
        total = mean * sum(map(len, flat))
        for edge in flat:
            total.sub_(edge.sum(0))
        return total

    first = missing(x[last:], x[:last, end:])
    second = missing(x[: pair.down], x[pair.down :, : pair.right])
    return first, second


class _WeightedTap:
    """Where places count by weights, of one picture all along: features are centred, and copied."""

    def __init__(self, moments: MomentsTap, target: Tensor, scale: float, weights: Tensor) -> None:
        self._moments, self._target, self._scale = moments, target, scale
        self._weights = weights
        self._shares: list[Tensor] | None = None

    def __call__(self, features: Tensor) -> Tensor:
        """As `impasto.losses.taps.Tap` says."""
        loss = self._moments(features)
        self._features, self._mean = features, self._moments.mean
        self._off = []
        x = self._rows()
        for pair, shares, target in zip(*self._pairs(), self._target, strict=True):
            near, far = x[pair.near], x[pair.far]
            self._off.append(torch.addmm(target, (near * shares).mT, far, beta=-1))
        return loss + self._scale * torch.stack([off.square().sum() for off in self._off]).sum()

    def pull(self, gradient: Tensor, factor: float) -> None:
        """As `impasto.losses.taps.Tap` says."""
        channels, height, width = gradient.shape[1:]
        # Made anew: kept from before, it would be one more copy of every layer at once.
        x = self._rows()
        own, of_mean = torch.zeros_like(x), x.new_zeros(channels)
        for pair, shares, off in zip(*self._pairs(), self._off, strict=True):
            off.mul_(2 * factor * self._scale)
            near, far = x[pair.near] * shares, x[pair.far] * shares
            own[pair.near].addmm_(far, off.mT)
            own[pair.far].addmm_(near, off)
            of_mean.sub_(off @ far.sum(0) + off.mT @ near.sum(0))
        self._moments.pull(gradient, factor, of_mean)
        rows = own.view(height, width + MARGIN, channels)
        gradient[0].permute(1, 2, 0).add_(rows[:, :width])
        del self._features, self._off

    def _rows(self) -> Tensor:
        """The features, centred, as `in_rows` lays them out: (places, C)."""
        channels, height, width = self._features.shape[1:]
        rows = self._features.new_zeros(height, width + MARGIN, channels)
        torch.sub(self._features[0].permute(1, 2, 0), self._mean, out=rows[:, :width])
        return rows.flatten(0, 1)

    def _pairs(self) -> tuple[list[Pairs], list[Tensor]]:
        """Of every offset, and what each of them counts."""
        every = list(pairs(*self._features.shape[-2:]))
        if self._shares is None:  # the places of one picture never change
            counts = _in_rows_too(self._weights, self._features)
            self._shares = [_shares(counts, pair)[0, 0] for pair in every]
        return every, self._shares


def _in_rows_too(weights: Tensor, features: Tensor) -> Tensor:
    """Weights of places as `in_rows` lays out features, (1 or B, 1, places, 1)."""
    return in_rows(check_weights(weights, features).mT, *features.shape[-2:])


def _shares(counts: Tensor, pair: Pairs) -> Tensor:
    """What each pair counts, summing to 1, (1 or B, 1, pairs, 1); 0 where no two places count."""
    both = counts[..., pair.near, :] * counts[..., pair.far, :]
    shares: Tensor = both / both.sum(-2, keepdim=True).clamp(min=SMALLEST)
    return shares
