"""A stage for the quality benchmark: small pictures of the fixed set, and small random networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor

from benchmarks.quality.contenders import Contender
from benchmarks.quality.painting import Job
from benchmarks.quality.pairs import CONTENTS, STYLES
from impasto.networks.features.plan import Plan

SLIM = Plan((4, 4, 4, 4, 4), (2, 2, 4, 4, 1))
FIRES = {"fire3": 4, "fire4": 4, "fire6": 4, "fire7": 4, "fire9": 4, "fire10": 4}
FIRES |= {"fire11": 4, "fire12": 4}
COMPONENTS = ("1_1", "1_2", "2_1", "2_2", "3_1", "3_2", "3_3", "3_4", "4_1")


@dataclass(frozen=True)
class Stage:
    """Everything the command line asks for."""

    contents: Path
    styles: Path
    teachers: Path
    before: Path
    work: Path

    def command(self, *more: str) -> list[str]:
        """A small run of one pair; `more` is added, and drives out what it repeats."""
        options = {
            "--contents": self.contents,
            "--styles": self.styles,
            "--teachers": self.teachers,
            "--before": self.before,
            "--work": self.work,
            "--size": 64,
            "--steps": 2,
            "--pairs": 1,
        }
        return [str(part) for pair in options.items() for part in pair] + list(more)

    def job(self, contender: Contender | None = None, strength: float = 0.5) -> Job:
        """One small painting, by the slim-like network unless told otherwise."""
        contender = contender or Contender("slim-v0", "slim", str(self.before))
        content, style = self.contents / "chicago.png", self.styles / "mosaic.png"
        return Job(contender, str(content), str(style), strength, size=64, steps=2)

    def teacher(self, kind: str) -> Contender:
        """A teacher as a contender."""
        return Contender(kind, kind, str(self.teachers / f"{kind}.safetensors"))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Pictures of 64 x 48 px and networks of four channels, the same every time."""
    stage = Stage(
        *(tmp_path / name for name in ("contents", "styles", "teachers")),
        tmp_path / "slim-v0.safetensors",
        tmp_path / "work",
    )
    random = np.random.default_rng(0)
    for folder, stems in ((stage.contents, CONTENTS), (stage.styles, STYLES)):
        folder.mkdir()
        for stem in stems:
            coarse = Image.fromarray(random.integers(0, 256, (6, 8, 3), dtype=np.uint8))
            coarse.resize((64, 48), Image.Resampling.BICUBIC).save(folder / f"{stem}.png")
    stage.teachers.mkdir()
    generator = torch.Generator().manual_seed(0)
    save_file(_squeezenet(generator), stage.teachers / "squeezenet1_1.safetensors")
    save_file(_components(generator), stage.teachers / "vgg19_pca.safetensors")
    save_file(_draw(SLIM.shapes(SLIM.layers), generator), stage.before)
    return stage


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


def _draw(shapes: dict[str, Sequence[int]], generator: torch.Generator) -> dict[str, Tensor]:
    """Weights that keep features about their size, and lean to plus, so that no layer is dead."""
    weights = {}
    for name, shape in shapes.items():
        scale = (1 / max(1, int(np.prod(shape[1:])))) ** 0.5
        tensor = (torch.randn(tuple(shape), generator=generator) + 0.5) * scale
        weights[name] = tensor if len(shape) > 1 else torch.full(tuple(shape), 0.1)
    return weights
