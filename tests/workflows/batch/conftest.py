"""What tests of batches share: small photographs, a style, and batches that need no processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto import samples
from impasto.workflows.executors import Assigned
from impasto.workflows.executors.local import SerialExecutor


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., Path]:
    """Makes a small photograph below the test's folder; each seed gives other bytes."""
    with Image.open(samples.content("chelsea")) as image:
        small = image.convert("RGB").resize((60, 40))

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
    with Image.open(samples.style("swirls")) as image:
        image.resize((64, 52)).save(path)
    return path


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Lets batches paint without other processes; gives the names of what they paint."""
    names: list[str] = []

    class Noting(SerialExecutor):
        def __init__(self, _workers: int) -> None:
            pass

        def run(self, *arguments: Any) -> Iterator[Any]:  # type: ignore[override]
            for message in super().run(*arguments):
                if isinstance(message, Assigned):
                    names.append(message.item.name)
                yield message

    monkeypatch.setattr("impasto.workflows.batch.runner.ProcessExecutor", Noting)
    return names
