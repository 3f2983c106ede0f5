"""How faces stay like themselves: more content where they are, and no strokes larger than eyes.

A stroke as large as an eye hides it, and a spiral painted over it makes another face. So within a
face a style layer counts only where one place of it sees no more than a face has room for. What
counts there has statistics of its own, apart from the rest of the picture: otherwise the rest alone
would take on the style, and the face stay a photograph. The content counts more, and with it that
of the finest style layers, which hold where the lines of a face are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from impasto import faces
from impasto.faces import Face
from impasto.imaging.tensors import masks
from impasto.methods.optimization.targets import Scene
from impasto.settings import StyleSettings
from impasto.settings.resolve import STRENGTH_RANGE

__all__ = ["FINE_STRIDE", "Kept", "content_in_faces", "hold_of", "parts_of"]

# The strength that a face is painted with, a line over that of the picture (the middle one where
# weights were given), never above it: found by eye and by a face detector at 0.5 and 0.8
# (docs/decisions/0046-forms-of-faces.md). The first where `face_structure` holds its forms too, the
# second where it does not: in tiles, and of faces that are too small for it.
CALM, ALONE = (0.0, 0.62), (0.135, 0.325)
# Factors of its content loss: on eyes and mouth; and of the finest layers', those of this stride,
# beside the other layers' (docs/decisions/0041-faces.md).
FEATURES, FINE = 3.0, 0.2
FINE_STRIDE = 2
# A face seen from the side has less to be known by, and is held by more; one that is larger than
# this, in px between its eyes, is hidden by fewer of the strokes, and held by less.
MOST_TURNED, LARGE = 2.0, 32.0
# A place of a style layer sees at most so many distances of eyes.
LARGEST_STROKE = 1.0
FEWEST_PLACES = 4.0  # of which there are statistics


class Kept(NamedTuple):
    """A layer's content in faces, beyond what counts everywhere.

    Attributes:
        layer: its name.
        weight: of its loss, among those of the content's layers.
        places: (1, 1, h, w), at least 0, where it counts.
    """

    layer: str
    weight: float
    places: Tensor


def content_in_faces(
    scene: Scene,
    settings: StyleSettings,
    geometry: Mapping[str, tuple[int, int]],
    *,
    formed: Collection[Face] = (),
) -> list[Kept]:
    """What of the content is kept in faces, at each layer that can show them.

    Losses are means over places by their shares, so that a weight has to say how large faces are.

    Args:
        scene: of one scale.
        settings: weights and layers.
        geometry: of the layers.
        formed: those of its faces whose forms `face_structure` holds, and features hold by less.
    """
    if not scene.faces or not settings.weights.content:
        return []
    strength = 0.5 if settings.strength is None else settings.strength
    # What there is of the content everywhere is there already.
    by_face = [_more(strength, *(CALM if face in formed else ALONE)) for face in scene.faces]
    more = max(by_face)
    if not more:
        return []
    shares = [own / more for own in by_face]
    weights = {layer: more * own for layer, own in settings.content_layers.items()}
    for layer, own in settings.style_layers.items() if settings.weights.style else ():
        if own and geometry[layer][0] == FINE_STRIDE:
            weights[layer] = weights.get(layer, 0.0) + more * FINE
    found = []
    for layer, weight in weights.items():
        held = [
            own * _held(scene, face, *geometry[layer])
            for own, face in zip(shares, scene.faces, strict=True)
        ]
        places = torch.stack(held).amax(0)
        if scene.visible is not None:
            places = places * masks.at_layer(scene.visible, *geometry[layer])
        if weight and places.any():
            found.append(Kept(layer, weight * places.mean().item(), places))
    return found


def _more(strength: float, least: float, share: float) -> float:
    """How much content is added to what there is everywhere, for a face of a calmer strength."""
    calmer = max(0.0, strength - (least + share * strength))
    return float(STRENGTH_RANGE ** (2 * calmer) - 1)


def hold_of(face: Face) -> float:
    """By how much a face is held, 1 for one from the front that is not large.

    Example:
        >>> face = Face((0, 0, 40, 50), 1.0, (10, 20), (30, 20), (20, 30), (12, 42), (28, 42))
        >>> hold_of(face), hold_of(face.moved(3.2, 3.2))  # 20 and 64 px between the eyes
        (1.0, 0.5)
    """
    turned = face.unit / max(face.eye_distance, face.unit / MOST_TURNED)
    return turned * min(1.0, LARGE / face.unit)


def _held(scene: Scene, face: Face, stride: int, field: int) -> Tensor:
    """By how much a face is held at each place of a layer, (1, 1, h, w), at least 0."""
    oval, features = _maps(scene, [face], stride, field)
    return hold_of(face) * oval * (1 + (FEATURES - 1) * features)


def parts_of(
    scene: Scene, places: Tensor | None, stride: int, field: int
) -> list[tuple[float, Tensor | None]]:
    """What a style layer sees apart: the rest of a region, and the faces in it.

    Args:
        scene: of one scale.
        places: (1, 1, h, w), where the region counts at the layer; None for everywhere.
        stride, field: of the layer, in px.

    Returns:
        Shares of the region, 1 in all or less where faces are too small for the layer, each with
        where it counts.
    """
    if not scene.faces:
        return [(1.0, places)]
    large = [face for face in scene.faces if field <= LARGEST_STROKE * face.unit]
    inside = _maps(scene, large, stride, field)[0]
    outside = 1 - _maps(scene, scene.faces, stride, field)[0]
    whole = torch.ones_like(outside) if places is None else places
    parts: list[tuple[float, Tensor | None]] = []
    for part in (outside * whole, inside * whole):
        if part.sum().item() >= FEWEST_PLACES * whole.max().item():
            parts.append(((part.sum() / whole.sum()).item(), part))
    return parts


def _maps(scene: Scene, kept: Iterable[Face], stride: int, field: int) -> tuple[Tensor, Tensor]:
    """Ovals and features of faces, (1, 1, h, w) in [0, 1], as a layer sees them."""
    height, width = (side // stride for side in scene.content.shape[-2:])
    to_middle = (1 / stride - 1) / 2  # of a place, from that of a px
    small = [face.moved(1 / stride, 1 / stride, to_middle, to_middle) for face in kept]
    seen = round(masks.EFFECTIVE * field / stride)
    oval, features = (
        masks.smoothed(torch.from_numpy(own)[None, None].to(scene.content), seen)
        for own in faces.maps(small, (height, width))
    )
    return oval, features
