"""SqueezeNet 1.1 as a feature extractor (Iandola et al., 2016): 5 MB to fetch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.errors import SettingError
from impasto.networks import weights as checkpoints
from impasto.networks.features.layers import facts_of, smallest_side, stages_upto
from impasto.networks.features.protocol import OnProgress, Padding, Pooling, Stage

__all__ = ["SQUEEZENET", "SqueezeNet", "SqueezeNetFamily"]

WIDTH = 64  # of the first convolution


@dataclass(frozen=True)
class Fire:
    """A fire module: a 1x1 convolution that squeezes, and a 1x1 and a 3x3 one that expand.

    Attributes:
        name: as the paper counts them.
        index: its place in torchvision's `features`, which names the weights.
        squeezed, expanded: channels; both expansions are joined.
        pooled: whether a pooling stands before it.
    """

    name: str
    index: int
    squeezed: int
    expanded: int
    pooled: bool = False


FIRES = (
    Fire("fire2", 3, 16, 64, pooled=True),
    Fire("fire3", 4, 16, 64),
    Fire("fire4", 6, 32, 128, pooled=True),
    Fire("fire5", 7, 32, 128),
    Fire("fire6", 9, 48, 192, pooled=True),
    Fire("fire7", 10, 48, 192),
    Fire("fire8", 11, 64, 256),
    Fire("fire9", 12, 64, 256),
)


class SqueezeNetFamily:
    """SqueezeNet 1.1 by name: layers `relu1` and `fire2` to `fire9`."""

    name = "squeezenet"
    supply = checkpoints.Download(checkpoints.SQUEEZENET)
    licence = supply.licence
    origin = supply.origin

    def stages(self) -> list[Stage]:
        """The first convolution, then one for each fire module."""
        channels, stride, field = WIDTH, 2, 3
        stages = [Stage(("relu1",), 3, WIDTH, stride, field, False, WIDTH * 28)]
        for fire in FIRES:
            if fire.pooled:
                field += 2 * stride
                stride *= 2
            field += 2 * stride
            count = sum(_numbers(shape) for shape in _fire_shapes(fire, channels).values())
            wide = 2 * fire.expanded
            stages.append(Stage((fire.name,), channels, wide, stride, field, fire.pooled, count))
            channels = wide
        return stages

    def shapes(self, layers: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Names and shapes, as torchvision has them, of the weights that `layers` need."""
        shapes: dict[str, tuple[int, ...]] = {
            "features.0.weight": (WIDTH, 3, 3, 3),
            "features.0.bias": (WIDTH,),
        }
        channels = WIDTH
        for fire in FIRES[: len(stages_upto(self, layers)) - 1]:
            shapes |= _fire_shapes(fire, channels)
            channels = 2 * fire.expanded
        return shapes

    def pooled(
        self,
        pooling: Literal["auto", "max", "average"],
        weights_file: str | Path | None = None,  # noqa: ARG002 - no file of it says its pooling
    ) -> Pooling:
        """Max, unless average is asked for."""
        return "max" if pooling == "auto" else pooling

    def load(
        self,
        layers: Sequence[str],
        *,
        weights_file: str | Path | None = None,
        pooling: Literal["auto", "max", "average"] = "auto",
        padding: Padding = "zero",
        channels_last: bool = True,
        on_progress: OnProgress | None = None,
    ) -> SqueezeNet:
        """The network with its weights; see `Extractor.load`."""
        shapes = self.shapes(layers)
        if weights_file is not None:
            tensors = checkpoints.read_tensors(Path(weights_file), shapes)
        else:
            tensors = self.supply.load(shapes, on_progress=on_progress)
        return SqueezeNet(
            layers,
            tensors,
            pooling=self.pooled(pooling),
            padding=padding,
            channels_last=channels_last,
        )

    def facts(self) -> dict[str, str]:
        """Layers, weights, size, licence and origin, in words."""
        return facts_of(self, self.supply)


SQUEEZENET = SqueezeNetFamily()


