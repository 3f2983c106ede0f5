"""How much memory painting in one pass will take, predicted before it starts."""

from __future__ import annotations

import torch

from impasto.errors import MemoryShortError
from impasto.methods import device as devices
from impasto.methods.one_pass.tiles import SAMPLE, SAMPLES
from impasto.networks.stylizers.painter import MARGIN
from impasto.settings import StyleSettings
from impasto.text import format_gigabytes

__all__ = ["check", "predict_bytes"]

# Bytes a pixel, measured with the bundled network from 0.2 to 12 megapixels on a CPU: of what is
# painted at once, by precision; of a picture as it is read, framed and written; and of a style.
PAINTED = {"float32": 230, "bf16": 150}
HELD, READ = 90, 250


def predict_bytes(
    shape: tuple[int, int],
    styles: list[tuple[int, int]],
    settings: StyleSettings,
    whole_px: int,
) -> int:
    """Memory that painting takes, on top of the process as it is, in bytes.

    Args:
        shape: (height, width) of the painting, in px.
        styles: (height, width) at which each style is read, in px.
        settings: resolved; its precision counts.
        whole_px: of the largest picture that is painted at once.

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
    at_once = (height + 2 * MARGIN) * (width + 2 * MARGIN)
    if px > whole_px:  # crops that the spreads are taken from, all together
        at_once = (SAMPLES * SAMPLE) ** 2
    reading = max((READ * h * w for h, w in styles), default=0)
    return max(HELD * px + PAINTED[settings.precision] * at_once, reading)


def check(
    shape: tuple[int, int],
    styles: list[tuple[int, int]],
    settings: StyleSettings,
    device: torch.device,
    whole_px: int,
    beside: int = 0,
) -> int:
    """The predicted peak in bytes, this process included; refuses what does not fit.

    Args:
        shape, styles, settings, whole_px: as for `predict_bytes`.
        device: where it will be computed.
        beside: bytes that whoever asks for the painting takes meanwhile, outside of a GPU.

    Raises:
        MemoryShortError: it is more than what is free, unless `settings.force`.
    """
    needed = predict_bytes(shape, styles, settings, whole_px)
    needed += beside if device.type != "cuda" else 0
    free = devices.free_bytes(device)
    if needed > free and not settings.force:
        raise MemoryShortError(
            f"painting {shape[1]} x {shape[0]} px in one pass needs about "
            f"{format_gigabytes(needed)} and {format_gigabytes(free)} are free: pass a smaller "
            "--size, free some memory, or --force to try all the same"
        )
    return needed + (devices.resident_bytes() if device.type != "cuda" else 0)
