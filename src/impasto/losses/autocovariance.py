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
from impasto.losses.taps import MomentsTap

__all__ = [
    "OFFSETS",
    "Autocovariance",
    "AutocovarianceTap",
    "autocovariance",
    "autocovariance_loss",
]

# (down, right) in places of a layer. The way back gives the same matrices, transposed.
# Of those tried (1, 2, 3 and 4 places, with diagonals or without), two alone did as much as eight.
OFFSETS = ((0, 3), (3, 0))
# Of all offsets together, in covariances of the place itself.
WEIGHT = 2.0
MARGIN = max(right for _, right in OFFSETS)
SMALLEST = 1e-12


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
    """The places of an offset that are both in the picture, as slices of `in_rows`.

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


def pairs(height: int, width: int) -> Iterator[Pairs]:
    """For each offset; one that reaches beyond a small map is as long as the map allows."""
    places = height * (width + MARGIN)
    for down, right in OFFSETS:
        down, right = min(down, height - 1), min(right, width - 1)
        ahead = down * (width + MARGIN) + right
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
    own = autocovariance(features, heads, weights)
    factor = relative_factors(target.moments).covariance * (WEIGHT / len(OFFSETS))
    apart = (own.apart - target.apart).square().sum((1, 2, 3, 4))
    return relative_moments(own.moments, target.moments) + (factor * apart).mean()


class AutocovarianceTap:
    """`autocovariance_loss` times a factor, without heads, with a gradient of its own.

    Args:
        target: of one picture.
        factor: of the loss.
        weights: (1, 1, H, W), where features count; None for everywhere.

    Example:
        >>> x, y = torch.rand(2, 1, 4, 8, 8)
        >>> tap = AutocovarianceTap(autocovariance(y), 1.0)
        >>> bool(torch.isclose(tap(x), autocovariance_loss(x, autocovariance(y))))
        True
    """

    def __init__(
        self, target: Autocovariance, factor: float, weights: Tensor | None = None
    ) -> None:
        of_mean, of_covariance = (factor * f.item() for f in relative_factors(target.moments))
        own = (target.mean, target.covariance, of_mean, of_covariance)
        self._moments = MomentsTap(*own, weights)
        self._target = target.apart[0, 0]
        self._scale = of_covariance * WEIGHT / len(OFFSETS)
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
            if shares is None:
                off = torch.addmm(target, near.mT, far, beta=-1, alpha=1 / pair.number)
            else:
                off = torch.addmm(target, (near * shares).mT, far, beta=-1)
            self._off.append(off)
        return loss + self._scale * torch.stack([off.square().sum() for off in self._off]).sum()

    def pull(self, gradient: Tensor, factor: float) -> None:
        """As `impasto.losses.taps.Tap` says."""
        channels, height, width = gradient.shape[1:]
        # Made anew: kept from before, it would be one more copy of every layer at once.
        x = self._rows()
        rows, own = x.view(height, width + MARGIN, channels), torch.zeros_like(x)
        of_mean = x.new_zeros(channels)
        for pair, shares, off in zip(*self._pairs(), self._off, strict=True):
            off.mul_(2 * factor * self._scale)
            near, far = x[pair.near], x[pair.far]
            if shares is None:
                alpha = 1 / pair.number
                # Centred features sum to 0: to minus what pairs miss of them, at two edges.
                last, end = height - pair.down, width - pair.right
                first = -rows[last:, :width].sum((0, 1)) - rows[:last, end:width].sum((0, 1))
                begin = rows[pair.down :, : pair.right]
                second = -rows[: pair.down, :width].sum((0, 1)) - begin.sum((0, 1))
            else:
                alpha, near, far = 1.0, near * shares, far * shares
                first, second = near.sum(0), far.sum(0)
            own[pair.near].addmm_(far, off.mT, alpha=alpha)
            own[pair.far].addmm_(near, off, alpha=alpha)
            of_mean.sub_(off @ second + off.mT @ first, alpha=alpha)
        self._moments.pull(gradient, factor, of_mean)
        gradient[0].permute(1, 2, 0).add_(own.view_as(rows)[:, :width])
        del self._features, self._off

    def _rows(self) -> Tensor:
        """The features, centred, as `in_rows` lays them out: (places, C)."""
        channels, height, width = self._features.shape[1:]
        rows = self._features.new_zeros(height, width + MARGIN, channels)
        torch.sub(self._features[0].permute(1, 2, 0), self._mean, out=rows[:, :width])
        return rows.flatten(0, 1)

    def _pairs(self) -> tuple[list[Pairs], list[Tensor | None]]:
        """Of every offset, and what each of them counts; None where all count alike."""
        every = list(pairs(*self._features.shape[-2:]))
        if self._weights is None:
            return every, [None] * len(every)
        if self._shares is None:  # the places of one picture never change
            counts = _in_rows_too(self._weights, self._features)
            self._shares = [_shares(counts, pair)[0, 0] for pair in every]
        return every, list(self._shares)


def _in_rows_too(weights: Tensor, features: Tensor) -> Tensor:
    """Weights of places as `in_rows` lays out features, (1 or B, 1, places, 1)."""
    return in_rows(check_weights(weights, features).mT, *features.shape[-2:])


def _shares(counts: Tensor, pair: Pairs) -> Tensor:
    """What each pair counts, summing to 1, (1 or B, 1, pairs, 1); 0 where no two places count."""
    both = counts[..., pair.near, :] * counts[..., pair.far, :]
    shares: Tensor = both / both.sum(-2, keepdim=True).clamp(min=SMALLEST)
    return shares
