"""From a contender to the frozen network that guides its paintings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, Protocol, cast

import torch
from safetensors import safe_open
from torch import Tensor, nn

from benchmarks.quality.contenders import LAYERS, POOLINGS, Contender
from impasto import imaging, samples
from impasto.errors import WeightsError
from impasto.imaging import tensors
from impasto.methods.optimization.objective import layers_needed
from impasto.networks import features
from impasto.networks.features import BACKBONES, VGG
from impasto.networks.features.plan import Plan
from impasto.networks.weights import read_tensors
from impasto.settings import StyleSettings
from training.slim import teachers

__all__ = ["Guide", "guide", "plan_of", "random_vgg19"]

# The samples of the time of the published figures: with others the features would be others.
CENTRED_CONTENTS = ("astronaut", "chelsea", "coffee")
CENTRED_STYLES = (
    *("mosaic", "pointillism", "stained-glass", "swirls"),
    *("ukiyo-e", "watercolour", "woodcut"),
)
NUMBERED = re.compile(r"features\.\d+\.weight")


class Guide(Protocol):
    """What an objective asks of a network."""

    smallest_side: int

    def __call__(self, x: Tensor) -> dict[str, Tensor]:
        """Features by layer of a standardised (1, 3, H, W) picture."""


def guide(contender: Contender) -> Guide:
    """The contender's network, kept for the next painting while its file stays the same.

    Raises:
        WeightsError: if its file is not what it should be.
    """
    return _guide(contender, contender.weights())


@cache
def _guide(contender: Contender, weights: str) -> Guide:  # noqa: ARG001 - it tells files apart
    layers = layers_needed(StyleSettings(**LAYERS[contender.kind]))
    if contender.kind == "slim":
        return _slim_like(contender, layers)
    if contender.kind == "random":
        return random_vgg19(layers)
    if contender.kind == "vgg19-original":
        original: Guide = features.load("vgg19-original", layers, padding="reflect")
        return original
    file = Path(contender.file)
    teacher = teachers.load(file.parent, file.stem, layers)
    return Centred(teacher) if contender.kind == "vgg19_pca" else teacher


def plan_of(shapes: Mapping[str, Sequence[int]], file: Path) -> Plan:
    """The plan of weights that are numbered as torchvision's VGGs are.

    Args:
        shapes: of all tensors, by name.
        file: for messages.

    Raises:
        WeightsError: if they are not numbered so, or a block's widths differ.

    Example:
        >>> vgg19 = BACKBONES["vgg19"].plan
        >>> plan_of(vgg19.shapes(vgg19.layers), Path("vgg19.safetensors")) == vgg19
        True
    """
    weights = {k: v for k, v in shapes.items() if NUMBERED.fullmatch(k) and len(v) == 4}
    blocks: list[list[int]] = []
    before = -3
    for index, name in sorted((int(name.split(".")[1]), name) for name in weights):
        if index - before > 2:
            blocks.append([])
        blocks[-1].append(weights[name][0])
        before = index
    plan = Plan(tuple(block[0] for block in blocks), tuple(len(block) for block in blocks))
    if not blocks or {k: tuple(v) for k, v in shapes.items()} != plan.shapes(plan.layers):
        raise WeightsError(
            f"{file} is not laid out like a VGG: its tensors must be features.N.weight and .bias "
            "numbered as torchvision's, with one width to a block"
        )
    return plan


def _slim_like(contender: Contender, layers: Sequence[str]) -> VGG:
    file = Path(contender.file)
    try:
        with safe_open(file, framework="pt") as archive:
            names: list[str] = archive.keys()
            shapes = {name: archive.get_slice(name).get_shape() for name in names}
            metadata: dict[str, str] = archive.metadata() or {}
    except Exception as error:
        raise WeightsError(
            f"{file} cannot be read as safetensors ({error}): check the path"
        ) from error
    pooling = contender.pooling or metadata.get("pooling", "max")
    if pooling not in POOLINGS:
        raise WeightsError(f"{file} says pooling {pooling}: it must be {' or '.join(POOLINGS)}")
    plan = plan_of(shapes, file)
    weights = read_tensors(file, plan.shapes(layers))
    return _vgg(plan, layers, weights, contender.name, pooling)


def random_vgg19(layers: Sequence[str]) -> VGG:
    """VGG-19 with orthogonal weights whose gain keeps the size of features through the ReLUs."""
    plan, generator = BACKBONES["vgg19"].plan, torch.Generator().manual_seed(0)
    weights = {name: torch.zeros(shape) for name, shape in plan.shapes(layers).items()}
    for tensor in weights.values():
        if tensor.ndim == 4:
            nn.init.orthogonal_(tensor, nn.init.calculate_gain("relu"), generator)
    return _vgg(plan, layers, weights, "vgg19-random", "max")


def _vgg(
    plan: Plan, layers: Sequence[str], weights: Mapping[str, Tensor], name: str, pooling: str
) -> VGG:
    kind = cast(Literal["max", "average"], pooling)
    return VGG(plan, layers, weights, pooling=kind, padding="reflect", name=name)


class Centred(nn.Module):
    """The components without the constants that lie on their channels.

    Those constants are arbitrary, and up to twenty times what varies: divided by its own size, the
    mean of a layer would count for nothing, and so would its content. Here each channel loses its
    mean over ten of the project's sample pictures, and a further, constant channel as large as what
    varies in them stands in for the size of the mean.

    Args:
        components: the teacher.
    """

    def __init__(self, components: teachers.Teacher) -> None:
        super().__init__()
        self.components = components
        self.smallest_side = components.smallest_side
        paths = [*map(samples.content, CENTRED_CONTENTS), *map(samples.style, CENTRED_STYLES)]
        with torch.no_grad():
            readings = [components(_standardise(path)) for path in paths]
        self.means: dict[str, Tensor] = {}
        self.sizes: dict[str, Tensor] = {}
        for layer in components.layers:
            moments = [torch.var_mean(features[layer][0], (1, 2)) for features in readings]
            self.means[layer] = torch.stack([m for _, m in moments]).mean(0).view(1, -1, 1, 1)
            self.sizes[layer] = torch.stack([v.sum() for v, _ in moments]).mean().sqrt()

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features by layer, (1, C + 1, H // stride, W // stride)."""
        features: dict[str, Tensor] = self.components(x)
        return {layer: self._centre(layer, feature) for layer, feature in features.items()}

    def _centre(self, layer: str, feature: Tensor) -> Tensor:
        constant = self.sizes[layer].expand(1, 1, *feature.shape[-2:])
        return torch.cat((feature - self.means[layer], constant), 1)


def _standardise(path: Path) -> Tensor:
    return tensors.preprocess(imaging.fitted(imaging.read(path), size=256))
