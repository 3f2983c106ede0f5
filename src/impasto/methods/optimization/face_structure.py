"""That the forms of a face stay where they are: its light and dark, in whatever colours.

Features of a network hold a face's skin with its eyes, and held by them alone it comes near a
photograph before its features are safe. So light and dark around each place of a kept face go
together with the photograph's: colours, contrasts and strokes finer than an eyelid are free.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from impasto import faces
from impasto.faces import Face
from impasto.losses.structure import blurred, light_of, local_correlation
from impasto.methods.optimization.targets import Scene

__all__ = ["FaceStructure", "face_structure"]

# Beside the style's weight of 1, found by eye and by a face detector at strength 0.5 and 0.8.
WEIGHT = 40.0
OVAL = 0.25  # of it, in the oval beside eyes and mouth
# Of the Gaussians, in distances of the eyes: strokes narrower than the first are free, and forms as
# large as the second are compared.
FREE, FORM = 0.06, 0.25
LARGEST, SMALLEST = 24.0, 6.0  # px between the eyes: a larger face is looked at smaller


@dataclass(frozen=True)
class _Part:
    """One face: where it is, how much each place counts, and its light in the photograph."""

    face: Face
    rows: slice
    columns: slice
    share: float  # of its size at which it is looked at
    unit: float  # px between the eyes, there
    weights: Tensor  # (1, 1, h, w)
    light: Tensor  # likewise


class FaceStructure:
    """1 - correlation of light with the photograph's, around each place of the kept faces.

    Args:
        parts: one a face.
        weight: of the sum over places, which is divided by those of the whole picture.

    Attributes:
        faces: those that it holds.
    """

    def __init__(self, parts: Sequence[_Part], weight: float) -> None:
        self._parts, self._weight = tuple(parts), weight
        self.faces = tuple(part.face for part in parts)

    def __call__(self, picture: Tensor) -> Tensor:
        """The loss of a picture (1, 3, H, W), standardised; at least 0."""
        total = picture.new_zeros(())
        for part in self._parts:
            total = total + self._of(part, picture[:, :, part.rows, part.columns])
        return total

    def add_gradient(self, picture: Tensor, gradient: Tensor, factor: float = 1.0) -> Tensor:
        """The loss; `factor` times its gradient is added to another, in place."""
        total = picture.new_zeros(())
        for part in self._parts:
            with torch.enable_grad():
                own = picture[:, :, part.rows, part.columns].detach().requires_grad_()
                loss = self._of(part, own)
                (pull,) = torch.autograd.grad(loss, own)
            gradient[:, :, part.rows, part.columns].add_(pull, alpha=factor)
            total = total + loss.detach()
        return total

    def _of(self, part: _Part, x: Tensor) -> Tensor:
        light = _light(x, part.share, part.unit)
        off = 1 - local_correlation(light, part.light, FORM * part.unit)
        return self._weight * (part.weights * off).sum()


def face_structure(scene: Scene, held: Sequence[float], weight: float) -> FaceStructure | None:
    """What holds the forms of a scene's faces; None where there is none large enough.

    Args:
        scene: of one scale.
        held: by how much each of its faces is held.
        weight: in the sum of losses, of a face that is held by 1 and fills the picture.
    """
    height, width = scene.content.shape[-2:]
    parts = [
        part
        for face, hold in zip(scene.faces, held, strict=True)
        if scene.forms and face.unit >= SMALLEST and (part := _part(scene, face, hold)) is not None
    ]
    return FaceStructure(parts, WEIGHT * weight / (height * width)) if parts and weight else None


def _part(scene: Scene, face: Face, hold: float) -> _Part | None:
    height, width = scene.content.shape[-2:]
    reach, (x, y) = (faces.REACH + 2 * FORM) * face.unit, face.middle
    rows = slice(max(0, math.floor(y - reach)), min(height, math.ceil(y + reach)))
    columns = slice(max(0, math.floor(x - reach)), min(width, math.ceil(x + reach)))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return None
    here = face.moved(1, 1, -columns.start, -rows.start)
    seen = faces.maps([here], (rows.stop - rows.start, columns.stop - columns.start))
    oval, features = (torch.from_numpy(own)[None, None].to(scene.content) for own in seen)
    places = hold * torch.maximum(features, OVAL * oval)
    if scene.visible is not None:
        places = places * scene.visible[:, :, rows, columns]
    share = min(1.0, LARGEST / face.unit)
    light = _light(scene.content[:, :, rows, columns], share, share * face.unit)
    counted = places.sum()
    places = _smaller(places, share)
    if not places.any():
        return None
    places = places * (counted / places.sum())  # in px of the picture
    return _Part(face, rows, columns, share, share * face.unit, places, light)


def _light(x: Tensor, share: float, unit: float) -> Tensor:
    """Light without the finest strokes, at the size at which a face is looked at."""
    return blurred(_smaller(light_of(x), share), FREE * unit)


def _smaller(x: Tensor, share: float) -> Tensor:
    """Each side at that share of its px, with antialiasing.

    As products of matrices it has a gradient that is the same every time, on CUDA too; that of
    `torch.nn.functional.interpolate` has not.
    """
    if share == 1:
        return x
    down, across = (_averages(side, max(1, round(share * side)), x) for side in x.shape[-2:])
    return down @ x @ across.mT


def _averages(side: int, fewer: int, like: Tensor) -> Tensor:
    """A line of px as fewer ones, (fewer, side): triangles about each, as wide as two of them."""
    places = torch.arange(side, dtype=like.dtype, device=like.device) + 0.5
    width = side / fewer
    middles = width * (torch.arange(fewer, dtype=like.dtype, device=like.device) + 0.5)
    near = (1 - (places - middles[:, None]).abs() / width).clamp(min=0)
    return near / near.sum(1, keepdim=True)
