"""A drawing as a few flat colours: noise, soft edges and specks are taken out.

The colours are found where the drawing is flat, so that the in-between colours of a soft edge are
none of them; every pixel then has the colour it is, or the one most of its neighbours have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.arrangements.doodle.planes import box_sum, filled_from, without_specks
from impasto.imaging import Picture
from impasto.imaging.color.oklab import from_oklab, to_oklab

__all__ = ["MOST_COLOURS", "Flat", "flat_hex", "quantised"]

MOST_COLOURS = 16
# Distances in Oklab, where black and white are 1 apart.
APART = 0.08  # what is nearer is one colour: the noise of a JPEG file stays well below
CERTAIN = 0.04  # a pixel this near to a colour is of it, unless it lies on a slope
SLOPE = 0.06  # between neighbours; soft edges are steeper, and paper in uneven light is not
PURE = 0.012  # a pixel this near is of a colour even where edges are close: a thin pencil line
ALIKE = 4  # of the 9 px around a certain pixel, itself included, that have its colour
# Shares of the picture.
SPECK = 0.0004  # a smaller part is noise: at 512 x 384 px some 9 x 9 px
FLAT = 0.02  # if less than this is flat, all of it is asked for colours
# Mean distance of a pixel to its colour above which the picture is shaded, not drawn.
SHADED = 0.022


@dataclass(frozen=True)
class Flat:
    """A picture of a few flat colours.

    Attributes:
        labels: (H, W) int, the number of each pixel's colour.
        colours: (K, 3) float in Oklab, the largest share first.
        shares: (K,) of the picture, with sum 1.
        shaded: whether the picture is rather a photograph, so that its colours are rough.
    """

    labels: NDArray[np.intp]
    colours: NDArray[Any]
    shares: NDArray[Any]
    shaded: bool = False

    @property
    def hexes(self) -> list[str]:
        """The colours as `#rrggbb`."""
        return [flat_hex(colour) for colour in self.colours]


def flat_hex(colour: NDArray[Any]) -> str:
    """A colour of Oklab as `#rrggbb`.

    Example:
        >>> flat_hex(np.array([1.0, 0.0, 0.0]))
        '#ffffff'
    """
    (srgb,) = from_oklab(np.asarray(colour, float)[None, None])[0]
    return "#" + "".join(f"{level:02x}" for level in (255 * srgb).round().astype(int))


def quantised(picture: Picture, most: int = MOST_COLOURS) -> Flat:
    """The flat colours of a drawing.

    Args:
        picture: of any size; what is transparent is white paper.
        most: of the colours, at least 1.

    Returns:
        At least one colour; the same for the same picture.

    Example:
        >>> halves = np.zeros((32, 32, 3), np.uint8)
        >>> halves[:, 20:] = 255
        >>> flat = quantised(Picture(halves))
        >>> flat.hexes, flat.shares.tolist()
        (['#000000', '#ffffff'], [0.625, 0.375])
    """
    srgb = picture.floats
    if picture.opacity is not None:
        srgb = srgb * picture.opacity[..., None] + 1 - picture.opacity[..., None]
    lab = to_oklab(srgb)
    slope = _slope(lab)
    level = slope < SLOPE
    colours = _colours(lab, srgb, level if level.mean() > FLAT else np.ones_like(level), most)
    nearest, distance = _nearest(lab, colours)
    labels = _voted(nearest, distance, level, len(colours))
    labels = without_specks(labels, max(2, round(SPECK * labels.size)), len(colours))
    return _gathered(labels, lab, bool(distance.mean() > SHADED))


def _slope(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Largest difference to one of the four neighbours, (H, W)."""
    slope = np.zeros(lab.shape[:2], np.float32)
    for axis in (0, 1):
        step = np.sqrt(np.square(np.diff(lab, axis=axis)).sum(-1))
        one, other = (slope[1:], slope[:-1]) if axis == 0 else (slope[:, 1:], slope[:, :-1])
        np.maximum(one, step, out=one)
        np.maximum(other, step, out=other)
    return slope


