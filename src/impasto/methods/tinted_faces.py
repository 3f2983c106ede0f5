"""Kept faces in the styles' colours: as light as in the photograph, and not grey among colours.

A kept face is held by features of the photograph, which is shown paled, and would stay grey in a
painting that is not. So it is tinted first: at each lightness it takes a share of the colour that
the style has there. Its forms are differences of light, and stay.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from impasto import faces, imaging
from impasto.faces import Face
from impasto.imaging import color
from impasto.imaging.codecs.mapped import drop
from impasto.methods.coloring import deep, weights_at
from impasto.settings import StyleSettings

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["tinted_faces"]

LOOKED_AT = 64  # px between the eyes, about as many as a face's own colours are read off at most

Plane = NDArray[np.float32]
Box = tuple[slice, slice]


def tinted_faces(
    guide: imaging.Picture,
    content: imaging.Picture,
    styles: Sequence[imaging.Picture],
    counts: Sequence[Tensor | None],
    where: Sequence[Tensor],
    kept: Sequence[Face],
    settings: StyleSettings,
    *,
    blend: Sequence[float] | None = None,
) -> imaging.Picture:
    """The content image as the network shall see it, its faces in the styles' colours.

    Args:
        guide: the content at the painting's final size, 16 bits deep and paled.
        content: of that size, in its own colours.
        styles: in the colours that are painted with.
        counts: where each style is learnt from, (1, 1, h, w) of any size, or None for everywhere.
        where: each style paints, (1, 1, H, W); none if all of them paint everywhere.
        kept: in px of the content.
        settings: under `color` "style" a face has the less of the styles' colours the more
            `content_chroma` leaves it of its own and the more it has of that; at 1 none.
        blend: shares of the styles that paint together; None where each has its own places.
    """
    if not kept or settings.color != "style" or settings.content_chroma == 1:
        return guide
    pixels = imaging.Workspace(content.scratch).empty(guide.pixels.shape, np.uint16)
    np.copyto(pixels, guide.pixels)
    planes = [plane[0, 0].numpy() for plane in where]
    for face in kept:
        box = _box(face, (content.height, content.width))
        step = max(1, round(face.unit / LOOKED_AT))
        few = replace(content, pixels=content.pixels[box][::step, ::step], alpha=None)
        oval = _oval(face, box, step, few.pixels.shape[:2])
        if not oval.any():
            continue
        tables = [
            _table(few.floats, oval, *style, settings) for style in zip(styles, counts, strict=True)
        ]
        if blend is not None:
            mixed = np.average([table for table, _ in tables], 0, blend)
            amount = float(np.average([amount for _, amount in tables], weights=blend))
            tables = [(mixed, amount)]
        for rows in color.bands(pixels[box]):
            band = slice(box[0].start + rows.start, box[0].start + rows.stop), box[1]
            seen = replace(guide, pixels=pixels[band], alpha=None).floats
            oval = _oval(face, band, 1, seen.shape[:2])
            for which, (colours, amount) in enumerate(tables):
                share = amount * oval if not planes else amount * oval * planes[which][band]
                seen = color.tinted(seen, colours, share)
            pixels[band] = deep(seen)
            drop(pixels)
    return replace(guide, pixels=pixels)


def _table(
    photo: Plane,
    oval: Plane,
    style: imaging.Picture,
    counts: Tensor | None,
    settings: StyleSettings,
) -> tuple[NDArray[np.float64], float]:
    """A style's colours for a face, and the share of them that it takes."""
    pixels, weights = style.floats, weights_at(counts, style)
    own, theirs = color.chroma(photo, oval), color.chroma(pixels, weights)
    enough = min(1.0, own / theirs) if theirs > 0 else 1.0
    return color.tints(pixels, photo, weights, oval), 1 - settings.content_chroma * enough


def _oval(face: Face, box: Box, nth: int, shape: tuple[int, int]) -> Plane:
    """The map of a face in a part of the picture, of which every nth row and column is seen."""
    share = 1 / nth
    rows, columns = (-side.start * share for side in box)
    return faces.maps([face.moved(share, share, columns, rows)], shape).oval


def _box(face: Face, shape: tuple[int, int]) -> Box:
    """Rows and columns around a face's oval, within the picture; empty where it is beyond."""
    reach, (x, y) = faces.REACH * face.unit, face.middle
    rows, columns = (
        slice(min(max(0, math.floor(at - reach)), side), max(0, min(side, math.ceil(at + reach))))
        for at, side in zip((y, x), shape, strict=True)
    )
    return rows, columns
