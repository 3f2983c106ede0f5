"""Rows of tiles that one process holds, and an evaluation over all of them, whoever holds which.

Two holders meet at an edge. What one sees beyond it are the other's px, and a part of its gradient
belongs to the other's rows. Every row's parts are added up in the order of the bands they are of,
so that the sum has the same bytes as if one process held all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from impasto.losses.sums import Slopes, Sums
from impasto.methods.holding import Group
from impasto.methods.optimization.objective import TOTAL
from impasto.methods.optimization.tiles.grid import Band
from impasto.methods.optimization.tiles.look import Divisor, TileWork
from impasto.methods.optimization.tiles.reduce import divisors, style_loss
from impasto.methods.planes import Planes, release

__all__ = ["HeldBands", "Spill", "evaluated", "looked_at", "rows_of"]


class Spill(NamedTuple):
    """What a band adds to the gradient of rows that its holder has not.

    Attributes:
        rows: of the picture.
        gradient: (1, 3, h, W) of them.
    """

    rows: slice
    gradient: Tensor


class HeldBands:
    """Consecutive rows of tiles.

    Args:
        work: what the tiles have in common.
        bands: of its grid.
        content: (1, 3, h, W), the rows that these bands see, standardised.
        painted: (1, 1, h, W) of the same rows, in [0, 1]; None for all.
        planes: where the gradient and the content's features lie.

    Attributes:
        pixels: (1, 3, h, W) of the rows they own, to be evaluated; set by who has them.
        gradient: likewise, overwritten by each evaluation.
    """

    def __init__(
        self,
        work: TileWork,
        bands: Sequence[Band],
        content: Tensor,
        painted: Tensor | None,
        planes: Planes,
    ) -> None:
        self._work, self._bands, self._planes = work, list(bands), planes
        self._content, self._painted = content, painted
        self.own, self.seen = rows_of(bands)
        self._shared = _shared(work, bands)
        height, width = self.own.stop - self.own.start, content.shape[-1]
        self.gradient = planes.new(1, 3, height, width, dtype=content.dtype)
        self.pixels: Tensor = self.gradient
        self._above: Tensor | None = None
        self._below: Tensor | None = None
        self._targets: list[list[list[Tensor]]] = []
        self._early: list[Spill] = []  # of the rows that another holder's band comes first in
        self._losses: list[tuple[float, float]] = []

    def look(self) -> list[list[Tensor]]:
        """Look at the content once: of each band, what `TileWork.look` gives of its layers."""
        sums = []
        for band in self._bands:
            features, own = self._work.look(band, self._cut(self._content, band))
            self._targets.append([[self._stored(x) for x in tile] for tile in features])
            sums.append(own)
            release()
        return sums

    def _stored(self, features: Tensor) -> Tensor:
        if not self._planes.in_files:
            return features
        return self._planes.new(*features.shape, dtype=features.dtype).copy_(features)

    # An evaluation, in the order of its calls

    def beside(self) -> tuple[Tensor, Tensor]:
        """The px at the upper edge that are seen from above, and those at the lower one."""
        before, after = self._work.grid.reach
        height = self.pixels.shape[-2]
        return (
            self.pixels[:, :, : min(after, height)].clone(),
            self.pixels[:, :, max(0, height - before) :].clone(),
        )

    def measure(self, above: Tensor | None, below: Tensor | None) -> list[list[Sums]]:
        """What each band measures.

        Args:
            above, below: px beside the edges, as the neighbours' `beside` gives them; None at the
                picture's borders.
        """
        self._above, self._below = above, below
        sums = []
        for band in self._bands:
            sums.append(self._work.measure(band, self._composed(band)))
            release()
        return sums

    def pull(
        self, slopes: Sequence[Slopes], divisors: Sequence[Divisor]
    ) -> tuple[list[Spill], list[Spill]]:
        """The gradient through what each band owns.

        Args:
            slopes, divisors: as for `TileWork.gradient`.

        Returns:
            What belongs to the neighbour above, and to the one below, in the order of the bands.
        """
        self._losses, self._early = [], []
        up: list[Spill] = []
        down: list[Spill] = []
        ready = self.own.start  # rows of the gradient that hold nothing of the last evaluation
        for band, targets in zip(self._bands, self._targets, strict=True):
            seen = self._composed(band)
            part = self._work.gradient(band, seen, slopes, targets, divisors)
            gradient = part.gradient
            if self._painted is not None:
                gradient.mul_(self._cut(self._painted, band))
            first, end = max(band.seen.start, self.own.start), min(band.seen.stop, self.own.stop)
            if end > ready:
                self._at(slice(ready, end)).zero_()
                ready = end
            for rows, into in (
                (slice(band.seen.start, self.own.start), up),
                (slice(first, min(self._shared, band.seen.stop)), self._early),
                (slice(self.own.stop, band.seen.stop), down),
            ):
                if rows.start < rows.stop:
                    within = slice(rows.start - band.seen.start, rows.stop - band.seen.start)
                    into.append(Spill(rows, gradient[:, :, within].clone()))
            rows = slice(max(band.seen.start, self._shared), end)
            if rows.start < rows.stop:
                within = slice(rows.start - band.seen.start, rows.stop - band.seen.start)
                self._at(rows).add_(gradient[:, :, within])
            self._losses.append((part.content, part.variation))
            release()
        return up, down

    def add(
        self, above: Sequence[Spill] | None, below: Sequence[Spill] | None
    ) -> tuple[list[tuple[float, float]], bool]:
        """Add what the neighbours' bands give to rows of these.

        Args:
            above: what the neighbour above has given for these; None at the border.
            below: likewise.

        Returns:
            The content loss and the total variation of each band, both weighted; whether the whole
            gradient is finite.
        """
        for spill in (*(above or ()), *self._early, *(below or ())):
            self._at(spill.rows).add_(spill.gradient)
        self._early = []
        is_finite = True
        for band in self._bands:
            is_finite = is_finite and bool(self._at(band.own).isfinite().all())
            release()
        return self._losses, is_finite

    def _at(self, rows: slice) -> Tensor:
        """Rows of the gradient."""
        return self.gradient[:, :, rows.start - self.own.start : rows.stop - self.own.start]

    def _cut(self, x: Tensor, band: Band) -> Tensor:
        """What a band sees of what all see."""
        return x[:, :, band.seen.start - self.seen.start : band.seen.stop - self.seen.start]

    def _composed(self, band: Band) -> Tensor:
        """The rows that a band sees of the picture that pixels make."""
        own = self._pixels_of(band)
        if self._painted is None:
            return own
        return torch.lerp(self._cut(self._content, band), own, self._cut(self._painted, band))

    def _pixels_of(self, band: Band) -> Tensor:
        top = band.seen.start - self.own.start
        bottom = band.seen.stop - self.own.start
        height = self.pixels.shape[-2]
        pieces = [self.pixels[:, :, max(0, top) : min(bottom, height)]]
        if top < 0:
            assert self._above is not None
            pieces.insert(0, self._above[:, :, self._above.shape[-2] + top :])
        if bottom > height:
            assert self._below is not None
            pieces.append(self._below[:, :, : bottom - height])
        return pieces[0] if len(pieces) == 1 else torch.cat(pieces, 2)


def looked_at(group: Group, work: TileWork) -> list[Divisor]:
    """Have the content looked at: the divisors of the whole.

    Args:
        group: of `HeldBands`, or of what does as they do.
        work: of the scene.
    """
    return divisors(work, [sums for held in group.call("look") for sums in held])


def evaluated(
    group: Group, work: TileWork, divisors: Sequence[Divisor]
) -> tuple[Mapping[str, float], bool]:
    """Weighted losses as numbers, and whether the gradient, which stays where it is, is finite.

    Args:
        group: as for `looked_at`.
        work: of the scene.
        divisors: as `looked_at` gives them.
    """
    beside = _crossed(group.call("beside", parts=2))
    sums = [own for held in group.call("measure", each=beside) for own in held]
    style, slopes = style_loss(work, sums)
    spills = _crossed(group.call("pull", slopes, divisors, parts=2))
    content = variation = 0.0
    is_finite = True
    for parts, finite in group.call("add", each=spills):
        is_finite = is_finite and finite
        for own, total in parts:
            content += own
            variation += total
    losses = {"content": content, "style": style, "tv": variation}
    return losses | {TOTAL: sum(losses.values())}, is_finite


def rows_of(bands: Sequence[Band]) -> tuple[slice, slice]:
    """The rows that consecutive bands own, and those that they see."""
    return (
        slice(bands[0].own.start, bands[-1].own.stop),
        slice(
            min(band.seen.start for band in bands),
            max(band.seen.stop for band in bands),
        ),
    )


def _shared(work: TileWork, bands: Sequence[Band]) -> int:
    """Up to which row bands above these, which come first in every sum, have a part in them."""
    earlier = (band.seen.stop for band in work.grid.bands[: bands[0].number])
    own, _ = rows_of(bands)
    return int(min(own.stop, max(earlier, default=own.start)))


def _crossed(edges: Sequence[tuple[object, object]]) -> list[tuple[object, object]]:
    """What each has for the one above and the one below, handed over."""
    up, down = zip(*edges, strict=True)
    return list(zip((None, *down[:-1]), (*up[1:], None), strict=True))