class SqueezeNet(nn.Module):
    """A frozen SqueezeNet, only as deep as the deepest layer asked for.

    Every layer has H // stride x W // stride places, as a VGG's: where a window would reach over
    the right or lower edge, that edge is repeated. torchvision's drops the last place instead.

    Args:
        layers: names of the layers to collect.
        weights: tensors by torchvision's names; see `SqueezeNetFamily.shapes`.
        pooling: "max", as trained, or "average".
        padding: of the 3x3 convolutions: "zero", as trained, "reflect" or "replicate".
        channels_last: memory layout of the features.

    Raises:
        UnknownNameError: a layer that it has not.

    Example:
        >>> drawn = {k: torch.ones(s) for k, s in SQUEEZENET.shapes(["fire2"]).items()}
        >>> SqueezeNet(["fire2"], drawn)(torch.zeros(1, 3, 33, 40))["fire2"].shape
        torch.Size([1, 128, 8, 10])
    """

    def __init__(
        self,
        layers: Sequence[str],
        weights: Mapping[str, Tensor],
        *,
        pooling: Pooling = "max",
        padding: Padding = "zero",
        channels_last: bool = True,
    ) -> None:
        super().__init__()
        self.name = SQUEEZENET.name
        self.layers = tuple(dict.fromkeys(layers))
        self.pooling, self.padding = pooling, padding
        self.smallest_side = smallest_side(SQUEEZENET, self.layers)
        self.fires = FIRES[: len(stages_upto(SQUEEZENET, self.layers)) - 1]
        for name in SQUEEZENET.shapes(self.layers):
            tensor = weights[name].detach().clone()
            if channels_last and tensor.ndim == 4:
                # Features take the layout of the weights they meet.
                tensor = tensor.contiguous(memory_format=torch.channels_last)
            self.register_buffer(name.replace(".", "_"), tensor, persistent=False)

    def sha256(self) -> str:
        """Of all its weights, in hex: which network this is, wherever it was read from."""
        digest = hashlib.sha256()
        for _, tensor in self.named_buffers():
            digest.update(tensor.cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features by layer.

        Args:
            x: (B, 3, H, W), RGB, standardised as by `impasto.imaging.tensors.preprocess`.

        Returns:
            For each layer in `layers`: (B, C, H // stride, W // stride).
        """
        if min(x.shape[-2:]) < self.smallest_side:
            raise SettingError(
                f"a picture of {x.shape[-2]} x {x.shape[-1]} px is too small for the layers "
                f"of {self.name}: its shorter side must have {self.smallest_side} px"
            )
        features = dict(self._stages(x))
        return {layer: features[layer] for layer in self.layers}

    def _stages(self, x: Tensor) -> Iterator[tuple[str, Tensor]]:
        x = self._convolve(_one_more(x), "features_0", stride=2)
        yield "relu1", x
        for fire in self.fires:
            if fire.pooled:
                larger = _one_more(x)
                average = self.pooling == "average"
                x = F.avg_pool2d(larger, 3, 2) if average else F.max_pool2d(larger, 3, 2)
            name = f"features_{fire.index}"
            squeezed = self._convolve(x, f"{name}_squeeze")
            near = self._convolve(squeezed, f"{name}_expand1x1")
            x = torch.cat((near, self._convolve(self._padded(squeezed), f"{name}_expand3x3")), 1)
            yield fire.name, x

    def _convolve(self, x: Tensor, name: str, stride: int = 1) -> Tensor:
        weight, bias = self.get_buffer(f"{name}_weight"), self.get_buffer(f"{name}_bias")
        return F.relu(F.conv2d(x, weight, bias, stride))

    def _padded(self, x: Tensor) -> Tensor:
        mode = "constant" if self.padding == "zero" else self.padding
        return F.pad(x, (1, 1, 1, 1), mode=mode)


def _one_more(x: Tensor) -> Tensor:
    """The last row and column repeated."""
    return F.pad(x, (0, 1, 0, 1), mode="replicate")


def _fire_shapes(fire: Fire, channels: int) -> dict[str, tuple[int, ...]]:
    name, s, e = f"features.{fire.index}", fire.squeezed, fire.expanded
    return {
        f"{name}.squeeze.weight": (s, channels, 1, 1),
        f"{name}.squeeze.bias": (s,),
        f"{name}.expand1x1.weight": (e, s, 1, 1),
        f"{name}.expand1x1.bias": (e,),
        f"{name}.expand3x3.weight": (e, s, 3, 3),
        f"{name}.expand3x3.bias": (e,),
    }


def _numbers(shape: tuple[int, ...]) -> int:
    return torch.Size(shape).numel()
