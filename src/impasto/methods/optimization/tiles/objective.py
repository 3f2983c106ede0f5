"""The objective of a picture in tiles: what `Objective` says of the whole, in a tile's memory.

An evaluation goes over the rows of tiles twice. First they give the sums of what they own; of all
sums together the losses and their slopes follow. Then they give their parts of the gradient, which
are added up in their order.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from impasto import losses
from impasto.losses.sums import Slopes, Sums, merged
from impasto.methods.optimization.objective import (
    TOTAL,
    View,
    goes_direct,
    style_term,
)
from impasto.methods.optimization.regions import Geometry, content_places, content_share
from impasto.methods.optimization.targets import Scene, StyleView
from impasto.methods.optimization.tiles.grid import Band, Grid, reach_of
from impasto.methods.optimization.tiles.look import (
    ContentLook,
    Divisor,
    StyleLook,
    TileWork,
)
from impasto.methods.optimization.tiles.passes import Passes
from impasto.methods.optimization.tiles.styles import style_sums
from impasto.methods.planes import Planes, release
from impasto.settings import StyleSettings

__all__ = ["TiledObjective", "divisors", "style_loss", "tile_work"]


def tile_work(
    network: Any,
    scene: Scene,
    settings: StyleSettings,
    geometry: Geometry,
    core: int,
) -> TileWork:
    """What the tiles of a scene have in common.

    Args:
        network: gives features by layer, frozen.
        scene: with the content as large as what is painted.
        settings: weights, layers and kinds of losses, all of them additive.
        geometry: of the network's layers.
        core: px that a tile owns on a side.
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
    layers = [*(look.layer for look in styles), *(look.layer for look in contents)]
    ahead = {look.layer: max(map(max, look.loss.statistics.offsets)) for look in styles}
    reach, stride = reach_of(geometry, layers, ahead)
    height, width = scene.content.shape[-2:]
    return TileWork(
        passes,
        Grid(height, width, core, reach, stride),
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
        self._planes = planes
        self._bands = work.grid.bands
        self._gradient = planes.new(*scene.content.shape, dtype=scene.content.dtype)
        self._targets: list[list[list[Tensor]]] = []
        self._divisors = self._look()

    def _look(self) -> list[Divisor]:
        """Look at the content once: its features at each tile, and the divisors of the whole."""
        sums = []
        for band in self._bands:
            features, own = self.work.look(band, self.scene.content[:, :, band.seen])
            self._targets.append([[self._stored(x) for x in tile] for tile in features])
            sums.append(own)
            release()
        return divisors(self.work, sums)

    def _stored(self, features: Tensor) -> Tensor:
        if not self._planes.in_files:
            return features
        return self._planes.new(*features.shape, dtype=features.dtype).copy_(features)

    def evaluate(self, x: Tensor) -> tuple[Mapping[str, float], Tensor]:
        """Weighted losses as numbers, and the gradient of their sum, shaped like `x`.

        The gradient is the same tensor every time, overwritten by the next evaluation.

        Args:
            x: (1, 3, H, W), standardised.
        """
        with torch.inference_mode(False), torch.no_grad():
            sums = []
            for band in self._bands:
                sums.append(self.work.measure(band, self._composed(x, band)))
                release()
            style, slopes = style_loss(self.work, sums)
            content = variation = 0.0
            ready = 0  # rows of the gradient that hold nothing of the last evaluation
            for band, targets in zip(self._bands, self._targets, strict=True):
                seen = self._composed(x, band)
                part = self.work.gradient(band, seen, slopes, targets, self._divisors)
                self._gradient[:, :, ready : band.seen.stop] = 0
                ready = band.seen.stop
                self._gradient[:, :, band.seen] += self._painted(part.gradient, band)
                content += part.content
                variation += part.variation
                release()
        losses = {"content": content, "style": style, "tv": variation}
        return losses | {TOTAL: sum(losses.values())}, self._gradient

    def _composed(self, x: Tensor, band: Band) -> Tensor:
        """The rows that a band sees of the picture that pixels make."""
        own, painted = x[:, :, band.seen], self.scene.painted
        if painted is None:
            return own
        return torch.lerp(self.scene.content[:, :, band.seen], own, painted[:, :, band.seen])

    def _painted(self, gradient: Tensor, band: Band) -> Tensor:
        painted = self.scene.painted
        return gradient if painted is None else gradient.mul_(painted[:, :, band.seen])


def divisors(work: TileWork, sums: Sequence[Sequence[Tensor]]) -> list[Divisor]:
    """What squared differences from the content are divided by, at each of its layers.

    Args:
        work: of the scene.
        sums: of each band, by layer, as `TileWork.look` gives them.
    """
    totals = [functools.reduce(torch.add, layer) for layer in zip(*sums, strict=True)]
    return [
        Divisor(look.loss.divisor(total, len(total) - 2), float(total[0]))
        for look, total in zip(work.contents, totals, strict=True)
    ]


def style_loss(work: TileWork, sums: Sequence[Sequence[Sums]]) -> tuple[float, list[Slopes]]:
    """The weighted style loss, and the slopes of each look's own.

    Args:
        work: of the scene.
        sums: of each band, by look, as `TileWork.measure` gives them.
    """
    loss, slopes = 0.0, []
    for look, each in zip(work.styles, zip(*sums, strict=True), strict=True):
        own, slope = look.loss.of_sums(functools.reduce(merged, each))
        loss += look.weight * own
        slopes.append(slope)
    return loss, slopes
