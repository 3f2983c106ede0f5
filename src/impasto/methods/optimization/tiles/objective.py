"""The objective of a picture in tiles: what `Objective` says of the whole, in a tile's memory.

An evaluation goes over the rows of tiles twice. First they give the sums of what they own; of all
sums together the losses and their slopes follow. Then they give their parts of the gradient, which
are added up in their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from impasto import losses
from impasto.losses.sums import Sums
from impasto.methods.holding import Here
from impasto.methods.optimization.kept_faces import content_in_faces
from impasto.methods.optimization.objective import (
    View,
    goes_direct,
    style_term,
)
from impasto.methods.optimization.regions import Geometry, content_places, content_share
from impasto.methods.optimization.targets import Scene, StyleView
from impasto.methods.optimization.tiles.grid import STRIDE, Grid, reach_of
from impasto.methods.optimization.tiles.held import HeldBands, evaluated, looked_at
from impasto.methods.optimization.tiles.look import ContentLook, StyleLook, TileWork
from impasto.methods.optimization.tiles.passes import Passes
from impasto.methods.optimization.tiles.styles import style_sums
from impasto.methods.planes import Planes
from impasto.settings import StyleSettings

__all__ = ["TiledObjective", "tile_work"]


def tile_work(
    network: Any,
    scene: Scene,
    settings: StyleSettings,
    geometry: Geometry,
    core: int,
    wide: int = 0,
) -> TileWork:
    """What the tiles of a scene have in common.

    Args:
        network: gives features by layer, frozen.
        scene: with the content as large as what is painted.
        settings: weights, layers and kinds of losses, all of them additive.
        geometry: of the network's layers.
        core: px that a tile owns on a side.
        wide: as for `Grid`.
    """
    bf16 = settings.precision == "bf16"
    passes = Passes(
        network,
        torch.bfloat16 if bf16 else scene.content.dtype,
        goes_direct(settings, scene.content.device) and hasattr(network, "value_and_gradient"),
    )
    kind, heads = losses.style_loss(settings.style_loss), settings.gram_heads

    def sums(style: StyleView, counts: Mapping[str, Tensor | None], plain: bool) -> dict[str, Sums]:
        own = (kind.for_plain or kind) if plain else kind
        return style_sums(passes, style.pixels, counts, own, heads, geometry, core)

    with torch.no_grad():
        style = style_term(View(scene, settings, network, geometry, sums))
    named = settings.content_layers if settings.weights.content else {}
    weighed = {layer: weight for layer, weight in named.items() if weight}
    share = content_share(scene) if weighed else 1.0
    loss = losses.ContentLoss(settings.content_loss, blank=scene.blank)
    styles = [
        StyleLook(target.layer, style.weight * target.weight, target.loss, target.places)
        for target in style.targets
    ]
    contents = [
        ContentLook(
            layer,
            settings.weights.content * weight * share,
            loss,
            content_places(scene, geometry, layer),
        )
        for layer, weight in weighed.items()
    ]
    if weighed:
        contents += [
            ContentLook(kept.layer, settings.weights.content * kept.weight, loss, kept.places)
            for kept in content_in_faces(scene, settings, geometry)
        ]
    layers = [*(look.layer for look in styles), *(look.layer for look in contents)]
    ahead = {look.layer: max(map(max, look.loss.statistics.offsets)) for look in styles}
    reach, stride = reach_of(geometry, layers, ahead)
    height, width = scene.content.shape[-2:]
    return TileWork(
        passes,
        Grid(height, width, core, reach, max(stride, STRIDE), wide),
        {layer: geometry[layer][0] for layer in layers},
        styles,
        contents,
        losses.TotalVariationLoss(settings.tv_loss),
        settings.weights.tv,
    )


class TiledObjective:
    """What the synthesized image is to make small, evaluated one row of tiles after the other.

    Args:
        work: what the tiles have in common.
        scene: what the picture is compared with.
        planes: where the gradient and the content's features lie.
    """

    def __init__(self, work: TileWork, scene: Scene, planes: Planes) -> None:
        self.work, self.scene = work, scene
        self._held = HeldBands(work, work.grid.bands, scene.content, scene.painted, planes)
        self._group = Here([self._held])
        self._divisors = looked_at(self._group, work)

    def evaluate(self, x: Tensor) -> tuple[Mapping[str, float], Tensor]:
        """Weighted losses as numbers, and the gradient of their sum, shaped like `x`.

        The gradient is the same tensor every time, overwritten by the next evaluation.

        Args:
            x: (1, 3, H, W), standardised.
        """
        self._held.pixels = x
        with torch.inference_mode(False), torch.no_grad():
            losses, _ = evaluated(self._group, self.work, self._divisors)
        return losses, self._held.gradient
