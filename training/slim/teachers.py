"""The networks slim may learn from, frozen, and read on the same grid of places as a VGG.

Letters used for shapes: B pictures, C channels, H height, W width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from impasto.errors import ImpastoError, SettingError, UnknownNameError, WeightsError
from impasto.imaging.tensors import MEAN, STD
from impasto.networks import features
from training.slim.saving import describe as describe_file

__all__ = [
    "TEACHERS",
    "Authors",
    "Components",
    "SqueezeNet",
    "Teacher",
    "choose",
    "describe",
    "load",
]


class Teacher(nn.Module):
    """A frozen network that gives features by tap name.

    Attributes:
        layers: the taps it collects.
        strides: pixels of the picture to one place, of every tap there is.
        smallest_side: of a picture it can read, in px.
    """

    strides: Mapping[str, int] = {}

    def __init__(self, weights: Mapping[str, Tensor], layers: Sequence[str]) -> None:
        super().__init__()
        for layer in layers:
            if layer not in self.strides:
                raise UnknownNameError(f"tap of {type(self).__name__}", layer, self.strides)
        self.layers = tuple(layers)
        self.smallest_side = 2 * max(self.strides[layer] for layer in layers)
        for name, tensor in weights.items():
            tensor = tensor.detach().float()
            if tensor.ndim == 4:
                # Features take the layout of the weights they meet; this one is faster on CPUs.
                tensor = tensor.contiguous(memory_format=torch.channels_last)
            self.register_buffer(name.replace(".", "_"), tensor, persistent=False)

    def convolve(self, x: Tensor, name: str, padding: int = 0, stride: int = 1) -> Tensor:
        """One convolution and its ReLU."""
        weight, bias = self.get_buffer(f"{name}_weight"), self.get_buffer(f"{name}_bias")
        return F.relu(F.conv2d(x, weight, bias, stride, padding))


class SqueezeNet(Teacher):
    """SqueezeNet 1.1 (Iandola et al., 2016), for strokes: taps at strides 2, 4, 8 and 16.

    Its own poolings have no padding, so that its places drift away from a VGG's by half a place
    and more: 1.5 px at stride 4, 3.5 at 8, 7.5 at 16. No 1x1 head can undo a shift, so the first
    and the third pooling are padded by one here, which moves the same features to within 0.5,
    0.5, 1.5 and 2.5 px, on maps of exactly a VGG's size.

    Args:
        weights: tensors by the names of the teachers' file.
        layers: taps to collect.
    """

    strides: Mapping[str, int] = {
        "conv1": 2,
        "fire3": 4,
        "fire4": 4,
        "fire6": 8,
        "fire7": 8,
        "fire9": 16,
        "fire10": 16,
        "fire11": 16,
        "fire12": 16,
    }

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features by tap.

        Args:
            x: (B, 3, H, W), RGB, standardised as by `impasto.imaging.tensors.preprocess`.

        Returns:
            For each tap in `layers`: (B, C, H // stride, W // stride), if H and W are multiples
            of 16.
        """
        features: dict[str, Tensor] = {}
        x = F.pad(x, (0, 1, 0, 1), mode="replicate")
        for tap in self.strides:
            if tap == "conv1":
                x = self.convolve(x, "conv1", stride=2)
            else:
                if tap in ("fire3", "fire9"):
                    x = F.max_pool2d(x, 3, 2, padding=1)
                elif tap == "fire6":
                    x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = self._fire(x, tap)
            if tap in self.layers:
                features[tap] = x
            if len(features) == len(self.layers):
                break
        return {layer: features[layer] for layer in self.layers}

    def _fire(self, x: Tensor, name: str) -> Tensor:
        x = self.convolve(x, f"{name}_squeeze")
        wide = self.convolve(x, f"{name}_expand3x3", padding=1)
        return torch.cat((self.convolve(x, f"{name}_expand1x1"), wide), 1)


