"""Where each region counts at each layer, and which layers are too coarse to show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from torch import Tensor

from impasto import masks
from impasto.engine.scene import Region, Scene, StyleView

__all__ = ["Geometry", "Places", "content_places", "region_places"]

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
    """Where the content counts at a layer: where it is visible."""
    return None if scene.visible is None else masks.at_layer(scene.visible, *geometry[layer])


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
    found = {}
    for layer in layers:
        places = Places(
            _in_picture(scene, region, geometry, layer),
            tuple(_in_style(style, geometry, layer) for style in region.styles),
        )
        counted = [p for p in (places.picture, *places.styles) if p is not None]
        if all(p.sum().item() >= FEWEST_PLACES for p in counted):
            found[layer] = places
    return found


def _in_picture(scene: Scene, region: Region, geometry: Geometry, layer: str) -> Tensor | None:
    where = [part for part in (region.where, scene.visible) if part is not None]
    if not where:
        return None
    product = where[0] * where[1] if len(where) == 2 else where[0]
    places = masks.at_layer(product, *geometry[layer])
    if scene.painted is not None:
        paintable = (scene.painted > 0).to(scene.painted)
        places = places * masks.at_layer(paintable, *geometry[layer], inside=True)
    return places


def _in_style(style: StyleView, geometry: Geometry, layer: str) -> Tensor | None:
    if style.counts is None:
        return None
    return masks.at_layer(style.counts, *geometry[layer], inside=True)