def _colours(
    lab: NDArray[np.float32], srgb: NDArray[np.float32], flat: NDArray[np.bool_], most: int
) -> NDArray[Any]:
    """The colours that are flat somewhere, (K, 3), the most frequent first."""
    bins = (srgb[flat] * 31.99).astype(np.int64) @ np.array([1024, 32, 1])
    size = 32**3
    weights: NDArray[Any] = np.bincount(bins, minlength=size).astype(float)
    used = np.flatnonzero(weights)
    weights = weights[used]
    sums = np.stack([np.bincount(bins, lab[flat][:, n], size)[used] for n in range(3)], 1)
    means: NDArray[Any] = sums / weights[:, None]
    centres: list[NDArray[Any]] = []
    for n in np.argsort(-weights, kind="stable"):
        if weights[n] < max(2, SPECK * flat.size / 2) and centres:
            break
        if all(np.linalg.norm(means[n] - centre) >= APART for centre in centres):
            centres.append(means[n])
    found = np.array(centres)
    for _ in range(4):
        owner = ((means[:, None] - found) ** 2).sum(-1).argmin(1)
        mass = np.bincount(owner, weights, len(found))
        found = np.stack([np.bincount(owner, weights * m, len(found)) for m in means.T], 1)
        found, mass = found[mass > 0] / mass[mass > 0, None], mass[mass > 0]
    return _merged(found, mass, most)


def _merged(colours: NDArray[Any], mass: NDArray[Any], most: int) -> NDArray[Any]:
    """Colours of which the two that cost least to join are joined until they are few and apart."""
    while len(colours) > 1:
        apart = np.sqrt(((colours[:, None] - colours) ** 2).sum(-1))
        cost = apart**2 * mass[:, None] * mass / (mass[:, None] + mass)  # Ward's
        if len(colours) <= most:
            cost = np.where(apart < APART, cost, np.inf)
        np.fill_diagonal(cost, np.inf)
        one, other = sorted(divmod(int(cost.argmin()), len(colours)))
        if cost[one, other] == np.inf:
            break
        both = mass[one] + mass[other]
        colours[one] = (colours[one] * mass[one] + colours[other] * mass[other]) / both
        mass[one] = both
        colours, mass = np.delete(colours, other, 0), np.delete(mass, other)
    return colours[np.argsort(-mass, kind="stable")]


def _nearest(
    lab: NDArray[np.float32], colours: NDArray[Any]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The nearest colour of each pixel, and how far it is."""
    best = np.full(lab.shape[:2], np.inf, np.float32)
    nearest = np.zeros(lab.shape[:2], np.intp)
    for number, colour in enumerate(colours.astype(np.float32)):
        distance = np.square(lab - colour).sum(-1)
        nearer = distance < best
        nearest[nearer], best[nearer] = number, distance[nearer]
    return nearest, np.sqrt(best)


def _voted(
    nearest: NDArray[np.intp],
    distance: NDArray[np.float32],
    level: NDArray[np.bool_],
    count: int,
) -> NDArray[np.intp]:
    """The nearest colours where they are certain, elsewhere what most neighbours have."""
    alike = np.zeros(nearest.shape, np.int32)
    for number in range(count):
        mine = nearest == number
        alike[mine] = box_sum(mine, 1)[mine]
    certain = ((distance < CERTAIN) & level | (distance < PURE)) & (alike >= ALIKE)
    return filled_from(nearest, certain, count) if certain.any() else nearest


def _gathered(labels: NDArray[np.intp], lab: NDArray[np.float32], shaded: bool) -> Flat:
    """Colours that are left, the largest first, each the median of its pixels."""
    counts = np.bincount(labels.ravel())
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    numbers = np.zeros(len(counts), np.intp)
    numbers[order] = np.arange(len(order))
    colours = [np.median(lab[labels == number], 0) for number in order]
    return Flat(numbers[labels], np.array(colours, float), counts[order] / labels.size, shaded)