class Components(Teacher):
    """The principal components of VGG-19's features (Chiu and Gurari, 2022): colour, texture.

    A VGG-19 with 10, 20, 58 and 64 channels, whose features are those of VGG-19 in the basis of
    its principal components, up to a constant for each channel.

    Args:
        weights: tensors by the names of the teachers' file.
        layers: taps to collect.
    """

    strides: Mapping[str, int] = {"relu1_1": 1, "relu2_1": 2, "relu3_1": 4, "relu4_1": 8}

    convolutions = ("1_1", "1_2", "2_1", "2_2", "3_1", "3_2", "3_3", "3_4", "4_1")

    def __init__(self, weights: Mapping[str, Tensor], layers: Sequence[str]) -> None:
        super().__init__({k: v for k, v in weights.items() if "eigenbasis" not in k}, layers)
        for name, values in (("mean", MEAN), ("std", STD)):
            self.register_buffer(name, torch.tensor(values).view(1, 3, 1, 1), persistent=False)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features by tap; shapes as for `SqueezeNet`."""
        features: dict[str, Tensor] = {}
        x = x * self.get_buffer("std") + self.get_buffer("mean")
        x = F.conv2d(x, self.get_buffer("preprocess_weight"), self.get_buffer("preprocess_bias"))
        for name in self.convolutions:
            if name.endswith("_1") and name != "1_1":
                x = F.max_pool2d(x, 2)
            x = self.convolve(F.pad(x, (1, 1, 1, 1), mode="reflect"), f"conv{name}")
            if f"relu{name}" in self.layers:
                features[f"relu{name}"] = x
            if len(features) == len(self.layers):
                break
        return {layer: features[layer] for layer in self.layers}


class Authors(nn.Module):
    """VGG-19 with its authors' own weights, which the extra `vgg` brings; for everything.

    It pools by maxima, as it learnt, and reflects at the borders, as slim does.

    Args:
        layers: taps to collect.

    Raises:
        MissingPackageError: the package that has the weights is not installed.
    """

    name = "vgg19-original"
    strides: Mapping[str, int] = {
        "relu1_1": 1,
        "relu2_1": 2,
        "relu3_1": 4,
        "relu4_1": 8,
        "relu4_2": 8,
        "relu5_1": 16,
    }

    def __init__(self, layers: Sequence[str]) -> None:
        super().__init__()
        for layer in layers:
            if layer not in self.strides:
                raise UnknownNameError(f"tap of {self.name}", layer, self.strides)
        self.layers = tuple(layers)
        self.network = features.load(self.name, layers, padding="reflect")
        self.smallest_side = self.network.smallest_side

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features by tap; shapes as for `SqueezeNet`."""
        taps: dict[str, Tensor] = self.network(x)
        return taps


OF_FILES: Mapping[str, type[Teacher]] = {"squeezenet1_1": SqueezeNet, "vgg19_pca": Components}
TEACHERS: Mapping[str, type[Teacher] | type[Authors]] = {**OF_FILES, Authors.name: Authors}


def describe(folder: Path | None, name: str) -> str:
    """A teacher by what it is, and part of the SHA-256 of its weights.

    Args:
        folder: where the teachers lie that are files.
        name: a key of `TEACHERS`.
    """
    if folder is None or name == Authors.name:
        return f"{name}, SHA-256 {Authors(['relu5_1']).network.sha256()[:12]}"
    return describe_file(folder / f"{name}.safetensors")


def choose(folder: Path | None, name: str, layers: Sequence[str]) -> Teacher | Authors:
    """A teacher by its name: from its file, or from the package that has it.

    Args:
        folder: where the teachers lie that are files; None if there are none.
        name: a key of `TEACHERS`.
        layers: taps to collect.

    Raises:
        SettingError: it is a file, and there is no folder.
        ImpastoError: as for `load` and `Authors`.
    """
    if name == Authors.name:
        return Authors(layers).eval()
    if folder is None:
        raise SettingError(f"the teacher {name} is a file: pass its folder with --teachers")
    return load(folder, name, layers)


def load(folder: Path, name: str, layers: Sequence[str]) -> Teacher:
    """A teacher from its file `folder/name.safetensors`.

    Args:
        folder: where the teachers lie.
        name: a key of `OF_FILES`.
        layers: taps to collect.

    Raises:
        UnknownNameError: if the teacher lacks a tap.
        WeightsError: if the file is not there, or is not this teacher's.
    """
    path = folder / f"{name}.safetensors"
    if not path.is_file():
        raise WeightsError(f"there is no teacher {path}: put {name}.safetensors there")
    try:
        teacher = OF_FILES[name](load_file(path), layers).eval()
        # The smallest picture shows at once which tensors are missing or of another shape.
        with torch.no_grad():
            teacher(torch.zeros(1, 3, 32, 32))
    except ImpastoError:
        raise
    except Exception as error:
        raise WeightsError(
            f"{path} cannot be read as {name} ({error}): get it again, or pass the right folder"
        ) from error
    return teacher
