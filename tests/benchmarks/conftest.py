"""Small random networks in place of those that read paintings, the same every time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from benchmarks.time_to_quality.judge import BLOCKS

Draw = Callable[[Mapping[str, Sequence[int]], torch.Generator], dict[str, Tensor]]
FIRES = {"fire3": 4, "fire4": 4, "fire6": 4, "fire7": 4, "fire9": 4, "fire10": 4}
FIRES |= {"fire11": 4, "fire12": 4}
COMPONENTS = ("1_1", "1_2", "2_1", "2_2", "3_1", "3_2", "3_3", "3_4", "4_1")


@pytest.fixture
def judge_file(tmp_path: Path) -> Path:
    """Weights laid out like the judge's, with four channels a layer."""
    generator = torch.Generator().manual_seed(0)
    names = [f"conv{i}{j}" for i, n in enumerate(BLOCKS, 1) for j in range(1, n + 1)]
    tensors = {"conv0.weight": torch.eye(3).view(3, 3, 1, 1), "conv0.bias": torch.zeros(3)}
    for number, name in enumerate(names):
        shape = (4, 4 if number else 3, 3, 3)
        tensors[f"{name}.weight"] = 0.3 * torch.randn(shape, generator=generator)
        tensors[f"{name}.bias"] = torch.full((4,), 0.1)
    save_file(tensors, tmp_path / "judge.safetensors")
    return tmp_path / "judge.safetensors"


@pytest.fixture
def teachers(tmp_path: Path) -> Path:
    """A folder of the two teachers' files, with four channels a layer."""
    folder = tmp_path / "teachers"
    folder.mkdir()
    generator = torch.Generator().manual_seed(0)
    save_file(_squeezenet(generator), folder / "squeezenet1_1.safetensors")
    save_file(_components(generator), folder / "vgg19_pca.safetensors")
    return folder


@pytest.fixture
def draw() -> Draw:
    """Draws weights of some shapes."""
    return _draw


def _squeezenet(generator: torch.Generator) -> dict[str, Tensor]:
    shapes: dict[str, Sequence[int]] = {"conv1.weight": (4, 3, 3, 3), "conv1.bias": (4,)}
    for name, width in FIRES.items():
        for part, (wide, kernel, into) in {
            "squeeze": (2, 1, width),
            "expand1x1": (2, 1, 2),
            "expand3x3": (2, 3, 2),
        }.items():
            shapes[f"{name}.{part}.weight"] = (wide, into, kernel, kernel)
            shapes[f"{name}.{part}.bias"] = (wide,)
    return _draw(shapes, generator)


def _components(generator: torch.Generator) -> dict[str, Tensor]:
    shapes: dict[str, Sequence[int]] = {"preprocess.weight": (3, 3, 1, 1), "preprocess.bias": (3,)}
    before = 3
    for name in COMPONENTS:
        shapes |= {f"conv{name}.weight": (4, before, 3, 3), f"conv{name}.bias": (4,)}
        before = 4
    return _draw(shapes, generator)


def _draw(shapes: Mapping[str, Sequence[int]], generator: torch.Generator) -> dict[str, Tensor]:
    """Weights that keep features about their size, and lean to plus, so that no layer is dead."""
    weights = {}
    for name, shape in shapes.items():
        scale = (1 / max(1, int(np.prod(shape[1:])))) ** 0.5
        tensor = (torch.randn(tuple(shape), generator=generator) + 0.5) * scale
        weights[name] = tensor if len(shape) > 1 else torch.full(tuple(shape), 0.1)
    return weights
