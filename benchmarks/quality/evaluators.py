"""Networks that did not guide a painting read it: how far from the style, how far from the content.

Letters used for shapes: C channels, H height, W width, n places.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from impasto import imaging
from impasto.errors import WeightsError
from impasto.files import file_sha256
from impasto.imaging import tensors
from training.slim import teachers

__all__ = [
    "JUDGES",
    "Layers",
    "Reading",
    "content_distance",
    "evaluate",
    "sha256",
    "style_distance",
]


class Layers(NamedTuple):
    """Where a judge looks."""

    style: tuple[str, ...]
    content: tuple[str, ...]


JUDGES: Mapping[str, Layers] = {
    "squeezenet1_1": Layers(("conv1", "fire4", "fire7", "fire10"), ("fire4", "fire7", "fire10")),
    "vgg19_pca": Layers(("relu1_1", "relu2_1", "relu3_1", "relu4_1"), ("relu3_1", "relu4_1")),
}


class Reading(NamedTuple):
    """What a judge says: both 0 for the same picture, about 1 for an unrelated one."""

    style: float
    content: float


def style_distance(features: Tensor, target: Tensor) -> float:
    """|μ - μ'|² / tr Σ' + |Σ - Σ'|² / |Σ'|² of one layer.

    The mean is divided by what varies and not by itself, since the components carry an arbitrary
    constant on each channel.

    Args:
        features, target: (C, H, W), H and W of each its own.

    Example:
        >>> ramp = torch.tensor([[[1.0, 3.0]]])  # mean 2, variance 1
        >>> [style_distance(x, ramp) for x in (ramp, ramp + 3, 3 * ramp)]
        [0.0, 9.0, 80.0]
    """
    mean, covariance = _moments(features)
    target_mean, spread = _moments(target)
    mean_term = (mean - target_mean).square().sum() / spread.trace()
    covariance_term = (covariance - spread).square().sum() / spread.square().sum()
    return float(mean_term + covariance_term)


def content_distance(features: Tensor, target: Tensor) -> float:
    """Mean square of the difference over the variance of the target over places, of one layer.

    Args:
        features, target: (C, H, W).

    Example:
        >>> ramp = torch.tensor([[[1.0, 3.0]]])
        >>> content_distance(torch.full_like(ramp, 2.0), ramp)
        1.0
    """
    spread = (target - target.mean((1, 2), keepdim=True)).square().mean()
    return float((features - target).square().mean() / spread)


def evaluate(
    judge: str,
    folder: Path,
    painting: imaging.Picture,
    content: imaging.Picture,
    style: imaging.Picture,
) -> Reading:
    """What a judge says of a painting, averaged over its layers.

    Args:
        judge: a key of `JUDGES`.
        folder: where its weights are.
        painting: as it was saved.
        content: of the same size.
        style: as the painting saw it at its finest scale.
    """
    network = _network(judge, folder)
    layers = JUDGES[judge]
    with torch.no_grad():
        x, content_target, style_target = (
            {k: v[0].double() for k, v in network(tensors.preprocess(picture)).items()}
            for picture in (painting, content, style)
        )
    styles = [style_distance(x[layer], style_target[layer]) for layer in layers.style]
    contents = [content_distance(x[layer], content_target[layer]) for layer in layers.content]
    return Reading(sum(styles) / len(styles), sum(contents) / len(contents))


@cache
def sha256(judge: str, folder: Path) -> str:
    """Of the judge's weights, in hex.

    Raises:
        WeightsError: if they are not there.
    """
    path = folder / f"{judge}.safetensors"
    try:
        return file_sha256(path)
    except OSError as error:
        raise WeightsError(
            f"the judge {path} cannot be read ({error.strerror}): put it there"
        ) from None


@cache
def _network(judge: str, folder: Path) -> teachers.Teacher:
    layers = JUDGES[judge]
    return teachers.load(folder, judge, tuple(dict.fromkeys((*layers.style, *layers.content))))


def _moments(features: Tensor) -> tuple[Tensor, Tensor]:
    x = features.flatten(1)  # (C, n)
    mean = x.mean(1, keepdim=True)
    x = x - mean
    return mean, x @ x.T / x.shape[1]
