"""Soft maps of a face: its oval, and the eyes and the mouth in it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from impasto.faces.face import Face, Point

__all__ = ["REACH", "FaceMaps", "maps", "ovals"]

Map: TypeAlias = NDArray[np.float32]

# In units of a face (`Face.unit`, the distance of its eyes): half axes, across and along, and how
# wide edges are. The oval reaches from the hairline to the chin and from ear to ear.
OVAL, OVAL_EDGE = (1.15, 1.45), 0.7
REACH = max(OVAL) + OVAL_EDGE / 2  # of the oval from its middle
EYE, MOUTH, FEATURE_EDGE = (0.42, 0.28), (0.62, 0.34), 0.2


class FaceMaps(NamedTuple):
    """Where faces are in a picture.

    Attributes:
        oval: (H, W) float32 in [0, 1], 1 within a face.
        features: likewise, 1 on eyes and mouths.
    """

    oval: Map
    features: Map


def maps(faces: Iterable[Face], shape: tuple[int, int]) -> FaceMaps:
    """The maps of all faces of a picture together.

    Args:
        faces: with coordinates in px of that picture.
        shape: (H, W).
    """
    together = FaceMaps(np.zeros(shape, np.float32), np.zeros(shape, np.float32))
    for face in faces:
        for own, one in zip(together, ovals(face, shape), strict=True):
            np.maximum(own, one, out=own)
    return together


def ovals(face: Face, shape: tuple[int, int]) -> FaceMaps:
    """The maps of one face, tilted as it is.

    Args:
        face: with coordinates in px of the picture.
        shape: (H, W) of the picture.

    Example:
        >>> face = Face((10, 10, 30, 38), 1.0, (15, 20), (25, 20), (20, 25), (16, 31), (24, 31))
        >>> oval, features = ovals(face, (50, 40))
        >>> oval[25, 20].item(), oval[0, 0].item(), features[20, 15].item(), features[25, 20].item()
        (1.0, 0.0, 1.0, 0.0)
    """
    unit, angle = face.unit, face.lean
    oval = _ellipse(face.middle, OVAL, OVAL_EDGE, unit, angle, shape)
    features = np.zeros(shape, np.float32)
    spots = ((face.left_eye, EYE), (face.right_eye, EYE), (face.mouth, MOUTH))
    for spot, axes in spots:
        np.maximum(features, _ellipse(spot, axes, FEATURE_EDGE, unit, angle, shape), out=features)
    presence = np.float32(face.presence)
    return FaceMaps(oval * presence, features * presence)


def _ellipse(
    middle: Point,
    axes: tuple[float, float],
    edge: float,
    unit: float,
    angle: float,
    shape: tuple[int, int],
) -> Map:
    """1 inside, 0 outside, and smooth between, half of the edge on either side.

    Args:
        middle: (x, y) in px.
        axes: half of them, across and along the face, in units.
        edge: how wide it is, in units.
        unit: in px.
        angle: from upright, in radians; above 0 leans the lower end to the right.
        shape: (H, W).
    """
    rows = np.arange(shape[0], dtype=np.float32)[:, None] - np.float32(middle[1])
    columns = np.arange(shape[1], dtype=np.float32) - np.float32(middle[0])
    across = math.cos(angle) * columns - math.sin(angle) * rows
    along = math.sin(angle) * columns + math.cos(angle) * rows
    radius = np.hypot(across / (axes[0] * unit), along / (axes[1] * unit))
    share = 0.5 + (1 - radius) * (axes[0] + axes[1]) / 2 / edge
    share = share.clip(0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)
