"""Where each region counts at each layer, and which layers are too coarse to show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

import torch
from torch import Tensor

from impasto.imaging.tensors import masks
from impasto.methods.optimization.targets import Region, Scene
from impasto.settings import StyleSettings

__all__ = [
    "Geometry",
    "Places",
    "content_places",
    "content_share",
    "region_layers",
    "region_places",
    "seeing_parts",
]

# Px of the picture to one place of a layer, and px that a place sees; see `Plan.geometry`.
Geometry: TypeAlias = Mapping[str, tuple[int, int]]

# Fewer places than two by two have no covariance worth the name.
FEWEST_PLACES = 4.0


class Places(NamedTuple):
    """Where features count at a layer, None for everywhere.

    Attributes:
        picture: (1, 1, h, w), of the synthesized image.
        styles: the same of each style image.
    """

    picture: Tensor | None
    styles: tuple[Tensor | None, ...]


def content_places(scene: Scene, geometry: Geometry, layer: str) -> Tensor | None:
    """How much the content counts at the places of a layer: where it is visible, and how much
    more or less its regions ask for it."""
    weights = _content_weights(scene)
    return None if weights is None else masks.at_layer(weights, *geometry[layer])


def content_share(scene: Scene) -> float:
    """By how much the content loss counts more than without regions: their mean weight.

    Losses are means over places by their shares, which a factor alike everywhere does not change.
    """
    if not _weighs(scene):
        return 1.0
    weights = _content_weights(scene)
    assert weights is not None
    whole = weights.numel() if scene.visible is None else scene.visible.sum().item()
    return weights.sum().item() / whole


def _content_weights(scene: Scene) -> Tensor | None:
    """(1, 1, H, W), at least 0; None for 1 everywhere."""
    if not _weighs(scene):
        return scene.visible
    weights = torch.ones_like(scene.content[:, :1])
    for region in scene.regions:
        if region.where is not None:
            weights = weights + region.where * (region.options.content_weight - 1)
    return weights if scene.visible is None else weights * scene.visible


def _weighs(scene: Scene) -> bool:
    return any(region.options.content_weight != 1 for region in scene.regions)


def region_layers(region: Region, settings: StyleSettings) -> dict[str, float]:
    """The layers that hold the style of a region, with weights above 0."""
    if not settings.weights.style:
        return {}
    own = region.options.style_layers
    layers = settings.style_layers if own is None else own
    return {layer: weight for layer, weight in layers.items() if weight}


def seeing_parts(
    layers: Mapping[str, float], geometry: Geometry, side: int, share: float
) -> dict[str, float]:
    """The layers that see no more than a share of the picture; they take the others' weights over.

    What a deep layer sees of a small picture is a whole object of the style, a face or an eye: its
    statistics would grow into the sky. At a scale where it sees no more than strokes, the picture
    that the coarser scales made keeps it from that.

    Args:
        layers: weights by layer.
        geometry: of the layers; a layer that it lacks is taken to see little.
        side: longest of the picture, in px.
        share: of the side; 0 for all layers.

    Returns:
        Weights by layer, with the same sum; all of them if every layer sees more.

    Example:
        >>> geometry = {"relu3_1": (4, 24), "relu5_1": (16, 156)}
        >>> seeing_parts({"relu3_1": 1.0, "relu5_1": 1.0}, geometry, 256, 0.4)
        {'relu3_1': 2.0}
    """
    if not share:
        return dict(layers)
    fields = {layer: geometry[layer][1] if layer in geometry else 0 for layer in layers}
    kept = {layer: w for layer, w in layers.items() if fields[layer] <= share * side}
    if not kept:
        return dict(layers)
    factor = sum(layers.values()) / sum(kept.values())
    return {layer: weight * factor for layer, weight in kept.items()}


def region_places(
    scene: Scene, region: Region, geometry: Geometry, layers: Iterable[str]
) -> dict[str, Places]:
    """Where a region and its styles count, at each layer that can show them.

    In the picture a place counts by how much of what it sees belongs to the region, and not at
    all where it sees much that is not painted: the photograph there would be taken for a fault
    of the painting, which would overdo its edges to make up for it. In a style image a place
    counts only as far as what it sees lies inside the mask.

    Args:
        scene, region: one of its regions.
        geometry: of the backbone, for the layers asked for.
        layers: names.

    Returns:
        By layer; layers are left out where fewer than four places are left of the region or of
        one of its styles.
    """
    where = _where(scene, region)
    counts = [style.counts for style in region.styles]
    weighed = any(mask is not None for mask in (where, *counts))
    enough = {}
    for layer in layers:
        stride, field = geometry[layer] if weighed else (1, 1)
        places = Places(
            None
            if where is None
            else _in_picture(scene, where, stride, field, region.options.hard),
            tuple(_in_style(mask, stride, field) for mask in counts),
        )
        pairs = zip((places.picture, *places.styles), (where, *counts), strict=True)
        if all(_enough(weights, mask) for weights, mask in pairs):
            enough[layer] = places
    return enough


def _where(scene: Scene, region: Region) -> Tensor | None:
    """Where a region is seen, at the size of the picture; None for everywhere."""
    if region.where is None or scene.visible is None:
        return scene.visible if region.where is None else region.where
    return region.where * scene.visible


def _in_picture(scene: Scene, where: Tensor, stride: int, field: int, hard: bool) -> Tensor:
    places = masks.at_layer(where, stride, field)
    if hard:
        # What covers most of what a place sees has it whole.
        places = (places >= 0.5).to(places)
    if scene.painted is not None:
        places = places * masks.at_layer((scene.painted > 0).to(where), stride, field, inside=True)
    return places


def _in_style(counts: Tensor | None, stride: int, field: int) -> Tensor | None:
    return None if counts is None else masks.at_layer(counts, stride, field, inside=True)


def _enough(places: Tensor | None, mask: Tensor | None) -> bool:
    """Whether a layer has places enough, as faint as the mask itself may be."""
    if places is None or mask is None:
        return True
    return places.sum().item() >= FEWEST_PLACES * mask.max().item() > 0
