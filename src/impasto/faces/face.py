"""A face: its box and five landmarks, and what follows from them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Face", "Point"]

Point = tuple[float, float]  # (x, y) in px, from the left and the top

# Of a face seen from the front, the way from the eyes down to the mouth over the eyes' distance:
# 1.05 to 1.15 of six photographs. Of a face that is turned the eyes come near each other, and that
# way stays.
DOWN = 1.1
# The middle of a face's oval: above the middle between eyes and mouth, in units of the face; and
# this share of the way aside to the middle of its box.
ABOVE, TURNED = 0.1, 1.0


@dataclass(frozen=True)
class Face:
    """A face in a picture.

    Attributes:
        box: (left, top, right, bottom) in px.
        score: from 0 to 1, how sure it is one.
        left_eye, right_eye: (x, y) in px; left is what lies left in an upright picture.
        nose: its tip.
        left_mouth, right_mouth: corners of the mouth.
        presence: how far it is kept, from 0 to 1; less than 1 where it comes or goes in a film.

    Example:
        >>> face = Face((0, 0, 40, 50), 1.0, (10, 20), (30, 20), (20, 30), (12, 42), (28, 42))
        >>> face.eye_distance, face.tilt, face.eyes, face.mouth, face.centre
        (20.0, 0.0, (20.0, 20.0), (20.0, 42.0), (20.0, 31.0))
    """

    box: tuple[float, float, float, float]
    score: float
    left_eye: Point
    right_eye: Point
    nose: Point
    left_mouth: Point
    right_mouth: Point
    presence: float = 1.0

    @classmethod
    def of(
        cls,
        box: tuple[float, float, float, float],
        score: float,
        landmarks: Iterable[Sequence[float]],
        presence: float = 1.0,
    ) -> Face:
        """The face with these landmarks, in the order of `landmarks`."""
        eye, other_eye, nose, corner, other_corner = ((x, y) for x, y in landmarks)
        return cls(box, score, eye, other_eye, nose, corner, other_corner, presence)

    @property
    def landmarks(self) -> tuple[Point, ...]:
        """Left eye, right eye, nose, left and right corner of the mouth."""
        return self.left_eye, self.right_eye, self.nose, self.left_mouth, self.right_mouth

    @property
    def eyes(self) -> Point:
        """The middle between the eyes."""
        return _between(self.left_eye, self.right_eye)

    @property
    def mouth(self) -> Point:
        """The middle between the corners of the mouth."""
        return _between(self.left_mouth, self.right_mouth)

    @property
    def centre(self) -> Point:
        """The middle between eyes and mouth."""
        return _between(self.eyes, self.mouth)

    @property
    def eye_distance(self) -> float:
        """Between the eyes, in px."""
        return math.dist(self.left_eye, self.right_eye)

    @property
    def unit(self) -> float:
        """The distance that the eyes of this face have, or would have from the front, in px."""
        return max(self.eye_distance, math.dist(self.eyes, self.mouth) / DOWN)

    @property
    def lean(self) -> float:
        """Radians from upright to the line from eyes to mouth; above 0 leans down to the right."""
        return math.atan2(self.mouth[0] - self.eyes[0], self.mouth[1] - self.eyes[1])

    @property
    def middle(self) -> Point:
        """The middle of the oval that hairline, chin and ears lie on.

        A face that is turned lies to one side of its features, where the middle of its box is.
        """
        (x, y), (left, top, right, bottom) = self.centre, self.box
        across, along = math.cos(self.lean), math.sin(self.lean)
        aside = TURNED * (across * ((left + right) / 2 - x) - along * ((top + bottom) / 2 - y))
        up = ABOVE * self.unit
        return x + across * aside - along * up, y - along * aside - across * up

    @property
    def tilt(self) -> float:
        """Degrees from level to the line of the eyes; above 0 where the right one lies lower."""
        (x0, y0), (x1, y1) = self.left_eye, self.right_eye
        return math.degrees(math.atan2(y1 - y0, x1 - x0))

    @property
    def area(self) -> float:
        """Of its box, in px²."""
        left, top, right, bottom = self.box
        return max(0.0, right - left) * max(0.0, bottom - top)

    def moved(self, across: float, down: float, right: float = 0, below: float = 0) -> Face:
        """The same face in another picture: coordinates times a factor, and px more.

        Args:
            across, down: factors of x and y.
            right, below: px that are added to x and y after that.

        Example:
            >>> face = Face((0, 0, 40, 50), 1.0, (10, 20), (30, 20), (20, 30), (12, 42), (28, 42))
            >>> face.moved(0.5, 0.5, 3).left_eye
            (8.0, 10.0)
        """

        def at(point: Point) -> Point:
            return point[0] * across + right, point[1] * down + below

        left, top, end, bottom = self.box
        box = (*at((left, top)), *at((end, bottom)))
        return Face.of(box, self.score, map(at, self.landmarks), self.presence)


def _between(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
