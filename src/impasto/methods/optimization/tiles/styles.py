"""A style image of any size, looked at in tiles: its statistics from the sums of all of them."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from impasto.losses import StyleStatistics
from impasto.losses.sums import Sums, merged
from impasto.methods.optimization.regions import Geometry
from impasto.methods.optimization.tiles.grid import Grid, reach_of
from impasto.methods.optimization.tiles.passes import Measure, Passes, columns_of, places_of
from impasto.methods.planes import release

__all__ = ["style_sums"]


def style_sums(
    passes: Passes,
    style: Tensor,
    counts: Mapping[str, Tensor | None],
    statistics: StyleStatistics,
    heads: int,
    geometry: Geometry,
    core: int,
) -> dict[str, Sums]:
    """The sums of a style image's features, by layer.

    Args:
        passes: look at its tiles.
        style: (1, 3, h, w), standardised.
        counts: where features count, by each layer that is wanted; None for everywhere.
        statistics: what the sums are for.
        heads: groups of channels.
        geometry: of the layers.
        core: px that a tile owns on a side.
    """
    ahead = max(map(max, statistics.offsets))
    reach, stride = reach_of(geometry, counts, dict.fromkeys(counts, ahead))
    height, width = style.shape[-2:]
    grid = Grid(height, width, core, reach, stride)
    totals: dict[str, Sums] = {}
    for band in grid.bands:
        rows = style[:, :, band.seen]
        for tile in band.tiles:
            asked = {
                layer: Measure(
                    grid.window(tile, geometry[layer][0]),
                    statistics.offsets,
                    heads,
                    places_of(places, tile, geometry[layer][0]),
                )
                for layer, places in counts.items()
            }
            passes.down(columns_of(rows, tile), list(asked.items()))
            for layer, own in asked.items():
                totals[layer] = merged(totals[layer], own.sums) if layer in totals else own.sums
        release()
    return totals
