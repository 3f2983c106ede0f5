"""How much memory an optimisation will take, predicted before it starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from impasto.losses import style_loss
from impasto.methods.optimization.kept_faces import FINE_STRIDE
from impasto.methods.optimization.schedule import margin_px
from impasto.networks.features.protocol import Stage
from impasto.settings import StyleSettings

__all__ = ["FLOAT", "SLACK", "Asked", "fixed_bytes", "pass_bytes", "predict_bytes"]

FLOAT = 4  # bytes
# Of a feature in bfloat16: its own 2, and what float32 work on the way leaves beside it; and what
# oneDNN holds. Measured with slim at 512 and 1024 px with AMX: peaks of 617 and 1263 MB.
BFLOAT16, HELD = 3.3, 60_000_000
# What torch's and the allocator's own buffers add to the tensors counted below; measured with
# slim and vgg19 from 256 to 1024 px (docs/decisions/0006-memory.md).
SLACK = 1.15
# Of a large pass: blocks above 32 MB go back to the system as soon as they are free, and of what is
# counted less is there at once; of smaller blocks the allocator keeps so much. Measured with slim
# at 2048 px: peaks of 3.2 GB in bfloat16 and 4.2 GB in float32.
AT_ONCE, KEPT = {True: 0.70, False: 0.90}, 300_000_000
# Copies of a style layer's features that each region keeps to weigh them; measured with slim at
# 768 x 576 px and two or four masks.
WEIGHED = 2.5
# Pictures that an optimizer holds beside its pairs of differences, those within a step included.
OWN_PICTURES = {"lbfgs": 10, "proximal": 18, "adam": 8}


@dataclass(frozen=True)
class Asked:
    """What is to be painted, as far as memory goes.

    Attributes:
        stages: of the network, down to the deepest layer.
        layers: what is collected from it.
        shape: (height, width) of the finished picture, in px.
        style_shapes: (height, width) of each style image at that scale, in px.
        settings: padding, pooling, optimizer and losses decide what is kept.
        regions: in which features are weighed by place; 0 for the whole picture as it is.
        direct: whether gradients come without automatic differentiation; see `objective.Direct`.
        wide: px of a tile from left to right, as `Grid` has it.
        steps: at the final size, where it is known; no optimizer remembers more pairs.
        guided_bytes: what the gradients of further terms keep.
    """

    stages: Sequence[Stage]
    layers: list[str]
    shape: tuple[int, int]
    style_shapes: Sequence[tuple[int, int]]
    settings: StyleSettings
    regions: int = 0
    direct: bool = False
    wide: int = 0
    steps: int | None = None
    guided_bytes: int = 0

    @property
    def pairs(self) -> int:
        """Pairs of differences that the optimizer remembers in the end."""
        if self.settings.optimizer == "adam":
            return 0
        most = self.settings.lbfgs_history
        return most if self.steps is None else min(most, self.steps)

    @property
    def canvas(self) -> tuple[int, int]:
        """(height, width) in px of what is painted, its margin included."""
        margin = margin_px(*self.shape, self.settings.margin)
        return self.shape[0] + 2 * margin, self.shape[1] + 2 * margin

    @property
    def is_halved(self) -> bool:
        """Whether features are in bfloat16 all through."""
        return self.direct and self.settings.precision == "bf16"


def predict_bytes(asked: Asked) -> int:
    """Memory that painting takes at its final size, on top of the process as it is, in bytes.

    Counts the features that the gradient needs, the widest layer's gradients, the targets, the
    optimizer's pictures and the backbone's weights; or, where it is more, what the one look at
    the style image takes.
    """
    settings, (height, width) = asked.settings, asked.canvas
    passing, targets = pass_bytes(asked, height, width)
    picture = FLOAT * 3 * height * width
    pictures = 2 * asked.pairs + OWN_PICTURES[settings.optimizer]
    peak = SLACK * passing
    if asked.direct:
        peak = min(peak, AT_ONCE[asked.is_halved] * passing + KEPT)
    painting = peak + SLACK * targets + pictures * picture
    return int(max(painting, looking_bytes(asked)) + fixed_bytes(asked))


def pass_bytes(asked: Asked, height: int, width: int) -> tuple[float, float]:
    """What one pass over so many px keeps, and the content's features, before `SLACK`."""
    settings = asked.settings
    stored, widest, targets, copied = 0.0, 0.0, 0.0, 0.0
    padded = settings.padding != "zero"
    style = style_loss(settings.style_loss)
    tapped = asked.direct and style.tap is not None and settings.gram_heads == 1
    number = BFLOAT16 if asked.is_halved else FLOAT
    for c in asked.stages:
        places = (height // c.stride) * (width // c.stride)
        features = number * c.channels_out * places
        into = number * c.channels_in * places
        stored += features + (into if padded and not asked.direct else 0)
        if c.pooled:
            # Max pooling keeps where each maximum was, as 8-byte integers.
            indices = 0 if settings.pooling == "average" else 2
            stored += into * (indices if asked.direct else 1 + indices)
        widest = max(widest, 2 * features + (2 if padded else 1) * into)
        for name in c.layers:
            if (name in settings.content_layers and name in asked.layers) or (
                settings.keep_faces and c.stride == FINE_STRIDE
            ):
                targets += 2 * FLOAT * c.channels_out * places
            if name in settings.style_layers and name in asked.layers:
                sorting = style.sorting_bytes / FLOAT
                if asked.regions:
                    copied = max(copied, style.copies * FLOAT * c.channels_out * places)
                if not tapped:
                    kept = style.copies + max(1, asked.regions) * sorting + WEIGHED * asked.regions
                    stored += features * (1 + kept)
    if settings.precision == "bf16" and not asked.direct:
        stored *= 0.75
    return stored + widest + copied, targets


def fixed_bytes(asked: Asked) -> float:
    """The network, and what further terms keep, whatever the size."""
    network = FLOAT * sum(stage.weights for stage in asked.stages) + HELD * asked.is_halved
    return network + asked.guided_bytes


def looking_bytes(asked: Asked) -> float:
    """What the one look at the styles takes."""
    padded = asked.settings.padding != "zero"
    return SLACK * _look_bytes(asked.stages, asked.layers, asked.style_shapes, padded)


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
