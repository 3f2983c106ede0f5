"""Whether a painting fits into memory: whole, or in tiles, or not at all."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

import torch

from impasto.errors import MemoryShortError
from impasto.methods import device as devices
from impasto.methods.optimization.memory import Asked, predict_bytes
from impasto.methods.optimization.tiles.grid import STRIDE
from impasto.methods.optimization.tiles.memory import TILES, disk_bytes, predict_tiled_bytes
from impasto.methods.planes import Planes
from impasto.settings import StyleSettings
from impasto.text import format_gigabytes

__all__ = ["check"]


def check(
    asked: Asked,
    device: torch.device,
    wished: str = "off",
    planes: Planes | None = None,
    refusal: str = "",
) -> tuple[int, int]:
    """Px of a tile, 0 for the whole, and the predicted peak in bytes, this process included.

    Args:
        asked: what is to be painted.
        device: where it will be computed.
        wished: the setting `tile`.
        planes: where pictures in tiles lie.
        refusal: why nothing can be painted in tiles, in words; empty where it can.

    Raises:
        MemoryShortError: it is more than what is free, unless `settings.force`. Names the
            largest size that fits.
        OutputError: there is no room for files.
    """
    here = devices.resident_bytes() if device.type != "cuda" else 0
    planes, free = planes or Planes(), devices.free_bytes(device)
    needed, tile = predict_bytes(asked), 0
    if wished.isdecimal():
        tile = int(wished) // STRIDE * STRIDE
    elif wished == "auto" and needed > free and not refusal:
        tile = _largest_tile(asked, planes, free)
    if tile:
        needed = _needed(asked, tile, planes)
        planes.check_room(disk_bytes(asked) if max(asked.canvas) > tile else 0)
    if needed > free and not asked.settings.force:
        raise MemoryShortError(
            f"painting {asked.shape[1]} x {asked.shape[0]} px with {asked.settings.backbone} needs "
            f"about {format_gigabytes(needed)} and {format_gigabytes(free)} are free: "
            + _remedy(asked, free, tile, planes, refusal)
            + ", or --force to try all the same"
        )
    return tile, here + needed


def _needed(asked: Asked, tile: int, planes: Planes) -> int:
    """Bytes, in such tiles or, where it fits one or there are none, whole."""
    if tile and max(asked.canvas) > tile:
        return predict_tiled_bytes(asked, tile, planes.in_files)
    return predict_bytes(asked)


def _largest_tile(asked: Asked, planes: Planes, free: int) -> int:
    """The largest tile that fits; the smallest where none does."""
    for tile in TILES:
        if predict_tiled_bytes(asked, tile, planes.in_files) <= free:
            return tile
    return TILES[-1]


def _remedy(asked: Asked, free: int, tile: int, planes: Planes, refusal: str) -> str:
    """What would make it fit, in words."""
    largest = _largest_side(asked, free, tile, planes)
    ways = [_smaller(asked.shape, largest, asked.settings)] if largest else []
    if tile and not planes.in_files and predict_tiled_bytes(asked, tile, True) <= free:
        ways.append("--scratch DIR for what memory does not hold")
    wish = "pass " + ", or ".join(ways) if ways else "free some memory"
    if refusal and asked.settings.tile == "auto":
        wish += f" ({refusal.partition(':')[0]})"
    return wish


def _smaller(shape: tuple[int, int], largest: int, settings: StyleSettings) -> str:
    """The option that makes the picture fit, as the person asked for a size or a shape."""
    if settings.shape is None or isinstance(settings.shape, str):
        return f"--size {largest}"
    height, width = (max(1, side * largest // max(shape)) for side in shape)
    return f"--shape {height}x{width}"


def _largest_side(asked: Asked, free: int, tile: int, planes: Planes) -> int:
    """Longest side in px, a multiple of 16, that fits; 0 where none does."""
    longest = max(asked.shape)

    def needed(side: int) -> int:
        height, width = (max(1, own * side // longest) for own in asked.shape)
        return _needed(replace(asked, shape=(height, width)), tile, planes)

    sides = range(0, longest + 1, 16)
    return sides[bisect_right(sides, free, lo=1, key=needed) - 1]
