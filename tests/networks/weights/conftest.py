"""A small checkpoint; the server that gives it is in the conftest above."""

from __future__ import annotations

import hashlib
import io
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from impasto.networks.weights import Published, hub_path

SHAPES: dict[str, tuple[int, ...]] = {"features.0.weight": (4, 3, 3, 3), "features.0.bias": (4,)}


@pytest.fixture(autouse=True)
def apart(own_folders: None) -> None:
    """Every test here has folders of its own, and no network."""


@pytest.fixture
def shapes() -> dict[str, tuple[int, ...]]:
    return dict(SHAPES)


@pytest.fixture
def state_dict() -> OrderedDict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    all_shapes = {**SHAPES, "classifier.0.weight": (80, 600)}
    return OrderedDict((n, torch.randn(s, generator=generator)) for n, s in all_shapes.items())


@pytest.fixture
def publish() -> Callable[[bytes], Published]:
    def publish(body: bytes) -> Published:
        prefix = hashlib.sha256(body).hexdigest()[:8]
        return Published("tiny", f"tiny-{prefix}.pth", len(body), "MIT", "made by a test")

    return publish


@pytest.fixture
def body(state_dict: OrderedDict[str, torch.Tensor]) -> bytes:
    """About 190 KiB in the format of torchvision's published files."""
    file = io.BytesIO()
    torch.save(state_dict, file, _use_new_zipfile_serialization=False)
    return file.getvalue()


@pytest.fixture
def tiny(body: bytes, publish: Callable[[bytes], Published]) -> Published:
    return publish(body)


@pytest.fixture
def good(server: Any, tiny: Published, body: bytes) -> Any:
    server.files[tiny.filename] = body
    return server


@pytest.fixture
def part(tiny: Published) -> Path:
    """Where the beginnings of a download of `tiny` are kept."""
    path = hub_path(tiny).with_name(f"{tiny.filename}.part")
    path.parent.mkdir(parents=True)
    return path
