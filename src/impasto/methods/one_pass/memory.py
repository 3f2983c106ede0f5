"""How much memory painting in one pass will take, predicted before it starts."""

from __future__ import annotations

import torch

from impasto.errors import MemoryShortError
from impasto.methods import device as devices
from impasto.methods.one_pass.tiles import SAMPLE, SAMPLES, tile_px
from impasto.networks.stylizers.painter import HALO, MARGIN
from impasto.settings import StyleSettings
from impasto.text import format_gigabytes

__all__ = ["check", "file_bytes", "predict_bytes"]

# Bytes a pixel, measured with the bundled network from 0.2 to 17 megapixels on a CPU: of what is
# painted at once, by precision, and of a style as it is read.
PAINTED, READ = {"float32": 230, "bf16": 150}, 250
# Of a picture: the photograph and the painting while it is painted; then the result too, as
# floats and with 8 bits; and each mask.
PAINTING, COMPOSING, MASK = 3 + 12, 3 + 12 + 12 + 4, 4
# What lies in files is in memory by bands.
BANDS = 120_000_000


def predict_bytes(
    shape: tuple[int, int],
    styles: list[tuple[int, int]],
    settings: StyleSettings,
    whole_px: int,
    masks: int = 0,
    in_files: bool = False,
) -> int:
    """Memory that painting takes, on top of the process as it is, in bytes.

    Args:
        shape: (height, width) of the painting, in px.
        styles: (height, width) at which each style is read, in px.
        settings: resolved; precision and tile count.
        whole_px: of the largest picture that is painted at once.
        masks: of the photograph.
        in_files: whether what is as large as the picture lies in files.

    Example:
        >>> small, large = (
        ...     predict_bytes((side, side), [], StyleSettings(precision="float32"), 10**6)
        ...     for side in (512, 1024)
        ... )
        >>> small < large
        True
    """
    height, width = shape
    px = height * width
    high, wide = height + 2 * MARGIN, width + 2 * MARGIN
    at_once = high * wide
    if px > whole_px and settings.tile != "off":
        side = tile_px(settings.tile) + 2 * HALO
        # A tile, or the crops that the spreads are taken from, all together.
        at_once = max(min(high, side) * min(wide, side), (SAMPLES * SAMPLE) ** 2)
    reading = max((READ * h * w for h, w in styles), default=0)
    painting = PAINTED[settings.precision] * at_once
    if in_files:
        return max(painting, reading) + BANDS
    # Beside the masks, what all of them paint.
    masked = MASK * (masks + 1) * px if masks else 0
    return max(PAINTING * px + painting, COMPOSING * px, reading) + masked


def file_bytes(shape: tuple[int, int]) -> int:
    """What the painting and the result take of the scratch folder, in bytes.

    Args:
        shape: (height, width) of the painting, in px.
    """
    return (COMPOSING - 3) * shape[0] * shape[1]


def check(
    shape: tuple[int, int],
    styles: list[tuple[int, int]],
    settings: StyleSettings,
    device: torch.device,
    whole_px: int,
    beside: int = 0,
    *,
    masks: int = 0,
    in_files: bool = False,
) -> int:
    """The predicted peak in bytes, this process included; refuses what does not fit.

    Args:
        shape, styles, settings, whole_px, masks, in_files: as for `predict_bytes`.
        device: where it will be computed.
        beside: bytes that whoever asks for the painting takes meanwhile, outside of a GPU.

    Raises:
        MemoryShortError: it is more than what is free, unless `settings.force`.
    """
    needed = predict_bytes(shape, styles, settings, whole_px, masks, in_files)
    needed += beside if device.type != "cuda" else 0
    free = devices.free_bytes(device)
    if needed > free and not settings.force:
        ways = "pass a smaller --size, "
        if not in_files:
            ways += "--scratch DIR for what memory does not hold, "
        raise MemoryShortError(
            f"painting {shape[1]} x {shape[0]} px in one pass needs about "
            f"{format_gigabytes(needed)} and {format_gigabytes(free)} are free: {ways}free some "
            "memory, or --force to try all the same"
        )
    return needed + (devices.resident_bytes() if device.type != "cuda" else 0)
