"""A layout of a drawing from the painting's own patches: texture by numbers.

Each patch of the layout is one of the painting, from the region that is drawn there: the one that
is most like what the layout has there, and whose surroundings are drawn most alike. So what stood
under a sky or at the edge of the water stands there again, and a region that shades from top to
bottom does so in the layout. Coarse to fine, patches are searched and laid over each other in turn.

Source: Hertzmann et al., "Image Analogies" (2001), texture by numbers; Kwatra et al., "Texture
Optimization for Example-based Synthesis" (2005), for the turns. The places where a patch was used
often cost more, as in Fišer et al., "StyLit" (2016), in spirit.

Letters: H, W of the drawing; h, w of the painting; N patches; K regions; F features.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.arrangements.doodle.planes import box_sum, labels_at
from impasto.arrangements.patches import patches_of
from impasto.imaging import Picture, resized
from impasto.imaging.color.oklab import from_oklab, to_oklab

__all__ = ["FINEST", "laid_out"]

Size = tuple[int, int]
SizeOf = Callable[[Size], Size]

# Longest sides in px at which patches are searched, and how many turns each has; at `FINEST` and
# above what was found there is laid with the painting's own detail.
TURNS = ((64, 4), (128, 3), (256, 2))
COARSE, FINEST = 128, 256
PATCH = 5  # px of a side
EVERY = 2  # px between the patches of a level of 256 px; coarser ones lay one at each pixel
SEARCHED = 2048  # patches that are looked for at once
# How much each guide counts in a distance, where a patch's colours count 1.
SURROUNDINGS, HEIGHT, SIDE, DEPTH = 1.5, 0.6, 0.15, 0.3
REACH = 0.04  # of the longest side: how far around a place its surroundings are
AGAIN = 0.003  # what each use of a patch in the turn before adds to its distance
# A patch that goes on what the one beside it shows is taken so much farther from what is wanted;
# so often that is asked in a turn, by so many patches a region of one piece grows.
COHERENT, PASSES = 0.5, 2
STRANGE = 1e-3  # what the paint of another region counts in a pixel
LEAST = np.float32(1e-30)  # what any paint counts


def laid_out(
    painting: Picture,
    regions: NDArray[np.intp],
    drawn: NDArray[np.intp],
    size: Size,
    read_at: SizeOf,
    finest: int = FINEST,
) -> NDArray[Any]:
    """A first picture of a drawing, made of patches of a painting.

    Args:
        painting: of any size.
        regions: (h, w), the region of each of its places, from 0; of its ratio.
        drawn: (H, W), the region that is drawn at each pixel of the drawing; all of them occur in
            `regions`.
        size: (height, width) in px of the layout.
        read_at: (height, width) at which the painting is read for a layout of that size.
        finest: longest side at which patches are searched, in px; at the coarsest they are at
            any rate.

    Returns:
        (height, width, 3) in [0, 1], sRGB; the same for the same input on one machine.
    """
    count = int(regions.max()) + 1
    layout: NDArray[Any] | None = None
    field = None
    for longest, turns in TURNS:
        if field is not None and longest > min(finest, max(size)):
            break
        at = _at_most(size, longest)
        level = _Level.of(painting, regions, drawn, at, read_at(at), count)
        layout = None if layout is None else _resized(layout, at)
        uses = np.zeros(level.source.shape[:2], np.float32)
        for _ in range(turns):
            field = level.searched(layout, uses)
            layout = _voted(level.source, level.regions, level.drawn, field)
            np.copyto(uses, 0)
            np.add.at(uses, (field.rows, field.columns), 1)
    assert field is not None
    if at != size:
        of = read_at(size)
        maps = labels_at(regions, of, count), labels_at(drawn, size, count)
        layout = _voted(_lab(painting, of), *maps, field.over(size, of))
    assert layout is not None
    return np.asarray(from_oklab(layout), np.float32)


@dataclass(frozen=True)
class _Field:
    """Which place of the painting each patch shows.

    Attributes:
        rows, columns: (n, m) of the middle of the painting's patch, for each patch of a grid.
        at, of: (height, width) of the layout and of the painting, in px.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    at: Size
    of: Size

    def over(self, at: Size, of: Size) -> _Field:
        """The same places in larger pictures."""
        rows = ((self.rows + 0.5) * of[0] / self.of[0]).astype(np.intp)
        columns = ((self.columns + 0.5) * of[1] / self.of[1]).astype(np.intp)
        return _Field(rows, columns, at, of)


