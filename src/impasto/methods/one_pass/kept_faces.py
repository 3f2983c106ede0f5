"""Faces under one pass: painted as gently as the network can, in finer strokes, and laid in softly.

A network has but one size of stroke. Of a small face that is enlarged first, painted and made
smaller again, the strokes are finer; and at strength 0 they leave its lines where they are. What
features are normalised by is the whole photograph's, so that colours are those around it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto import faces
from impasto.faces import Face
from impasto.methods.one_pass.engine import Engine
from impasto.methods.one_pass.photo import Photo
from impasto.methods.one_pass.ready import SMALLEST
from impasto.networks.stylizers.painter import Hand, Spreads

__all__ = ["PaintedFace", "gentle_spreads", "painted_faces", "with_faces"]

# A smaller face is enlarged to this unit in px before it is painted, at most so many times.
UNIT, MOST_ENLARGED = 48.0, 3.0
AROUND = 0.5  # of the face's unit, that is painted beyond its oval's box


@dataclass(frozen=True)
class PaintedFace:
    """A face as it was painted by itself.

    Attributes:
        rows, columns: of the picture, where it is.
        pixels: (1, 3, h, w), standardised.
        share: (1, 1, h, w) in [0, 1], how much of it is laid there.
    """

    rows: slice
    columns: slice
    pixels: Tensor
    share: Tensor


def gentle_spreads(engine: Engine, photo: Photo, hand: Hand, tiled: bool) -> Spreads:
    """What features are normalised by under a gentle hand.

    Args:
        engine: the network.
        photo: of any size.
        hand: of the style, at strength `GENTLE`.
        tiled: whether the photograph is too large to be looked at whole.
    """
    if tiled:
        return engine.sampled(photo, hand)
    height, width = photo.shape
    return engine.spreads(photo.part(slice(0, height), slice(0, width)), hand)


def painted_faces(
    engine: Engine, photo: Photo, hand: Hand, spreads: Spreads, kept: Sequence[Face]
) -> list[PaintedFace]:
    """Every face of a photograph, painted by itself.

    Args:
        engine: the network.
        photo: of any size.
        hand: of the style, at strength `GENTLE`.
        spreads: as `gentle_spreads` gave them.
        kept: in px of the photograph.
    """
    painted = []
    for face in kept:
        rows, columns = _box(face, photo.shape)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            continue
        part = photo.part(rows, columns)
        share = max(1.0, min(MOST_ENLARGED, UNIT / face.unit))
        size = [max(SMALLEST, round(share * side)) for side in part.shape[-2:]]
        larger = F.interpolate(part, size, mode="bicubic", align_corners=False)
        *_, (_, _, own) = engine.paint(larger, hand, spreads)
        pixels = F.interpolate(
            own, part.shape[-2:], mode="bicubic", align_corners=False, antialias=True
        )
        here = face.moved(1, 1, -columns.start, -rows.start)
        oval = faces.maps([here], (part.shape[-2], part.shape[-1])).oval
        painted.append(PaintedFace(rows, columns, pixels, torch.from_numpy(oval)[None, None]))
    return painted


def with_faces(
    painting: Tensor, place: tuple[slice, slice], painted: Sequence[PaintedFace]
) -> Tensor:
    """A part of the picture with the faces in it.

    Args:
        painting: (1, 3, h, w), standardised, of the part.
        place: its rows and columns in the picture.
        painted: all faces.
    """
    painting = painting.clone() if painted else painting  # none of inference mode's
    for face in painted:
        rows = _shared(face.rows, place[0])
        columns = _shared(face.columns, place[1])
        if rows is None or columns is None:
            continue
        here = (..., _from(rows, place[0]), _from(columns, place[1]))
        there = (..., _from(rows, face.rows), _from(columns, face.columns))
        painting[here] = torch.lerp(painting[here], face.pixels[there], face.share[there])
    return painting


def _box(face: Face, shape: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns around a face's oval, within the picture."""
    reach = (faces.REACH + AROUND) * face.unit
    x, y = face.middle
    rows = slice(max(0, math.floor(y - reach)), min(shape[0], math.ceil(y + reach)))
    columns = slice(max(0, math.floor(x - reach)), min(shape[1], math.ceil(x + reach)))
    return rows, columns


def _shared(a: slice, b: slice) -> slice | None:
    start, stop = max(a.start, b.start), min(a.stop, b.stop)
    return slice(start, stop) if start < stop else None


def _from(inner: slice, outer: slice) -> slice:
    return slice(inner.start - outer.start, inner.stop - outer.start)
