"""What is computed of one row of tiles: sums of what it owns, and its part of the gradient.

All of it is a function of the rows it sees and of numbers that are the same for all, so that rows
of tiles may be computed in any order, by anyone, and give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from impasto.losses import ContentLoss, TotalVariationLoss
from impasto.losses.style import StyleLoss
from impasto.losses.sums import Slopes, Sums, merged, pull
from impasto.losses.windows import Window
from impasto.methods.optimization.tiles.grid import Band, Grid, Tile
from impasto.methods.optimization.tiles.passes import Measure, Passes, columns_of, places_of
from impasto.methods.planes import release
from impasto.networks.features.passes import Looks

__all__ = ["ContentLook", "Divisor", "Part", "StyleLook", "TileWork"]


class StyleLook(NamedTuple):
    """A style's statistics at a layer, and where they count.

    Attributes:
        layer: its name.
        weight: of its loss in the sum.
        loss: holds the statistics.
        places: (1, 1, h, w), of the whole map; None for everywhere.
    """

    layer: str
    weight: float
    loss: StyleLoss
    places: Tensor | None


class ContentLook(NamedTuple):
    """The content's features at a layer, and where they count; as `StyleLook`."""

    layer: str
    weight: float
    loss: ContentLoss
    places: Tensor | None


class Divisor(NamedTuple):
    """What squared differences from the content are divided by, of the whole picture.

    Attributes:
        size: the divisor of the loss.
        weights: sum of the weights of all places.
    """

    size: float
    weights: float


class Part(NamedTuple):
    """A part of the gradient and of the losses that need no statistics.

    Attributes:
        gradient: (1, 3, h, w), of the px that are seen.
        content: the weighted content loss.
        variation: the weighted total variation.
    """

    gradient: Tensor
    content: float
    variation: float


