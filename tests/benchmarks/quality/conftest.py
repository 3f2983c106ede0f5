"""A stage for the quality benchmark: small pictures of the fixed set, and small random networks."""

from __future__ import annotations

from collections.abc import Callable
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
def stage(tmp_path: Path, teachers: Path, draw: Callable[..., dict[str, Tensor]]) -> Stage:
    """Pictures of 64 x 48 px and networks of four channels, the same every time."""
    stage = Stage(
        tmp_path / "contents",
        tmp_path / "styles",
        teachers,
        tmp_path / "slim-v0.safetensors",
        tmp_path / "work",
    )
    random = np.random.default_rng(0)
    for folder, stems in ((stage.contents, CONTENTS), (stage.styles, STYLES)):
        folder.mkdir()
        for stem in stems:
            coarse = Image.fromarray(random.integers(0, 256, (6, 8, 3), dtype=np.uint8))
            coarse.resize((64, 48), Image.Resampling.BICUBIC).save(folder / f"{stem}.png")
    save_file(draw(SLIM.shapes(SLIM.layers), torch.Generator().manual_seed(1)), stage.before)
    return stage
