"""What tests of several packages share: a network small enough to be thought through."""

from __future__ import annotations

import os
from collections.abc import Callable

# Before torch loads: the threads of a test must not spin on the cores of another program.
os.environ.setdefault("GOMP_SPINCOUNT", "3000")

import pytest
import torch
from torch import Tensor

from impasto.backbones.plan import Plan
from impasto.backbones.vgg import VGG

torch.set_num_threads(1)  # pictures here are too small to share

TINY = Plan((4, 6, 8), (2, 2, 1))


@pytest.fixture
def tiny_plan() -> Plan:
    """conv1_1, conv1_2, conv2_1, conv2_2, conv3_1, a few channels each."""
    return TINY


@pytest.fixture
def tiny_weights() -> dict[str, Tensor]:
    """The same random weights for `tiny_plan` every time."""
    generator = torch.Generator().manual_seed(7)
    shapes = TINY.shapes(["relu3_1"])
    return {
        name: torch.randn(shape, generator=generator) / max(1, sum(shape[1:])) ** 0.5
        for name, shape in shapes.items()
    }


@pytest.fixture
def tiny_vgg(tiny_weights: dict[str, Tensor]) -> Callable[..., VGG]:
    """Makes a `VGG` of `tiny_plan` that collects the layers it is given."""

    def make(*layers: str, **options: str) -> VGG:
        return VGG(TINY, layers, tiny_weights, name="tiny", **options)  # type: ignore[arg-type]

    return make
