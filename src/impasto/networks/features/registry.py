"""The backbones there are, and how each one's weights are had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from impasto.networks import MEANS_FILE, SLIM_FILE
from impasto.networks import weights as checkpoints
from impasto.networks.features.layers import facts_of, stages_upto
from impasto.networks.features.normalized import Normalized
from impasto.networks.features.original import original
from impasto.networks.features.plan import Plan
from impasto.networks.features.protocol import Extractor, OnProgress, Padding, Stage
from impasto.networks.features.vgg import VGG
from impasto.settings import registry

__all__ = [
    "BACKBONES",
    "SLIM",
    "VGG16",
    "VGG19",
    "VGG19_NORMALIZED",
    "VGG19_ORIGINAL",
    "Backbone",
    "find",
    "load",
]


@dataclass(frozen=True)
class Backbone:
    """A VGG that can be chosen by name; an `Extractor`.

    Attributes:
        name: what it is called in settings.
        plan: its layout.
        supply: where its weights come from.
        pooling: what it learnt with, or was measured with.
    """

    name: str
    plan: Plan
    supply: checkpoints.Supply
    pooling: Literal["max", "average"] = "max"

    @property
    def licence(self) -> str:
        """Of its weights."""
        return self.supply.licence

    @property
    def origin(self) -> str:
        """Of its weights."""
        return self.supply.origin

    def pooled(
        self, pooling: Literal["auto", "max", "average"], weights_file: str | Path | None = None
    ) -> Literal["max", "average"]:
        """The pooling asked for; if "auto" is, the one that the weights learnt with.

        Args:
            pooling: as in the settings.
            weights_file: used in place of its own weights; a `.safetensors` may say its pooling.
        """
        if pooling != "auto":
            return pooling
        stated = checkpoints.metadata(weights_file).get("pooling") if weights_file else None
        return "average" if stated == "average" else "max" if stated == "max" else self.pooling

    def stages(self) -> list[Stage]:
        """One for each convolution and the ReLU behind it."""
        return [
            Stage(
                (c.conv, c.relu),
                c.channels_in,
                c.channels_out,
                c.stride,
                c.field,
                c.pooled,
                c.channels_out * (9 * c.channels_in + 1),
            )
            for c in self.plan
        ]

    def load(
        self,
        layers: Sequence[str],
        *,
        weights_file: str | Path | None = None,
        pooling: Literal["auto", "max", "average"] = "auto",
        padding: Padding = "zero",
        channels_last: bool = True,
        on_progress: OnProgress | None = None,
    ) -> VGG:
        """The network with its weights; see `Extractor.load`."""
        self.plan.upto(layers, name=self.name)
        shapes = self.plan.shapes(layers)
        if weights_file is not None:
            tensors = checkpoints.read_tensors(Path(weights_file), shapes)
        else:
            tensors = self.supply.load(shapes, on_progress=on_progress)
        return VGG(
            self.plan,
            layers,
            tensors,
            pooling=self.pooled(pooling, weights_file),
            padding=padding,
            channels_last=channels_last,
            name=self.name,
        )

    def facts(self) -> dict[str, str]:
        """What a person asks about it: layers, where its weights are, size, licence, origin."""
        return facts_of(self, self.supply)


_WIDTHS = (64, 128, 256, 512, 512)
_PLAN19, _PLAN16 = Plan(_WIDTHS, (2, 2, 4, 4, 4)), Plan(_WIDTHS, (2, 2, 3, 3, 3))

SLIM = Backbone(
    "slim",
    Plan((16, 32, 96, 192, 192), (2, 2, 4, 4, 1)),
    checkpoints.Bundled(
        SLIM_FILE,
        "MIT (impasto)",
        "learnt by this project from SqueezeNet 1.1 and from VGG-19: docs/slim.md",
    ),
    pooling="average",
)
VGG19 = Backbone("vgg19", _PLAN19, checkpoints.Download(checkpoints.VGG19))
VGG16 = Backbone("vgg16", _PLAN16, checkpoints.Download(checkpoints.VGG16))
VGG19_ORIGINAL = Backbone("vgg19-original", _PLAN19, original(_PLAN19))
VGG19_NORMALIZED = Backbone(
    "vgg19-normalized",
    _PLAN19,
    Normalized(VGG19_ORIGINAL.supply, _PLAN19, MEANS_FILE),
    pooling="average",  # under which the means were taken
)

_VGGS = (SLIM, VGG19, VGG16, VGG19_ORIGINAL, VGG19_NORMALIZED)
BACKBONES = MappingProxyType({backbone.name: backbone for backbone in _VGGS})
"""The VGGs among them, by name; `find` knows all there are."""


def find(name: str) -> Extractor:
    """The extractor called `name`, ours or another package's.

    Raises:
        UnknownNameError: if there is none.

    Example:
        >>> find("slim").name
        'slim'
    """
    extractor: Extractor = registry.load(registry.EXTRACTORS, name)
    return extractor


def load(
    name: str,
    layers: Sequence[str],
    *,
    weights_file: str | Path | None = None,
    pooling: Literal["auto", "max", "average"] = "auto",
    padding: Padding = "zero",
    channels_last: bool = True,
    on_progress: OnProgress | None = None,
) -> Any:
    """A frozen network with its weights, fetched first if they are not here yet.

    Args:
        name: as the setting `backbone` has it.
        layers, weights_file, pooling, padding, channels_last, on_progress: see `Extractor.load`.

    Raises:
        UnknownNameError: no such network or layer.
        WeightsError: the weights are not this network's.
        FetchError: the weights could not be fetched.
        MissingPackageError: the package that has the weights is not installed.

    Example:
        >>> load("slim", ["relu1_1"]).layers
        ('relu1_1',)
    """
    extractor = find(name)
    stages_upto(extractor, layers)
    return extractor.load(
        layers,
        weights_file=weights_file,
        pooling=pooling,
        padding=padding,
        channels_last=channels_last,
        on_progress=on_progress,
    )
