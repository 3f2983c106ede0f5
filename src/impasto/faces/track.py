"""Faces of a film, frame by frame: no faster than they move, and none that comes or goes at once.

A face is found in each frame anew, some hundredths of its size beside where it was, now and then
not at all. What is kept of it would tremble and flash with that. So a face that hardly moves is
held near where it was, one that is not found stays for some frames, and both ends are soft.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto import imaging
from impasto.errors import CheckpointError
from impasto.faces.face import Face
from impasto.faces.find import find

__all__ = ["Track"]

# A face follows what was found by this share of the way, and wholly where that is as far as this
# share of its unit.
FOLLOWED, FAR = 0.3, 0.2
COMES, GOES = 0.25, 0.125  # of its presence, a frame
SAME = 1.0  # unit, between two middles of one face
NUMBERS = 4 + 1 + 10 + 1  # of a face in a state: box, score, landmarks, presence


class Track:
    """The faces of one shot.

    Example:
        >>> Track().next(np.zeros((60, 80, 3), np.uint8))  # doctest: +SKIP
        ()
    """

    def __init__(self) -> None:
        self._faces: tuple[Face, ...] = ()
        self._has_begun = False

    def begin(self) -> None:
        """Another shot: nothing of the last one is kept."""
        self._faces, self._has_begun = (), False

    def next(self, frame: NDArray[np.uint8]) -> tuple[Face, ...]:
        """The faces of the next frame.

        Args:
            frame: (H, W, 3) uint8, sRGB.

        Raises:
            MissingPackageError: the extra `portrait` is not installed.
        """
        return self.follow(find(imaging.Picture(frame)))

    def follow(self, found: Sequence[Face]) -> tuple[Face, ...]:
        """The faces of the next frame, of those that were found in it.

        Args:
            found: in px.

        Example:
            >>> face = Face((0, 0, 9, 9), 1.0, (2, 3), (6, 3), (4, 5), (3, 7), (5, 7))
            >>> track = Track()
            >>> [len(track.follow([face])), len(track.follow([])), track.follow([])[0].presence]
            [1, 1, 0.75]
        """
        before = list(self._faces)
        now = []
        for face in found:
            near = min(before, key=lambda other: _apart(face, other), default=None)
            if near is not None and _apart(face, near) < SAME:
                before.remove(near)
                now.append(_between(near, face))
            else:
                now.append(replace(face, presence=COMES if self._has_begun else 1.0))
        gone = (replace(face, presence=face.presence - GOES) for face in before)
        now += [face for face in gone if face.presence > 0]
        self._faces, self._has_begun = tuple(now), True
        return self._faces

    def state(self) -> dict[str, NDArray[Any]]:
        """What the next frame depends on; empty before the first."""
        if not self._has_begun:
            return {}
        rows = [
            [*face.box, face.score, *sum(face.landmarks, ()), face.presence] for face in self._faces
        ]
        return {"faces": np.array(rows, np.float64).reshape(-1, NUMBERS)}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on from `state`, to the same faces.

        Raises:
            CheckpointError: it is damaged.
        """
        rows = state.get("faces")
        if rows is not None and (rows.ndim != 2 or rows.shape[1] != NUMBERS):
            raise CheckpointError("the state of a shot is damaged: begin the shot anew")
        self._has_begun = rows is not None
        self._faces = () if rows is None else tuple(map(_face, rows.tolist()))


def _face(row: list[float]) -> Face:
    left, top, right, bottom, score = row[:5]
    marks = list(zip(row[5:15:2], row[6:15:2], strict=True))
    return Face.of((left, top, right, bottom), score, marks, row[15])


def _apart(a: Face, b: Face) -> float:
    return math.dist(a.centre, b.centre) / max(a.unit, 1e-6)


def _between(before: Face, found: Face) -> Face:
    """A face on its way from where it was to where it was found."""
    share = max(FOLLOWED, min(1.0, _apart(found, before) / FAR))

    def way(a: Sequence[float], b: Sequence[float]) -> tuple[float, ...]:
        return tuple(x + share * (y - x) for x, y in zip(a, b, strict=True))

    left, top, right, bottom = way(before.box, found.box)
    marks = [way(a, b) for a, b in zip(before.landmarks, found.landmarks, strict=True)]
    presence = min(1.0, before.presence + COMES)
    return Face.of((left, top, right, bottom), found.score, marks, presence)
