"""A network that guided nothing reads a painting: the VGG of Collaborative Distillation.

It is a sixteenth of VGG-19's size, learnt by its authors for style transfer (Wang et al.,
"Collaborative Distillation for Ultra-Resolution Universal Style Transfer", 2020), and no weight of
ours came of it.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from benchmarks.quality.evaluators import Reading, content_distance, style_distance
from impasto import imaging
from impasto.errors import WeightsError
from impasto.text import format_path

__all__ = ["CONTENT", "STYLE", "Judge", "Target"]

BLOCKS = (2, 2, 4, 4, 1)  # convolutions of each block, named conv11, conv12, conv21, …
STYLE = ("conv11", "conv21", "conv31", "conv41", "conv51")
CONTENT = ("conv31", "conv42")


class Judge:
    """Features of a picture by layer.

    Args:
        file: weights as their authors published them, as safetensors.

    Raises:
        WeightsError: it cannot be read, or lacks a layer.
    """

    def __init__(self, file: Path) -> None:
        try:
            tensors = load_file(file)
        except (OSError, SafetensorError) as error:
            raise WeightsError(
                f"{format_path(file)} cannot be read as a judge ({error}): give the safetensors "
                "file of Collaborative Distillation's VGG"
            ) from None
        names = ["conv0", *(name for block in _blocks() for name in block)]
        if missing := [n for n in names if not {f"{n}.weight", f"{n}.bias"} <= tensors.keys()]:
            raise WeightsError(
                f"{format_path(file)} is no judge, it lacks {missing[0]}: give the file of "
                "Collaborative Distillation's VGG"
            )
        self._weights = {n: (tensors[f"{n}.weight"], tensors[f"{n}.bias"]) for n in names}

    def __call__(self, picture: Tensor) -> dict[str, Tensor]:
        """(C, h, w) of each layer that is read.

        Args:
            picture: (1, 3, H, W) in [0, 1], RGB.
        """
        features = {}
        with torch.no_grad():
            x = F.conv2d(picture, *self._weights["conv0"])
            for number, block in enumerate(_blocks()):
                x = F.max_pool2d(x, 2) if number else x
                for name in block:
                    x = F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), *self._weights[name])
                    x = x.relu_()
                    if name in {*STYLE, *CONTENT}:
                        features[name] = x[0].clone()
        return features


class Target:
    """The two pictures that a painting is compared with.

    Args:
        judge: that reads.
        content: of the size of the painting.
        style: as the painting saw it at its finest scale.
    """

    def __init__(self, judge: Judge, content: imaging.Picture, style: imaging.Picture) -> None:
        self._judge = judge
        self._content, self._style = judge(as_tensor(content)), judge(as_tensor(style))

    def read(self, painting: Tensor) -> Reading:
        """How far a painting is from both, averaged over layers.

        Args:
            painting: (1, 3, H, W) in [0, 1], RGB.
        """
        x = self._judge(painting)
        styles = [style_distance(x[layer], self._style[layer]) for layer in STYLE]
        contents = [content_distance(x[layer], self._content[layer]) for layer in CONTENT]
        return Reading(sum(styles) / len(styles), sum(contents) / len(contents))


def as_tensor(picture: imaging.Picture) -> Tensor:
    """(1, 3, H, W) float32 in [0, 1]."""
    return torch.from_numpy(picture.floats.copy()).float().permute(2, 0, 1)[None].contiguous()


def _blocks() -> list[list[str]]:
    return [[f"conv{i}{j}" for j in range(1, n + 1)] for i, n in enumerate(BLOCKS, 1)]
