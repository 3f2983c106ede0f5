"""The backbones there are, and how each one's weights are had."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from torch import Tensor

from impasto.errors import UnknownNameError
from impasto.networks import weights as checkpoints
from impasto.networks.features.plan import Plan
from impasto.networks.features.vgg import VGG

__all__ = ["BACKBONES", "Backbone", "find", "load"]

SLIM_FILE = Path(__file__).with_name("slim.safetensors")


@dataclass(frozen=True)
class Backbone:
    """A network that can be chosen by name.

    Attributes:
        name: what it is called in settings.
        plan: its layout.
        licence, origin: of its weights.
        published: the checkpoint to download; None for the bundled one.
        pooling: what it learnt with.
    """

    name: str
    plan: Plan
    licence: str
    origin: str
    published: checkpoints.Published | None = None
    pooling: Literal["max", "average"] = "max"

    def pooled(
        self, asked: Literal["auto", "max", "average"], weights_file: str | Path | None = None
    ) -> Literal["max", "average"]:
        """The pooling asked for; if "auto" is, the one that the weights learnt with.

        Args:
            asked: as in the settings.
            weights_file: used in place of its own weights; a `.safetensors` may say its pooling.
        """
        if asked != "auto":
            return asked
        told = checkpoints.metadata(weights_file).get("pooling") if weights_file else None
        return "average" if told == "average" else "max" if told == "max" else self.pooling

    def facts(self) -> dict[str, str]:
        """What a person asks about it: layers, where its weights are, size, licence, origin."""
        layers = self.plan.layers
        facts = {"layers": f"{layers[0]} … {layers[-1]}"}
        if self.published is None:
            facts["weights"] = f"bundled: {SLIM_FILE}"
            facts["size"] = _megabytes(SLIM_FILE.stat().st_size)
        else:
            status = checkpoints.status(self.published)
            facts["weights"] = {
                "absent": "not here yet: fetched when first used, or with "
                f"`impasto backbones fetch {self.name}`",
                "partial": f"partly fetched, the rest comes when used: {status.path}",
                "downloaded": f"here: {status.path}",
                "cached": f"here, the part that is needed: {status.path}",
            }[status.state]
            facts["size"] = f"{_megabytes(self.published.bytes)} to fetch" + (
                f", {_megabytes(status.bytes)} here" if status.bytes else ""
            )
        return facts | {"licence": self.licence, "origin": self.origin}


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


def _published(published: checkpoints.Published, depths: tuple[int, ...]) -> Backbone:
    plan = Plan((64, 128, 256, 512, 512), depths)
    return Backbone(published.backbone, plan, published.licence, published.origin, published)


BACKBONES = MappingProxyType(
    {
        backbone.name: backbone
        for backbone in (
            Backbone(
                "slim",
                Plan((16, 32, 96, 192, 192), (2, 2, 4, 4, 1)),
                "MIT (impasto)",
                "learnt by this project from SqueezeNet 1.1 and VGG-19 components: docs/slim.md",
                pooling="average",
            ),
            _published(checkpoints.VGG19, (2, 2, 4, 4, 4)),
            _published(checkpoints.VGG16, (2, 2, 3, 3, 3)),
        )
    }
)


def find(name: str) -> Backbone:
    """The backbone called `name`.

    Raises:
        UnknownNameError: if there is none.
    """
    if name not in BACKBONES:
        raise UnknownNameError("backbone", name, BACKBONES)
    return BACKBONES[name]


def load(
    name: str,
    layers: Sequence[str],
    *,
    weights_file: str | Path | None = None,
    pooling: Literal["auto", "max", "average"] = "auto",
    padding: Literal["zero", "reflect", "replicate"] = "zero",
    channels_last: bool = True,
    on_progress: Callable[[int, int | None], None] | None = None,
) -> VGG:
    """A frozen backbone with its weights, fetched first if they are not here yet.

    Args:
        name: "slim", "vgg19" or "vgg16".
        layers: names of the layers to collect.
        weights_file: a `.pth` or `.safetensors` file with torchvision's key names to use instead.
        pooling: "max", "average", or "auto" for the one it learnt with.
        padding, channels_last: see `VGG`.
        on_progress: called with (bytes here, bytes in all) while weights are fetched.

    Raises:
        UnknownNameError: no such backbone or layer.
        WeightsError: the weights are not this backbone's.
        FetchError: the weights could not be fetched.

    Example:
        >>> load("slim", ["relu1_1"]).layers
        ('relu1_1',)
    """
    backbone = find(name)
    backbone.plan.upto(layers, name=name)
    shapes = backbone.plan.shapes(layers)
    tensors: dict[str, Tensor]
    if weights_file is not None:
        tensors = checkpoints.read_tensors(Path(weights_file), shapes)
    elif backbone.published is not None:
        tensors = checkpoints.load(backbone.published, shapes, on_progress=on_progress)
    else:
        tensors = checkpoints.read_tensors(SLIM_FILE, shapes)
    return VGG(
        backbone.plan,
        layers,
        tensors,
        pooling=backbone.pooled(pooling, weights_file),
        padding=padding,
        channels_last=channels_last,
        name=name,
    )