@dataclass(frozen=True)
class _Level:
    """One size at which patches are searched.

    Attributes:
        source: (h, w, 3), the painting in Oklab.
        regions, drawn: the two maps at this size.
        known, wanted: (h, w, F) and (H, W, F), the guides of each place.
    """

    source: NDArray[Any]
    regions: NDArray[np.intp]
    drawn: NDArray[np.intp]
    known: NDArray[Any]
    wanted: NDArray[Any]

    @classmethod
    def of(
        cls,
        painting: Picture,
        regions: NDArray[np.intp],
        drawn: NDArray[np.intp],
        at: Size,
        read: Size,
        count: int,
    ) -> _Level:
        regions, drawn = labels_at(regions, read, count), labels_at(drawn, at, count)
        reach = max(2, round(REACH * max(at)))
        return cls(
            _lab(painting, read),
            regions,
            drawn,
            _guides(regions, count, reach),
            _guides(drawn, count, reach),
        )

    def searched(self, layout: NDArray[Any] | None, uses: NDArray[Any]) -> _Field:
        """The nearest patches of the painting.

        Args:
            layout: (H, W, 3) so far; None where only the guides tell.
            uses: (h, w), how often each patch was taken before.
        """
        at, of = self.drawn.shape, self.regions.shape
        step = EVERY if max(at) > COARSE else 1
        rows, columns = np.mgrid[0 : at[0] : step, 0 : at[1] : step]
        here = self.drawn[rows, columns]
        found_rows, found_columns = np.zeros_like(rows), np.zeros_like(rows)
        for region in np.unique(here):
            asked = here == region
            places = np.nonzero(self.regions == region)
            if not places[0].size:  # a region too small to be seen at this size
                places = np.nonzero(np.ones(of, bool))
            known, wanted = self.known[places], self.wanted[rows[asked], columns[asked]]
            if layout is not None:
                own = _patches(self.source, *places)
                now = _patches(layout, rows[asked], columns[asked])
                known, wanted = np.hstack((own, known)), np.hstack((now, wanted))
            best = _nearest(known, wanted, AGAIN * uses[places])
            found_rows[asked], found_columns[asked] = (place[best] for place in places)
        field = _Field(found_rows, found_columns, (at[0], at[1]), (of[0], of[1]))
        if layout is not None:
            for _ in range(PASSES):
                field = self._coherent(layout, field, rows, columns, step)
        return field

    def _coherent(
        self,
        layout: NDArray[Any],
        field: _Field,
        rows: NDArray[np.intp],
        columns: NDArray[np.intp],
        step: int,
    ) -> _Field:
        """The field where patches go on what their neighbours show, if that is nearly as near.

        Strokes come out whole so (Ashikhmin, "Synthesizing Natural Textures", 2001).
        """
        here = self.drawn[rows, columns]
        wanted = self.wanted[rows, columns]
        now = _patches(layout, rows, columns)

        def distance(y: NDArray[np.intp], x: NDArray[np.intp]) -> NDArray[Any]:
            far = np.square(_patches(self.source, y, x) - now).sum(-1)
            return np.asarray(far + np.square(self.known[y, x] - wanted).sum(-1))

        best_rows, best_columns = field.rows, field.columns
        best = distance(best_rows, best_columns)
        for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            y = np.roll(field.rows, (down, right), (0, 1)) + down * step
            x = np.roll(field.columns, (down, right), (0, 1)) + right * step
            inside = (y >= 0) & (y < field.of[0]) & (x >= 0) & (x < field.of[1])
            y, x = y.clip(0, field.of[0] - 1), x.clip(0, field.of[1] - 1)
            inside &= self.regions[y, x] == here
            far = np.where(inside, distance(y, x) * COHERENT, np.inf)
            nearer = far < best
            best = np.where(nearer, far, best)
            best_rows = np.where(nearer, y, best_rows)
            best_columns = np.where(nearer, x, best_columns)
        return _Field(best_rows, best_columns, field.at, field.of)


def _nearest(known: NDArray[Any], wanted: NDArray[Any], dearer: NDArray[Any]) -> NDArray[np.intp]:
    """The number of the nearest known vector for each wanted one."""
    offsets = np.square(known).sum(1) + dearer
    best = np.empty(len(wanted), np.intp)
    for begin in range(0, len(wanted), SEARCHED):
        part = slice(begin, begin + SEARCHED)
        distance = wanted[part] @ known.T
        distance *= -2
        distance += offsets
        best[part] = distance.argmin(1)
    return best


