"""A tiny network that was taught two styles, as `impasto train` would save it."""

from __future__ import annotations

from pathlib import Path

import torch

from impasto.networks import stylizers
from impasto.networks.stylizers import OnePass, Plan

TINY = Plan(widths=(8, 8, 8, 16), blocks=1, trunk_kernels=1, top_kernels=2, code=6, hidden=8)


def write_taught(path: Path) -> Path:
    """A file whose rows are `blue` and `red`."""
    torch.manual_seed(0)
    network = OnePass(TINY, reads=False, rows=("blue", "red"))
    torch.nn.init.normal_(network.codes)
    stylizers.save(path, network, {})
    return path
