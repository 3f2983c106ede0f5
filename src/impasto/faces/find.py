"""Faces of a picture, whatever its size, and where it lies on its side a little."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto import imaging
from impasto.faces.cascade import Cascade
from impasto.faces.face import Face, Point

__all__ = ["check", "find", "kept"]

LONGEST = 768  # px at which a larger picture is looked at; a face in it then has 1 px of 40 or more
SHORTEST = 400  # px to which a smaller one is enlarged: the networks want faces of 20 px and more
SMALLEST = 20  # px of a face
TILTS = (30, -30, 60, -60)  # degrees by which a picture is turned where no face is upright in it
# Landmarks are kept to this share of a px, so that another machine's rounding changes nothing.
GRAIN = 8
# Of six photographed portraits, mirrored, tilted and at half size, faces had 0.95 and more; what
# was none, in these and in ten other photographs, had 0.8.
SURE = 0.9


def find(
    picture: imaging.Picture, *, wish: str = "keep_faces", sure: float = SURE
) -> tuple[Face, ...]:
    """The faces of a photograph, the largest first.

    Frontal and half-turned faces are found, of a fortieth of the longest side and more, or of a
    twentieth where that side has 400 px or fewer; where none is, the picture is turned by 30° and
    60° either way and looked at again.

    Args:
        picture: of any size; a large one is looked at smaller.
        wish: what needs them, for the message.
        sure: from 0 to 1, how sure it has to be that one is a face.

    Returns:
        Faces in px of the picture; none where there is none.

    Raises:
        MissingPackageError: the extra `portrait` is not installed.
    """
    cascade = Cascade(wish)
    longest = max(picture.height, picture.width)
    share = min(1.0, LONGEST / longest) if longest > SHORTEST else SHORTEST / longest
    size = max(1, round(picture.height * share)), max(1, round(picture.width * share))
    pixels = _shallow(imaging.resized(picture, *size))
    faces = _looked_at(cascade, pixels, 0, sure)
    for tilt in TILTS if not faces else ():
        if faces := _looked_at(cascade, pixels, tilt, sure):
            break
    across, down = picture.width / size[1], picture.height / size[0]
    return tuple(
        sorted((_grained(face.moved(across, down)) for face in faces), key=lambda f: -f.area)
    )


def check(wish: str = "keep_faces") -> None:
    """Refuse to go on without what `find` needs.

    Raises:
        MissingPackageError: the extra `portrait` is not installed.
    """
    Cascade(wish)


def kept(picture: imaging.Picture) -> tuple[tuple[Face, ...], str]:
    """What `find` gives for the setting `keep_faces`, and what there is to tell of it."""
    found = find(picture)
    if not found:
        return found, f"no face is found in {picture.name}: keep_faces changes nothing"
    counted = "1 face is" if len(found) == 1 else f"{len(found)} faces are"
    return found, f"{counted} found in {picture.name} and kept"


def _shallow(picture: imaging.Picture) -> NDArray[np.uint8]:
    """(H, W, 3) uint8."""
    pixels: NDArray[Any] = np.ascontiguousarray(picture.pixels)
    return pixels if pixels.dtype == np.uint8 else (pixels >> 8).astype(np.uint8)


def _looked_at(
    cascade: Cascade, pixels: NDArray[np.uint8], degrees: float, sure: float
) -> list[Face]:
    """Faces of a picture that is turned first, in px of the picture as it is."""
    height, width = pixels.shape[:2]
    seen = pixels
    if degrees:
        image = Image.fromarray(pixels)
        seen = np.asarray(image.rotate(degrees, Image.Resampling.BILINEAR))
    boxes, points = cascade.faces(seen, SMALLEST, sure)
    turn = math.radians(degrees)

    def back(point: Sequence[float]) -> Point:
        x, y = point[0] - width / 2, point[1] - height / 2
        return (
            math.cos(turn) * x - math.sin(turn) * y + width / 2,
            math.sin(turn) * x + math.cos(turn) * y + height / 2,
        )

    faces = []
    for (left, top, right, bottom, score), marks in zip(boxes, points, strict=True):
        half = (right - left) / 2, (bottom - top) / 2
        x, y = back(((left + right) / 2, (top + bottom) / 2))
        box = x - half[0], y - half[1], x + half[0], y + half[1]
        faces.append(Face.of(box, float(score), map(back, marks)))
    return faces


def _grained(face: Face) -> Face:
    """The same with coordinates and score rounded."""

    def at(x: float, y: float) -> Point:
        return round(x * GRAIN) / GRAIN, round(y * GRAIN) / GRAIN

    left, top, right, bottom = face.box
    box = (*at(left, top), *at(right, bottom))
    return Face.of(box, round(face.score, 3), (at(x, y) for x, y in face.landmarks))
