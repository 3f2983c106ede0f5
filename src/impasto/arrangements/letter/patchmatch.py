"""Patches of a style picture put together along the outline of other letters.

What belongs where is said by a guide: how far a place is from the outline, and on which side. The
result shows the style itself, pixel by pixel, and only in its seams what the style never was; it is
what the painting starts from and what it keeps to.

Source: the guide is that of Yang et al., "Awesome Typography: Statistics-Based Text Effects
Transfer", 2017, section 4; nearest patches are found as in Barnes et al., "PatchMatch", 2009, all
places at once; and pixels are the mean of the patches over them, as in Wexler et al., "Space-Time
Completion of Video", 2007.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from impasto.arrangements.patches import patches_of

__all__ = ["Guide", "put_together"]

Pixels = NDArray[np.float32]
Places = NDArray[np.intp]

RADIUS = 2  # of a patch, in px
ROUNDS = (6, 4, 3)  # at the three finest sizes, coarse to fine; as the first at coarser ones
COARSE_PX = 192  # of the longest side at the coarsest size, at most
# Px from which on a size takes the patches of the one before it as they are: comparing takes 300
# bytes a pixel.
COMPARED_PX = 1_500_000
NEIGHBOURS = (1, 2, 4)  # px to the places whose patches are tried
REPEATED = 0.002  # cost of a patch that is used as often as all are on average
MOST_OFTEN = 10.0
SPREAD = 0.1  # of the guide, among the places that a start is drawn from
SURE = 1e-3  # mean squared difference of patches that count half as much as perfect ones


@dataclass(frozen=True)
class Guide:
    """What a place is like, in the style and in the picture: (h, w, G) and (H, W, G).

    The first of the G numbers is what a start is chosen by.
    """

    style: Pixels
    picture: Pixels
    weight: float


def put_together(style: Pixels, guide: Guide, seed: int = 0) -> Pixels:
    """A picture of patches of the style, guided.

    Args:
        style: (h, w, 3), sRGB in [0, 1].
        guide: of both.
        seed: of what is tried by chance.

    Returns:
        (H, W, 3), sRGB in [0, 1].

    Example:
        >>> left = np.tile(np.array([0, 0, 0, 0, 1, 1, 1, 1], np.float32), (8, 1))
        >>> style = np.repeat(left[..., None], 3, 2)
        >>> guide = Guide(left[..., None], np.ascontiguousarray(left.T)[..., None], 10.0)
        >>> put_together(style, guide)[:, 0, 0].round().tolist()
        [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    """
    chance = np.random.default_rng(seed)
    least = min(*style.shape[:2], *guide.picture.shape[:2])
    halvings = max(len(ROUNDS) - 1, math.ceil(math.log2(max(guide.picture.shape) / COARSE_PX)))
    sizes = [1 << n for n in range(halvings, -1, -1)]
    sizes = [size for size in sizes if size == 1 or least // size > 2 * RADIUS + 1]
    rounds = [*[ROUNDS[0]] * len(sizes), *ROUNDS][-len(sizes) :]
    match: _Match | None = None
    for size, count in zip(sizes, rounds, strict=True):
        known = _Known(_smaller(style, size), _smaller(guide.style, size), guide.weight)
        wanted = _smaller(guide.picture, size)
        if match is None:
            match = _Match.begun(known, wanted, chance)
        else:
            match = _Match.enlarged(match, known, wanted)
        compared = max(wanted.shape[0] * wanted.shape[1], len(known.guide)) <= COMPARED_PX
        for number in range(count if compared else 0):
            match.improve(NEIGHBOURS if number % 2 == 0 else NEIGHBOURS[:1], chance)
    assert match is not None
    return match.picture


class _Known:
    """A style picture, its patches and its guide, at one size."""

    def __init__(self, pixels: Pixels, guide: Pixels, weight: float) -> None:
        self.pixels, self.weight = pixels, weight
        self.height, self.width = pixels.shape[:2]
        self.guide = guide.reshape(self.height * self.width, -1)

    @cached_property
    def patches(self) -> Pixels:
        """As `_patches` gives them."""
        return _patches(self.pixels)


class _Match:
    """Which patch of the style stands at each place of the picture.

    Attributes:
        at: (H·W,), the number of the style's pixel that is in the middle of its patch.
        picture: (H, W, 3), what the patches make.
    """

    def __init__(self, known: _Known, wanted: Pixels, at: Places, picture: Pixels | None) -> None:
        self.known, self.at = known, at
        self.height, self.width = wanted.shape[:2]
        self.wanted = wanted.reshape(self.height * self.width, -1)
        self._rows, self._columns = np.divmod(np.arange(len(at)), self.width)
        self.picture = self._mean(np.ones(len(at), np.float32)) if picture is None else picture

    @classmethod
    def begun(cls, known: _Known, wanted: Pixels, chance: np.random.Generator) -> _Match:
        """Each place with any of the style's that is like it by the guide."""
        order = np.argsort(known.guide[:, 0], kind="stable")
        ranked, target = known.guide[order, 0], wanted[..., 0].ravel()
        first = np.searchsorted(ranked, target - SPREAD)
        count = np.maximum(np.searchsorted(ranked, target + SPREAD) - first, 1)
        pick = (first + (chance.random(len(target)) * count).astype(np.intp)).clip(
            0, len(order) - 1
        )
        at = order[pick]
        pixels = known.pixels.reshape(-1, 3)[at].reshape(*wanted.shape[:2], 3)
        return cls(known, wanted, at, pixels)

    @classmethod
    def enlarged(cls, coarse: _Match, known: _Known, wanted: Pixels) -> _Match:
        """The patches of a coarser match, at twice its size."""
        rows, columns = np.mgrid[: wanted.shape[0], : wanted.shape[1]]
        under = np.minimum(rows // 2, coarse.height - 1), np.minimum(columns // 2, coarse.width - 1)
        y, x = np.divmod(coarse.at.reshape(coarse.height, coarse.width)[under], coarse.known.width)
        y = (2 * y + rows - 2 * under[0]).clip(0, known.height - 1)
        x = (2 * x + columns - 2 * under[1]).clip(0, known.width - 1)
        return cls(known, wanted, (y * known.width + x).ravel(), None)

    def improve(self, steps: Sequence[int], chance: np.random.Generator) -> None:
        """Try what the neighbours have and what lies about by chance, and make the picture anew."""
        known, patches = self.known, _patches(self.picture)
        times = np.bincount(self.at, minlength=len(known.guide)) * (len(known.guide) / len(self.at))
        often = (REPEATED * np.minimum(times, MOST_OFTEN)).astype(np.float32)

        def cost(at: Places) -> NDArray[np.float32]:
            colour = ((patches - known.patches[at]) ** 2).mean(1)
            place = ((self.wanted - known.guide[at]) ** 2).sum(1)
            return np.asarray(colour + known.weight * place + often[at], np.float32)

        best = cost(self.at)

        def attempt(y: Places, x: Places) -> None:
            at = y.clip(0, known.height - 1) * known.width + x.clip(0, known.width - 1)
            costs = cost(at)
            better = costs < best
            np.copyto(self.at, at, where=better)
            np.copyto(best, costs, where=better)

        for step in steps:
            for down, right in ((0, step), (0, -step), (step, 0), (-step, 0)):
                rows = (self._rows - down).clip(0, self.height - 1)
                columns = (self._columns - right).clip(0, self.width - 1)
                y, x = np.divmod(self.at[rows * self.width + columns], known.width)
                attempt(y + self._rows - rows, x + self._columns - columns)
        reach = max(known.height, known.width) // 2
        while reach >= 1:
            y, x = np.divmod(self.at, known.width)
            attempt(*(line + chance.integers(-reach, reach + 1, len(y)) for line in (y, x)))
            reach //= 3
        self.picture = self._mean(np.reciprocal(best + np.float32(SURE)))

    def _mean(self, weights: NDArray[np.float32]) -> Pixels:
        """Each pixel as the mean of what the patches over it show."""
        known, grid = self.known, (self.height, self.width)
        y, x = np.divmod(self.at.reshape(grid), known.width)
        weights = weights.reshape(*grid, 1)
        sums = np.zeros((self.height + 2 * RADIUS, self.width + 2 * RADIUS, 3), np.float32)
        counts = np.zeros((*sums.shape[:2], 1), np.float32)
        for down in range(-RADIUS, RADIUS + 1):
            for right in range(-RADIUS, RADIUS + 1):
                rows = _mirrored(y + down, known.height)
                columns = _mirrored(x + right, known.width)
                place = np.s_[
                    RADIUS + down : RADIUS + down + self.height,
                    RADIUS + right : RADIUS + right + self.width,
                ]
                sums[place] += known.pixels[rows, columns] * weights
                counts[place] += weights
        inner = np.s_[RADIUS:-RADIUS, RADIUS:-RADIUS]
        return np.asarray(sums[inner] / counts[inner], np.float32)


def _mirrored(places: Places, side: int) -> Places:
    """Places that go back where they pass an edge."""
    places = np.abs(places)
    return np.where(places >= side, 2 * side - 2 - places, places)


def _patches(pixels: Pixels) -> Pixels:
    """The patch of each pixel, (H·W, 3·(2·RADIUS + 1)²)."""
    height, width = pixels.shape[:2]
    return np.ascontiguousarray(patches_of(pixels, RADIUS).reshape(height * width, -1))


def _smaller(planes: Pixels, size: int) -> Pixels:
    """Means of squares of so many px; what does not fill one at the far edges is left out."""
    height, width = (side // size for side in planes.shape[:2])
    squares = planes[: height * size, : width * size].reshape(height, size, width, size, -1)
    return np.asarray(squares.mean((1, 3)), np.float32)
