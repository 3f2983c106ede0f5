"""A square about a face, upright, cut out of a photograph that may end before it does."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto import imaging
from impasto.faces import Face
from impasto.imaging import Picture

__all__ = ["SIDES", "square"]

# Sides of the square in distances of the eyes: hair and chin, or shoulders too.
SIDES = {"head": 4.6, "bust": 6.8}
LARGEST_TILT = 30.0  # degrees that a face is set upright by


def square(picture: Picture, face: Face, framing: str, smallest: int = 1) -> Picture:
    """The square about a face, with level eyes and the face in its middle.

    Beyond the picture's edges it is mirrored.

    Args:
        picture: of any size.
        face: in px of it.
        framing: a name of `SIDES`.
        smallest: px of the side; a smaller square is enlarged to it.

    Returns:
        A square picture, which is as deep as the photograph; a note says where it was enlarged or
        mirrored much, or not set upright.
    """
    side = _side(picture, face, framing)
    px = max(smallest, round(side))
    tilt = max(-LARGEST_TILT, min(LARGEST_TILT, face.tilt))
    x, y = face.centre
    turn, scale = math.radians(tilt), side / px
    # What lies at (u, v) of the square, from its middle, lies there in the picture.
    across, down = scale * math.cos(turn), scale * math.sin(turn)
    reach = math.ceil(side * math.sqrt(0.5)) + 2
    left, top = math.floor(x) - reach, math.floor(y) - reach
    rows = _mirrored(np.arange(top, top + 2 * reach + 2), picture.height)
    columns = _mirrored(np.arange(left, left + 2 * reach + 2), picture.width)
    half = px / 2
    placed = (
        *(across, -down, x - left + 0.5 - half * (across - down)),
        *(down, across, y - top + 0.5 - half * (across + down)),
    )
    opaque = imaging.filled(picture)
    cut = _cutter(rows, columns, px, placed)
    pixels = np.stack([cut(opaque.pixels[..., c]) for c in range(3)], -1)
    alpha = None if picture.alpha is None else cut(picture.alpha)
    notes = (*picture.notes, *_notes(picture, face, (x, y), side, smallest))
    return replace(picture, pixels=pixels, alpha=alpha, notes=notes, scratch=None)


def _side(picture: Picture, face: Face, framing: str) -> float:
    """Of the square, in px: less where more than a sixth of it would be a mirror's, which shows
    half a face again; never less than a head."""
    (x, y), wished = face.centre, SIDES[framing] * face.unit
    inside = min(x, y, picture.width - x, picture.height - y)
    return max(min(wished, 3 * inside), min(wished, SIDES["head"] * face.unit))


def _mirrored(places: NDArray[np.intp], length: int) -> NDArray[np.intp]:
    """Places beyond either end, as a mirror there shows them.

    Example:
        >>> _mirrored(np.arange(-2, 5), 3).tolist()
        [1, 0, 0, 1, 2, 2, 1]
    """
    around = places % (2 * length)
    return np.asarray(np.minimum(around, 2 * length - 1 - around), np.intp)


def _cutter(
    rows: NDArray[np.intp], columns: NDArray[np.intp], px: int, placed: tuple[float, ...]
) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """What cuts the square out of one channel."""

    def cut(channel: NDArray[Any]) -> NDArray[Any]:
        top = np.iinfo(channel.dtype).max
        plane = Image.fromarray(channel[np.ix_(rows, columns)].astype(np.float32))
        turned = plane.transform((px, px), Image.Transform.AFFINE, placed, Image.Resampling.BICUBIC)
        levels: NDArray[Any] = np.rint(np.asarray(turned)).clip(0, top)
        return levels.astype(channel.dtype)

    return cut


def _notes(
    picture: Picture, face: Face, middle: tuple[float, float], side: float, smallest: int
) -> list[str]:
    notes = []
    beyond = max(
        side / 2 - middle[0],
        side / 2 - middle[1],
        middle[0] + side / 2 - picture.width,
        middle[1] + side / 2 - picture.height,
    )
    if beyond > side / 8:
        notes.append(
            f"{picture.name} ends {beyond:.0f} px before the portrait of {side:.0f} px does: it is "
            "mirrored there"
        )
    if smallest > 2 * side:
        notes.append(
            f"the portrait is {side:.0f} px of {picture.name}, enlarged to {smallest}: a larger "
            "photograph would show more"
        )
    if abs(face.tilt) > LARGEST_TILT:
        notes.append(
            f"the face leans by {abs(face.tilt):.0f}°, and is turned by {LARGEST_TILT:.0f}° of it: "
            "turn the photograph first"
        )
    return notes