@dataclass(frozen=True)
class TileWork:
    """All that tiles have in common at one scale.

    Attributes:
        passes: looks at a tile's px.
        grid: the tiles.
        strides: px to a place, by layer.
        styles, contents: what is looked at.
        variation: the total variation.
        variation_weight: of it in the sum; 0 for none.
    """

    passes: Passes
    grid: Grid
    strides: Mapping[str, int]
    styles: Sequence[StyleLook]
    contents: Sequence[ContentLook]
    variation: TotalVariationLoss
    variation_weight: float

    # A row of tiles

    def measure(self, band: Band, x: Tensor) -> list[Sums]:
        """The sums of each style's layer over what a band owns.

        Args:
            band: of the grid.
            x: (1, 3, h, W), the rows it sees, standardised.
        """
        totals: list[Sums] = []
        for tile in band.tiles:
            sums = self._measure(tile, columns_of(x, tile))
            totals = list(map(merged, totals, sums)) if totals else sums
            release()
        return totals

    def look(self, band: Band, y: Tensor) -> tuple[list[list[Tensor]], list[Tensor]]:
        """The content's features at the places a band owns, and their sums.

        Args:
            band: of the grid.
            y: (1, 3, h, W), the rows of the content that it sees, standardised.

        Returns:
            For each tile (1, C, rows, columns) of each of the content's layers; and what
            `ContentLoss.measure` gives of each layer.
        """
        totals: list[Tensor] = []
        features = []
        for tile in band.tiles:
            own, sums = self._look(tile, columns_of(y, tile))
            features.append(own)
            totals = [a + b for a, b in zip(totals, sums, strict=True)] if totals else sums
            release()
        return features, totals

    def gradient(
        self,
        band: Band,
        x: Tensor,
        slopes: Sequence[Slopes],
        targets: Sequence[Sequence[Tensor]],
        divisors: Sequence[Divisor],
    ) -> Part:
        """The gradient of the loss through what a band owns, over the rows it sees.

        Args:
            band: of the grid.
            x: (1, 3, h, W), the rows it sees, standardised.
            slopes: of each style's loss, as `StyleLoss.of_sums` gives them.
            targets: the content's features, as `look` gives them.
            divisors: of each of the content's layers.
        """
        gradient, content, variation = torch.zeros_like(x), 0.0, 0.0
        for tile, target in zip(band.tiles, targets, strict=True):
            part = self._gradient(tile, columns_of(x, tile), slopes, target, divisors)
            gradient[..., tile.seen[1]] += part.gradient
            content += part.content
            variation += part.variation
            release()
        return Part(gradient, content, variation)

    # A tile

    def _measure(self, tile: Tile, x: Tensor) -> list[Sums]:
        asked = [
            (
                look.layer,
                Measure(
                    self._window(tile, look.layer),
                    look.loss.statistics.offsets,
                    look.loss.heads,
                    self._places(look, tile),
                ),
            )
            for look in self.styles
        ]
        self.passes.down(x, asked)
        return [measure.sums for _, measure in asked]

    def _look(self, tile: Tile, y: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        asked = [
            (look.layer, _Keep(look, self._window(tile, look.layer), self._places(look, tile)))
            for look in self.contents
        ]
        self.passes.down(y, asked)
        return [keep.features for _, keep in asked], [keep.sums for _, keep in asked]

    def _gradient(
        self,
        tile: Tile,
        x: Tensor,
        slopes: Sequence[Slopes],
        targets: Sequence[Tensor],
        divisors: Sequence[Divisor],
    ) -> Part:
        taps: dict[str, list[Looks]] = {}
        for look, slope in zip(self.styles, slopes, strict=True):
            window, places = self._window(tile, look.layer), self._places(look, tile)
            taps.setdefault(look.layer, []).append(
                Looks(look.weight, _StylePull(window, places, slope))
            )
        kept = []
        for content, target, divisor in zip(self.contents, targets, divisors, strict=True):
            window, places = self._window(tile, content.layer), self._places(content, tile)
            tap = _ContentPull(content.loss, window, places, target, divisor)
            taps.setdefault(content.layer, []).append(Looks(content.weight, tap))
            kept.append((content.weight, tap))
        gradient = self.passes.down_and_up(x, taps)
        variation = 0.0
        if self.variation_weight:
            pixels = self.grid.window(tile, 1)
            share = self.variation.pull(x, gradient, pixels, self.variation_weight)
            variation = self.variation_weight * share
        return Part(gradient, sum(weight * tap.loss for weight, tap in kept), variation)

    # One pass

    def _window(self, tile: Tile, layer: str) -> Window:
        return self.grid.window(tile, self.strides[layer])

    def _places(self, look: StyleLook | ContentLook, tile: Tile) -> Tensor | None:
        stride = self.strides[look.layer]
        return places_of(look.places, tile, stride)


class _Keep:
    def __init__(self, look: ContentLook, window: Window, places: Tensor | None) -> None:
        self._look, self._window, self._places = look, window, places
        self.features: Tensor
        self.sums: Tensor

    def __call__(self, features: Tensor) -> Tensor:
        self.features = features[:, :, self._window.rows, self._window.columns].clone()
        self.sums = self._look.loss.measure(features, self._window, self._places)
        return features.new_zeros(())


class _StylePull:
    in_bfloat16 = True

    def __init__(self, window: Window, places: Tensor | None, slopes: Slopes) -> None:
        self._window, self._places, self._slopes = window, places, slopes

    def __call__(self, features: Tensor) -> Tensor:
        self._features = features
        return features.new_zeros(())

    def pull(self, gradient: Tensor, factor: float) -> None:
        pull(self._features, gradient, self._window, self._slopes, self._places, factor)
        del self._features


class _ContentPull:
    in_bfloat16 = True

    def __init__(
        self,
        loss: ContentLoss,
        window: Window,
        places: Tensor | None,
        target: Tensor,
        divisor: Divisor,
    ) -> None:
        self._loss, self._window, self._places = loss, window, places
        self._target, self._divisor = target, divisor
        self.loss = 0.0

    def __call__(self, features: Tensor) -> Tensor:
        self._features = features
        return features.new_zeros(())

    def pull(self, gradient: Tensor, factor: float) -> None:
        self.loss = self._loss.pull(
            self._features,
            self._target,
            gradient,
            self._window,
            self._places,
            self._divisor.weights,
            self._divisor.size,
            factor,
        )
        del self._features
