"""Landmarks read steadily, and how far the detector's own reading of one photograph wanders.

    python -m benchmarks.landmarks FACES

A detector of faces reads each landmark some hundredths of the eyes' distance beside where it read
it a moment ago, when the picture is moved by a px or mirrored. So a picture is read in nine views:
as it is, mirrored, moved, turned and of other sizes; what all views say in the middle is steady.

FACES is a folder of photographs with one face each; the sample `astronaut` is added. The table
tells, of each, how far its landmarks wander when the photograph itself is hardly changed, or
changed as a painter would without a stroke out of place: no painting can be told to be nearer.
"""

from __future__ import annotations

import argparse
import io
import math
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from impasto import faces, imaging
from impasto.errors import ImpastoError, InputError
from impasto.faces import Face
from impasto.faces.face import Point

__all__ = ["LOOKS", "SURE", "Look", "changes", "main", "steady", "wandered"]

SURE = 0.7  # MTCNN's own default
FEWEST = 5  # looks that have to find a face


class Look(NamedTuple):
    """A view of a picture.

    Attributes:
        share: of its size.
        degrees: by which it is turned.
        mirrored: left and right.
        right, down: px by which it is moved.
    """

    share: float = 1.0
    degrees: float = 0.0
    mirrored: bool = False
    right: float = 0.0
    down: float = 0.0

    def back(self, size: tuple[int, int]) -> tuple[float, ...]:
        """From a px of the view to one of the picture: x' = a·x + b·y + c, y' = d·x + e·y + f.

        Args:
            size: (width, height) of the picture, in px.

        Example:
            >>> Look(mirrored=True).back((10, 6))
            (-1.0, 0.0, 10.0, 0.0, 1.0, 0.0)
        """
        turn = math.radians(self.degrees)
        across, along = math.cos(turn) / self.share, math.sin(turn) / self.share
        sign = -1.0 if self.mirrored else 1.0
        a, b, d, e = sign * across, sign * along, -along, across
        (width, height), (x, y) = self.size(size), (size[0] / 2, size[1] / 2)
        c = x - self.right - (a * width + b * height) / 2
        f = y - self.down - (d * width + e * height) / 2
        return a + 0.0, b + 0.0, c, d + 0.0, e, f

    def size(self, size: tuple[int, int]) -> tuple[int, int]:
        """(width, height) of the view, in px."""
        return round(size[0] * self.share), round(size[1] * self.share)

    def read(self, picture: Image.Image, near: Face) -> list[Point] | None:
        """The landmarks of the face that is near one, in px of the picture; None if none is."""
        matrix = self.back(picture.size)
        view = picture.transform(
            self.size(picture.size), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC
        )
        a, b, c, d, e, f = matrix
        for found in faces.find(imaging.read(view), sure=SURE):
            marks = [(a * x + b * y + c, d * x + e * y + f) for x, y in found.landmarks]
            if self.mirrored:  # what lies left in the view lies right in the picture
                eye, other_eye, nose, corner, other_corner = marks
                marks = [other_eye, eye, nose, other_corner, corner]
            middle = np.mean([marks[which] for which in (0, 1, 3, 4)], 0)
            if math.dist(middle, near.centre) < near.unit:
                return marks
        return None


LOOKS = (
    Look(),
    Look(mirrored=True),
    Look(right=1.4, down=0.7),
    Look(right=-0.9, down=-1.6),
    Look(share=0.9),
    Look(share=1.12),
    Look(degrees=6),
    Look(degrees=-6),
    Look(share=0.95, mirrored=True, right=0.6),
)


def steady(picture: Image.Image, near: Face) -> list[Point] | None:
    """The landmarks of a face as most looks see them: the median of each coordinate.

    Args:
        picture: RGB.
        near: where the face is, in px of it.

    Returns:
        Five, in px of the picture; None where fewer than `FEWEST` looks find the face.
    """
    seen = [marks for look in LOOKS if (marks := look.read(picture, near)) is not None]
    if len(seen) < FEWEST:
        return None
    return [(float(x), float(y)) for x, y in np.median(seen, axis=0)]


def wandered(marks: Sequence[Point], others: Sequence[Point], unit: float) -> float:
    """The mean distance of landmarks from others, in units.

    Example:
        >>> wandered([(0, 0), (4, 0)], [(0, 1), (4, 1)], 4)
        0.25
    """
    pairs = zip(marks, others, strict=True)
    return statistics.mean(math.dist(one, other) for one, other in pairs) / unit


def changes() -> Mapping[str, Callable[[Image.Image], Image.Image]]:
    """What leaves every feature of a face where it is: hardly seen, then as painters do."""
    return {
        "JPEG, quality 50": _jpeg,
        "noise of 8 levels": _noisy,
        "blur of 1 px": lambda photo: photo.filter(ImageFilter.GaussianBlur(1)),
        "gamma 0.6": lambda photo: photo.point(lambda level: 255 * (level / 255) ** 0.6),
        "gamma 1.7": lambda photo: photo.point(lambda level: 255 * (level / 255) ** 1.7),
        "8 flat colours": lambda photo: photo.quantize(8, dither=Image.Dither.NONE).convert("RGB"),
        "median of 5 px": lambda photo: photo.filter(ImageFilter.MedianFilter(5)),
        "blur of 2 px": lambda photo: photo.filter(ImageFilter.GaussianBlur(2)),
    }


def _jpeg(photo: Image.Image) -> Image.Image:
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=50)
    return Image.open(file).convert("RGB")


def _noisy(photo: Image.Image) -> Image.Image:
    noise = np.random.default_rng(0).normal(0, 8, (photo.height, photo.width, 3))
    return Image.fromarray((np.asarray(photo) + noise).clip(0, 255).astype(np.uint8))


def tell(photos: Mapping[str, Image.Image]) -> str:
    """A table: a line for each change, of single and steady readings, a column for each face."""
    seen = {}
    for name, photo in photos.items():
        found = faces.find(imaging.read(photo))
        if not found:
            raise InputError(f"no face is found in {name}: give photographs with one face each")
        seen[name] = found[0], steady(photo, found[0])
    lines = [f"| | reading | {' | '.join(photos)} |", "| --- " * (2 + len(photos)) + "|"]
    for change, function in changes().items():
        cells: dict[str, list[str]] = {"single": [], "steady": []}
        for name, photo in photos.items():
            face, marks = seen[name]
            changed = function(photo)
            pairs: dict[str, tuple[Sequence[Point] | None, Sequence[Point] | None]] = {
                "single": (LOOKS[0].read(changed, face), face.landmarks),
                "steady": (steady(changed, face), marks),
            }
            for reading, (one, other) in pairs.items():
                if one is None or other is None:
                    cells[reading].append("-")
                else:
                    cells[reading].append(f"{wandered(one, other, face.unit):.3f}")
        lines += [f"| {change} | {which} | {' | '.join(own)} |" for which, own in cells.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    from benchmarks.portrait import photographs, viewed

    parser = argparse.ArgumentParser(prog="benchmarks.landmarks", description=__doc__)
    parser.add_argument("faces", type=Path)
    given = parser.parse_args(arguments)
    try:
        photos = photographs(given.faces)
        print(tell({name: viewed(photo, "as it is") for name, photo in photos.items()}))
    except ImpastoError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
