"""How much memory and disk a painting in tiles will take, predicted before it starts."""

from __future__ import annotations

from impasto.losses import style_loss
from impasto.methods.optimization.memory import (
    FLOAT,
    SLACK,
    Asked,
    fixed_bytes,
    pass_bytes,
)
from impasto.methods.optimization.tiles.grid import Grid, Reach

__all__ = ["TILES", "file_bytes", "holder_bytes", "predict_tiled_bytes"]

TILES = (768, 512, 384, 256)  # px, that `auto` tries
HALF = 2  # bytes
# Planes of three float32: content, what is asked for, the accepted picture, its gradient, the one
# that is summed up, and the direction.
PLANES = 6
# Bytes a px of the finished picture as levels: content and guide, 16 bits each, and the result, as
# float32 and as 8 bits.
HELD = 6 + 6 + 12 + 3
# Planes of a band that are at hand at once: of a tile's row, and in a Fourier transform.
BANDS = 5


def predict_tiled_bytes(asked: Asked, tile: int, in_files: bool) -> int:
    """Memory that painting takes at its final size, on top of the process as it is, in bytes.

    Args:
        asked: what is to be painted.
        tile: px of a tile's own.
        in_files: whether planes lie in files.
    """
    height, width = asked.canvas
    grid = _grid(asked, tile)
    high, wide = (
        max(part.stop - part.start for part in parts) for parts in (grid.rows, grid.columns)
    )
    seen = min(height, high + sum(grid.reach)), min(width, wide + sum(grid.reach))
    passing, _ = pass_bytes(asked, *seen)
    band = FLOAT * 3 * high * width
    held = HELD * asked.shape[0] * asked.shape[1]
    masks = 2 * FLOAT * asked.regions * height * width
    planes = 0 if in_files else file_bytes(asked)
    return int(SLACK * passing + BANDS * band + held + masks + planes + fixed_bytes(asked))


def holder_bytes(asked: Asked, tile: int, holders: int, in_files: bool) -> int:
    """Memory that a process takes which holds a part of the rows, in bytes.

    Args:
        asked, tile, in_files: as for `predict_tiled_bytes`.
        holders: that the rows are shared out to.
    """
    height, width = asked.canvas
    grid = _grid(asked, tile)
    high, wide = (
        max(part.stop - part.start for part in parts) for parts in (grid.rows, grid.columns)
    )
    seen = min(height, high + sum(grid.reach)), min(width, wide + sum(grid.reach))
    passing, _ = pass_bytes(asked, *seen)
    band = FLOAT * 3 * high * width
    rounds = -(-len(grid.rows) // holders)
    planes = 0 if in_files else file_bytes(asked) * rounds // len(grid.rows)
    return int(SLACK * passing + BANDS * band + planes + fixed_bytes(asked))


def file_bytes(asked: Asked) -> int:
    """What the planes of a painting in tiles take, in memory or on disk."""
    height, width = asked.canvas
    settings = asked.settings
    pairs = 0 if settings.optimizer == "adam" else settings.lbfgs_history
    planes = 3 * height * width * (PLANES * FLOAT + 2 * pairs * HALF)
    targets = 0.0
    number = HALF if asked.is_halved else FLOAT
    for stage in asked.stages:
        places = (height // stage.stride) * (width // stage.stride)
        for layer in stage.layers:
            if layer in settings.content_layers and layer in asked.layers:
                targets += number * stage.channels_out * places
    return int(planes + targets)


def _grid(asked: Asked, tile: int) -> Grid:
    """The tiles, at the deepest layer's reach."""
    deepest = asked.stages[-1]
    stride = deepest.stride
    beyond = -(-(deepest.field - stride) // (2 * stride)) * stride
    ahead = max(map(max, style_loss(asked.settings.style_loss).offsets), default=0)
    reach = Reach(beyond, beyond + stride * ahead)
    return Grid(*asked.canvas, tile, reach, stride, asked.wide)
