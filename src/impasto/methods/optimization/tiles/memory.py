"""How much memory and disk a painting in tiles will take, predicted before it starts."""

from __future__ import annotations

from impasto.imaging.read import LARGE_PX
from impasto.losses import style_loss
from impasto.methods.optimization.kept_faces import FINE_STRIDE
from impasto.methods.optimization.memory import (
    FLOAT,
    SLACK,
    Asked,
    fixed_bytes,
    pass_bytes,
)
from impasto.methods.optimization.tiles.grid import Grid, Reach

__all__ = ["TILES", "disk_bytes", "file_bytes", "holder_bytes", "predict_tiled_bytes"]

TILES = (768, 512, 384, 256)  # px, that `auto` tries
HALF = 2  # bytes
# Planes of three float32: content, what is asked for, the accepted picture, its gradient, the one
# that is summed up, and the direction.
PLANES = 6
# Bytes a px of the finished picture: its content and what the network sees of it, 8 and 16 bits
# deep; and in the end the result beside them, as floats and as levels.
SEEN, RESULT = 9, 15
# Planes of a band that are at hand at once: of a tile's row, and in a Fourier transform.
BANDS = 5
# What is at hand beside: measured with slim from 1024 to 4096 px, in files, peaks were 0.93 to 1.08
# times what all this comes to.
BESIDE = 110_000_000


def predict_tiled_bytes(asked: Asked, tile: int, in_files: bool) -> int:
    """Memory that painting takes at its final size, on top of the process as it is, in bytes.

    Args:
        asked: what is to be painted.
        tile: px of a tile's own.
        in_files: whether planes lie in files.
    """
    height, width = asked.canvas
    px = asked.shape[0] * asked.shape[1]
    masks = 2 * FLOAT * asked.regions * height * width
    painting = _computing(asked, _grid(asked, tile)) + BESIDE
    if in_files:
        pictures = 0 if px > LARGE_PX else SEEN * px
        return int(
            max(painting, RESULT * min(px, LARGE_PX)) + pictures + masks + fixed_bytes(asked)
        )
    in_memory = max(painting, RESULT * px) + SEEN * px + masks + file_bytes(asked)
    return int(in_memory + fixed_bytes(asked))


def holder_bytes(asked: Asked, tile: int, holders: int, in_files: bool) -> int:
    """Memory that a process takes which holds a part of the rows, in bytes.

    Args:
        asked, tile, in_files: as for `predict_tiled_bytes`.
        holders: that the rows are shared out to.
    """
    grid = _grid(asked, tile)
    rounds = -(-len(grid.rows) // holders)
    planes = 0 if in_files else file_bytes(asked) * rounds // len(grid.rows)
    return int(_computing(asked, grid) + planes + fixed_bytes(asked))


def file_bytes(asked: Asked) -> int:
    """What the planes of a painting in tiles take, in memory or on disk."""
    height, width = asked.canvas
    settings = asked.settings
    planes = 3 * height * width * (PLANES * FLOAT + 2 * asked.pairs * HALF)
    targets = 0.0
    number = HALF if asked.is_halved else FLOAT
    for stage in asked.stages:
        places = (height // stage.stride) * (width // stage.stride)
        for layer in stage.layers:
            if layer in settings.content_layers and layer in asked.layers:
                # In faces the content counts by itself.
                targets += (1 + settings.keep_faces) * number * stage.channels_out * places
            elif settings.keep_faces and stage.stride == FINE_STRIDE:
                targets += number * stage.channels_out * places
    return int(planes + targets)


def disk_bytes(asked: Asked) -> int:
    """What a painting in tiles takes of the scratch folder."""
    height, width = asked.canvas
    newest = 3 * height * width * 2 * HALF  # a pair, before the oldest gives way
    px = asked.shape[0] * asked.shape[1]
    pictures = (SEEN + RESULT + FLOAT) * px if px > LARGE_PX else 0
    return file_bytes(asked) + newest + pictures


def _computing(asked: Asked, grid: Grid) -> float:
    """What one tile takes, and the rows of its band."""
    height, width = asked.canvas
    high, wide = (
        max(part.stop - part.start for part in parts) for parts in (grid.rows, grid.columns)
    )
    seen = min(height, high + sum(grid.reach)), min(width, wide + sum(grid.reach))
    passing, _ = pass_bytes(asked, *seen)
    band: int = FLOAT * 3 * high * width
    return SLACK * passing + BANDS * band


def _grid(asked: Asked, tile: int) -> Grid:
    """The tiles, at the deepest layer's reach."""
    deepest = asked.stages[-1]
    stride = deepest.stride
    beyond = -(-(deepest.field - stride) // (2 * stride)) * stride
    ahead = max(map(max, style_loss(asked.settings.style_loss).offsets), default=0)
    reach = Reach(beyond, beyond + stride * ahead)
    return Grid(*asked.canvas, tile, reach, stride, asked.wide)
