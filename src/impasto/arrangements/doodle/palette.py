"""The colours that a painting can be drawn in: one for each of its regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto import imaging
from impasto.arrangements.doodle.match import distinct
from impasto.arrangements.doodle.planes import box_sum, labels_at
from impasto.arrangements.doodle.quantise import flat_hex, quantised
from impasto.arrangements.doodle.regions import FEWEST, MOST, map_size, regions_of
from impasto.arrangements.doodle.words import word_of
from impasto.imaging import Picture
from impasto.imaging.color.oklab import to_oklab
from impasto.samples.lookup import sample_or

__all__ = ["Colour", "Parts", "palette_of", "parts_of"]

SEEN = 1024  # px of the longest side up to which colours and places are read off every px
INSIDE = 24  # px of the map on which the place that lies deepest in a region is looked for


@dataclass(frozen=True)
class Colour:
    """A colour to draw with, and the region of the painting that it stands for.

    Attributes:
        hex: as `#rrggbb`, in a drawing.
        word: for it, in English.
        share: of the painting that the region has, from 0 to 1.
        place: (x, y) of a place well inside the region, each from 0 to 1, from the left and top.
        paint: the region's middle colour in the painting, as `#rrggbb`.
    """

    hex: str
    word: str
    share: float
    place: tuple[float, float]
    paint: str


@dataclass(frozen=True)
class Parts:
    """A painting in regions.

    Attributes:
        labels: (H, W) int, from 0, at the painting's size or, of a large one, smaller.
        colours: (K, 3) in Oklab, by which a drawing names them.
        paints: (K, 3) in Oklab, the median of what is painted there.
        found: whether no map says where they are.
        notes: what may surprise, in a sentence each.
    """

    labels: NDArray[np.intp]
    colours: NDArray[Any]
    paints: NDArray[Any]
    found: bool
    notes: tuple[str, ...] = ()

    @property
    def shares(self) -> NDArray[Any]:
        """Of the painting, (K,)."""
        counts = np.bincount(self.labels.ravel(), minlength=len(self.colours))
        return np.asarray(counts / self.labels.size)


def parts_of(
    painting: Picture,
    labels: Picture | None = None,
    *,
    regions: int | None = None,
    fewest: int = FEWEST,
) -> Parts:
    """The regions of a painting, as a map says or as they are found.

    Args:
        painting: of any size.
        labels: a picture of flat colours in the painting's ratio, one colour for each region.
        regions: how many are to be found; 4 to 8 if left out.
        fewest: that are to be found then.

    Raises:
        PictureError: the map has another ratio.
    """
    size = map_size(painting.height, painting.width)
    some = _some(*size)
    lab = to_oklab(_picked(painting, size).part(some).floats)
    if labels is None:
        least, most = (regions, regions) if regions else (fewest, max(MOST, fewest))
        found = regions_of(painting, least, most)
        paints = _medians(lab, found[some])
        return Parts(found, distinct(paints), paints, True)
    imaging.check_ratio(labels, painting)
    flat = quantised(labels)
    known = labels_at(flat.labels, size, len(flat.colours))
    notes: tuple[str, ...] = ()
    if flat.shaded:
        notes = (
            f"{labels.name} looks like a photograph, not like a map of flat colours: it is read "
            f"in {len(flat.colours)} of them",
        )
    return Parts(known, flat.colours, _medians(lab, known[some], flat.colours), False, notes)


def palette_of(
    painting: imaging.Source,
    labels: imaging.Source | None = None,
    *,
    max_megapixels: float = 100.0,
) -> list[Colour]:
    """The colours to draw with, so that each means a region of a painting.

    Args:
        painting: as `impasto.stylize` takes a style, or the name of a sample.
        labels: a map of the painting in flat colours; the regions are found if left out.
        max_megapixels: larger pictures are refused.

    Returns:
        The largest region first. A drawing in these colours is matched to the same regions, if it
        has no more colours than these.

    Raises:
        PictureError: one cannot be read, or the map has another ratio.

    Example:
        >>> halves = np.zeros((64, 64, 3), np.uint8)
        >>> halves[:, 40:] = 255
        >>> [(colour.hex, colour.word) for colour in palette_of(halves, halves)]
        [('#000000', 'black'), ('#ffffff', 'white')]
    """
    name = "the painting"
    source = sample_or("style", painting)
    picture = imaging.filled(imaging.read(source, max_megapixels=max_megapixels, name=name))
    read = None
    if labels is not None:
        read = imaging.read(labels, max_megapixels=max_megapixels, name="the label map")
    parts = parts_of(picture, read)
    shares, places = parts.shares, parts.labels[_some(*parts.labels.shape)]
    return [
        Colour(
            flat_hex(parts.colours[n]),
            word_of(parts.colours[n]),
            float(shares[n]),
            _place(places == n),
            flat_hex(parts.paints[n]),
        )
        for n in np.argsort(-shares, kind="stable")
        if shares[n] > 0
    ]


def _picked(painting: Picture, size: tuple[int, int]) -> Picture:
    """The px of a painting that lie in the middle of those of its map."""
    if size == (painting.height, painting.width):
        return painting
    whole = painting.height, painting.width
    lines = [
        ((np.arange(n) + 0.5) * of / n).astype(np.intp) for n, of in zip(size, whole, strict=True)
    ]
    return painting.part(np.ix_(*lines))


def _some(height: int, width: int) -> tuple[slice, slice]:
    """Every px, or of a large map every nth, which say as much and take no half minute."""
    step = slice(None, None, -(-max(height, width) // SEEN))
    return step, step


def _medians(
    lab: NDArray[np.float32],
    labels: NDArray[np.intp],
    instead: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """The median colour of each region; one that has no pixel has what stands `instead`."""
    count = int(labels.max()) + 1 if instead is None else len(instead)
    medians = np.zeros((count, 3)) if instead is None else instead.copy()
    for n in range(count):
        mine = labels == n
        if mine.any():
            medians[n] = np.median(lab[mine], 0)
    return medians


def _place(mine: NDArray[np.bool_]) -> tuple[float, float]:
    """(x, y) of the place that most of the region is around."""
    reach = max(1, min(mine.shape) // INSIDE)
    depth = np.where(mine, box_sum(box_sum(mine, reach).astype(np.float32), reach), -1)
    row, column = np.unravel_index(int(depth.argmax()), mine.shape)
    return (float(column) + 0.5) / mine.shape[1], (float(row) + 0.5) / mine.shape[0]
