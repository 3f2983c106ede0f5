from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from benchmarks.time_to_quality.judge import BLOCKS


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