def _patches(
    picture: NDArray[Any], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[Any]:
    """The colours of the patches around some places, (…, 3 · PATCH²), as if of 3 x 3 px."""
    found = np.moveaxis(patches_of(picture, PATCH // 2)[rows, columns], -3, -1)
    return found.reshape(*rows.shape, -1) * np.float32(3 / PATCH)


def _guides(labels: NDArray[np.intp], count: int, reach: int) -> NDArray[Any]:
    """What a place is like apart from its colours, (H, W, F).

    How much of each region is around it, above, below, left and right of it; where in the picture
    it lies; how deep inside its region.
    """
    height, width = labels.shape
    guides: list[NDArray[Any]] = []
    depth = np.zeros((height, width), np.float32)
    for region in range(count):
        mine = labels == region
        around = _blurred(mine, max(1, reach // 2)) * np.float32(SURROUNDINGS)
        far = np.pad(around / 2, reach, mode="edge")
        across, along = slice(reach, reach + width), slice(reach, reach + height)
        guides += [around, far[:height, across], far[2 * reach :, across]]
        guides += [far[along, :width], far[along, 2 * reach :]]
        depth[mine] = _blurred(mine, 3 * reach)[mine]
    rows, columns = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    return np.stack([*guides, rows * HEIGHT, columns * SIDE, depth * DEPTH], -1)


def _blurred(mine: NDArray[np.bool_], reach: int) -> NDArray[Any]:
    reach = min(reach, min(mine.shape) // 2)
    if reach < 1:
        return mine.astype(np.float32)
    return box_sum(box_sum(mine, reach).astype(np.float32), reach) / np.float32(
        (2 * reach + 1) ** 4
    )


def _voted(
    source: NDArray[Any],
    regions: NDArray[np.intp],
    drawn: NDArray[np.intp],
    field: _Field,
) -> NDArray[Any]:
    """The patches of a field laid over each other, the middle of each counting most.

    A pixel is of what shows its own region, as far as any patch does: edges stay where they are
    drawn.

    Args:
        source: (h, w, 3).
        regions: (h, w), of the painting.
        drawn: (H, W), of the layout.
        field: for a layout of this size.
    """
    at, grid = drawn.shape, field.rows.shape
    steps = at[0] / grid[0], at[1] / grid[1]
    # Patches whose middles lie within about half a patch of a pixel; at least those around it.
    reach = max(1, round(PATCH / 2 / max(1.0, EVERY if field.at != field.of else 1)))
    rows, columns = np.arange(at[0]), np.arange(at[1])
    mine = [
        np.minimum((line / step).astype(np.intp), size - 1)
        for line, step, size in zip((rows, columns), steps, grid, strict=True)
    ]
    total = np.zeros((*at, 3), np.float32)
    weights = np.zeros((*at, 1), np.float32)
    spread = 2 * (0.25 * PATCH * max(steps[0] / EVERY, 1)) ** 2
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            i = (mine[0] + down).clip(0, grid[0] - 1)
            j = (mine[1] + right).clip(0, grid[1] - 1)
            dy = rows - (i * steps[0]).astype(np.intp)
            dx = columns - (j * steps[1]).astype(np.intp)
            y = (field.rows[i[:, None], j] + dy[:, None]).clip(0, source.shape[0] - 1)
            x = (field.columns[i[:, None], j] + dx).clip(0, source.shape[1] - 1)
            weight = np.exp(-(np.square(dy)[:, None] + np.square(dx)) / spread)
            weight = np.where(regions[y, x] == drawn, weight, weight * STRANGE)
            # In a layout of few px by thousands all that is near a pixel may be far from it.
            weight = np.maximum(weight.astype(np.float32), LEAST)[..., None]
            total += weight * source[y, x]
            weights += weight
    return np.asarray(total / weights)


def _at_most(size: Size, longest: int) -> Size:
    share = min(1.0, longest / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _lab(painting: Picture, size: Size) -> NDArray[Any]:
    return np.asarray(to_oklab(resized(painting, *size, resample="lanczos").floats))


def _resized(layout: NDArray[Any], size: Size) -> NDArray[Any]:
    planes = [Image.fromarray(np.ascontiguousarray(layout[..., n])) for n in range(3)]
    return np.stack([np.asarray(plane.resize(size[::-1])) for plane in planes], -1)
