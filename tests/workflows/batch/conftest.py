"""What tests of batches share: small photographs, a style, and a crew that needs no process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto import samples
from impasto.workflows.batch.events import ItemStarted
from impasto.workflows.batch.worker import painted


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., Path]:
    """Makes a small photograph below the test's folder; each seed gives other bytes."""
    with Image.open(samples.content("chelsea")) as opened:
        small = opened.convert("RGB").resize((60, 40))

    def make(name: str, seed: int = 0) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        small.rotate(seed).save(path)
        return path

    return make


@pytest.fixture
def style(tmp_path: Path) -> Path:
    """A style image that a test may change."""
    path = tmp_path / "style.png"
    with Image.open(samples.style("swirls")) as opened:
        opened.resize((64, 52)).save(path)
    return path


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Lets batches paint without other processes; gives the names of what they hand out."""
    handed: list[str] = []

    def together(todo: Any, _jobs: int, _work: Any, arguments: Any) -> Iterator[Any]:
        for item, output in todo:
            handed.append(item.name)
            yield ItemStarted(item, 0, 0)
            yield from painted(item, output, *arguments, 0)

    monkeypatch.setattr("impasto.workflows.batch.runner.together", together)
    return handed
