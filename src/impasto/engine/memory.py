"""How much memory a painting will take, told before it starts."""

from __future__ import annotations

import math
from pathlib import Path

import psutil
import torch

from impasto.backbones.plan import Plan
from impasto.errors import MemoryShortError
from impasto.settings import StyleSettings

__all__ = ["check", "free_bytes", "predict_bytes", "resident_bytes"]

FLOAT = 4
# What torch's and the allocator's own buffers add to the tensors counted below; measured with
# slim and vgg19 from 256 to 1024 px (docs/decisions/0006-memory.md).
SLACK = 1.15


def resident_bytes() -> int:
    """What this process holds in memory now."""
    return int(psutil.Process().memory_info().rss)


def free_bytes(device: torch.device) -> int:
    """Memory that can still be taken, in bytes: CUDA's own figure there, else the system's.

    In a container the control group's limit counts, where it is lower.
    """
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return min(int(psutil.virtual_memory().available), _cgroup_free())


def _cgroup_free(root: Path = Path("/sys/fs/cgroup")) -> int:
    """What the control group still allows; versions 2 and 1."""
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        try:
            return int((root / limit).read_text()) - int((root / used).read_text())
        except (OSError, ValueError):  # no such group, or "max": no limit
            continue
    return 2**63


def predict_bytes(
    plan: Plan, layers: list[str], height: int, width: int, settings: StyleSettings
) -> int:
    """Memory that painting takes at its final size, on top of the process as it is, in bytes.

    Counts the features that the gradient needs, the widest layer's gradients, the targets, and
    the optimizer's pictures.

    Args:
        plan, layers: the backbone and what is collected from it.
        height, width: of the finished picture, in px.
        settings: padding, pooling, optimizer and losses decide what is kept.
    """
    kept, widest, targets = 0.0, 0.0, 0.0
    padded = settings.padding != "zero"
    for c in plan.upto(layers):
        places = (height // c.stride) * (width // c.stride)
        features = FLOAT * c.channels_out * places
        into = FLOAT * c.channels_in * places
        kept += features + (into if padded else 0)
        if c.pooled:
            # Max pooling keeps where each maximum was, as 8-byte integers.
            kept += into * (3 if settings.pooling == "max" else 1)
        widest = max(widest, 2 * features + (2 if padded else 1) * into)
        for name in (c.conv, c.relu):
            if name in settings.content_layers and name in layers:
                targets += 2 * features
            if name in settings.style_layers and name in layers:
                kept += features
    if settings.precision == "bf16":
        kept *= 0.75
    picture = FLOAT * 3 * height * width
    pictures = 2 * settings.lbfgs_history + 10 if settings.optimizer == "lbfgs" else 8
    return int(SLACK * (kept + widest + targets) + pictures * picture)


def check(
    plan: Plan,
    layers: list[str],
    shape: tuple[int, int],
    settings: StyleSettings,
    device: torch.device,
) -> int:
    """The predicted peak in bytes, this process included; refuses what does not fit.

    Args:
        plan, layers, settings: as for `predict_bytes`.
        shape: (height, width) of the finished picture, in px.
        device: where it will be computed.

    Raises:
        MemoryShortError: if it is more than what is free, unless `settings.force`. Names the
            largest size that fits.
    """
    here = resident_bytes() if device.type != "cuda" else 0
    needed = predict_bytes(plan, layers, *shape, settings)
    free = free_bytes(device)
    if needed > free and not settings.force:
        largest = _largest_side(plan, layers, shape, settings, free)
        raise MemoryShortError(
            f"painting {shape[1]} x {shape[0]} px with {settings.backbone} needs about "
            f"{gigabytes(needed)} and {gigabytes(free)} are free: "
            + (f"pass --size {largest}, " if largest else "free some memory, ")
            + "or --force to try all the same"
        )
    return here + needed


def _largest_side(
    plan: Plan, layers: list[str], shape: tuple[int, int], settings: StyleSettings, free: int
) -> int:
    """Longest side in px, to the next lower multiple of 16, that fits into `free` bytes."""
    longest = max(shape)
    # Every part of the prediction grows with the area.
    side = longest * math.sqrt(free / predict_bytes(plan, layers, *shape, settings))
    return int(side) // 16 * 16


def gigabytes(count: float) -> str:
    """Bytes as a person reads them.

    Example:
        >>> gigabytes(1_500_000_000)
        '1.5 GB'
    """
    return f"{count / 1e9:.1f} GB"
