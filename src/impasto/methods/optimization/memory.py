"""How much memory an optimisation will take, predicted before it starts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from impasto.errors import MemoryShortError
from impasto.losses import style_loss
from impasto.methods import device as devices
from impasto.methods.optimization.schedule import margin_px
from impasto.networks.features.protocol import Stage
from impasto.settings import StyleSettings
from impasto.text import format_gigabytes

__all__ = ["check", "predict_bytes"]

FLOAT = 4  # bytes
# Of a feature in bfloat16: its own 2, and what float32 work on the way leaves beside it; and what
# oneDNN holds. Measured with slim at 512 and 1024 px with AMX: peaks of 617 and 1263 MB.
BFLOAT16, HELD = 3.3, 60_000_000
# What torch's and the allocator's own buffers add to the tensors counted below; measured with
# slim and vgg19 from 256 to 1024 px (docs/decisions/0006-memory.md).
SLACK = 1.15
# Copies of a style layer's features that each region keeps to weigh them; measured with slim at
# 768 x 576 px and two or four masks.
WEIGHED = 2.5
# Pictures that an optimizer holds beside its pairs of differences, those within a step included.
OWN_PICTURES = {"lbfgs": 10, "proximal": 18, "adam": 8}


def predict_bytes(
    stages: Sequence[Stage],
    layers: list[str],
    shape: tuple[int, int],
    style_shapes: Sequence[tuple[int, int]],
    settings: StyleSettings,
    regions: int = 0,
    *,
    direct: bool = False,
) -> int:
    """Memory that painting takes at its final size, on top of the process as it is, in bytes.

    Counts the features that the gradient needs, the widest layer's gradients, the targets, the
    optimizer's pictures and the backbone's weights; or, where it is more, what the one look at
    the style image takes.

    Args:
        stages: of the network, down to the deepest layer.
        layers: what is collected from it.
        shape: (height, width) of the finished picture, in px.
        style_shapes: (height, width) of each style image at that scale, in px.
        settings: padding, pooling, optimizer and losses decide what is kept.
        regions: in which features are weighed by place; 0 for the whole picture as it is.
        direct: whether gradients come without automatic differentiation; see `objective.Direct`.
    """
    margin = margin_px(*shape, settings.margin)
    height, width = (side + 2 * margin for side in shape)
    stored, widest, targets, copied = 0.0, 0.0, 0.0, 0.0
    padded = settings.padding != "zero"
    style = style_loss(settings.style_loss)
    tapped = direct and style.tap is not None and settings.gram_heads == 1
    halved = direct and settings.precision == "bf16"
    number = BFLOAT16 if halved else FLOAT
    for c in stages:
        places = (height // c.stride) * (width // c.stride)
        features = number * c.channels_out * places
        into = number * c.channels_in * places
        stored += features + (into if padded and not direct else 0)
        if c.pooled:
            # Max pooling keeps where each maximum was, as 8-byte integers.
            indices = 0 if settings.pooling == "average" else 2
            stored += into * (indices if direct else 1 + indices)
        widest = max(widest, 2 * features + (2 if padded else 1) * into)
        for name in c.layers:
            if name in settings.content_layers and name in layers:
                targets += 2 * FLOAT * c.channels_out * places
            if name in settings.style_layers and name in layers:
                sorting = style.sorting_bytes / FLOAT
                if regions:
                    copied = max(copied, style.copies * FLOAT * c.channels_out * places)
                if not tapped:
                    kept = style.copies + max(1, regions) * sorting + WEIGHED * regions
                    stored += features * (1 + kept)
    if settings.precision == "bf16" and not direct:
        stored *= 0.75
    picture = FLOAT * 3 * height * width
    pairs = 0 if settings.optimizer == "adam" else settings.lbfgs_history
    pictures = 2 * pairs + OWN_PICTURES[settings.optimizer]
    painting = SLACK * (stored + widest + targets + copied) + pictures * picture
    looking = SLACK * _look_bytes(stages, layers, style_shapes, padded)
    weights = FLOAT * sum(stage.weights for stage in stages)
    return int(max(painting, looking) + weights + HELD * halved)


def _look_bytes(
    stages: Sequence[Stage],
    layers: list[str],
    shapes: Sequence[tuple[int, int]],
    padded: bool,
) -> float:
    """Passes without a gradient: what is collected of all styles, and the widest layer of one."""
    collected, widest = 0.0, 0.0
    for height, width in shapes:
        for c in stages:
            places = (height // c.stride) * (width // c.stride)
            features = FLOAT * c.channels_out * places
            into = FLOAT * c.channels_in * places
            widest = max(widest, features + (2 if padded else 1) * into)
            collected += features * len(set(c.layers) & set(layers))
    return collected + widest


def check(
    stages: Sequence[Stage],
    layers: list[str],
    shape: tuple[int, int],
    style_shapes: Sequence[tuple[int, int]],
    settings: StyleSettings,
    device: torch.device,
    regions: int = 0,
    *,
    direct: bool = False,
) -> int:
    """The predicted peak in bytes, this process included; refuses what does not fit.

    Args:
        stages, layers, shape, style_shapes, settings, regions, direct: as for `predict_bytes`.
        device: where it will be computed.

    Raises:
        MemoryShortError: if it is more than what is free, unless `settings.force`. Names the
            largest size that fits.
    """
    here = devices.resident_bytes() if device.type != "cuda" else 0
    needed = predict_bytes(stages, layers, shape, style_shapes, settings, regions, direct=direct)
    free = devices.free_bytes(device)
    if needed > free and not settings.force:
        largest = _largest_side(max(shape), free / needed)
        raise MemoryShortError(
            f"painting {shape[1]} x {shape[0]} px with {settings.backbone} needs about "
            f"{format_gigabytes(needed)} and {format_gigabytes(free)} are free: "
            + (f"pass {_smaller(shape, largest, settings)}, " if largest else "free some memory, ")
            + "or --force to try all the same"
        )
    return here + needed


def _smaller(shape: tuple[int, int], largest: int, settings: StyleSettings) -> str:
    """The option that makes the picture fit, as the person asked for a size or a shape."""
    if settings.shape is None or isinstance(settings.shape, str):
        return f"--size {largest}"
    height, width = (max(1, side * largest // max(shape)) for side in shape)
    return f"--shape {height}x{width}"


def _largest_side(longest: int, share: float) -> int:
    """Longest side in px, to the next lower multiple of 16, that takes that share of the memory.

    Nearly every part of the prediction grows with the area; the weights, which do not, and the
    features rounded down to whole places are why it aims a little lower.
    """
    return int(longest * math.sqrt(0.97 * share)) // 16 * 16
