from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks.one_pass import worker


def test_a_painting_is_timed_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, cpu = iter([10.0, 10.5]), iter([1.0, 3.0])
    monkeypatch.setattr(worker.time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(worker.time, "process_time", lambda: next(cpu))
    out = tmp_path / "painted.png"
    asked = {"content": "cat", "style": "wave", "size": 40, "out": str(out)}

    def paint(content: str, style: str, size: int) -> Any:
        assert (content, style) == ("cat", "wave")
        return Image.new("RGB", (size, 30))

    told = worker.answer(paint, asked)
    assert told == {"width": 40, "height": 30, "seconds": 0.5, "cpu_seconds": 2.0}
    with Image.open(out) as painted:
        assert painted.size == (40, 30)


def test_what_cannot_be_painted_is_an_answer() -> None:
    def paint(*_: Any) -> Any:
        raise ValueError("too small")

    asked = {"content": "cat", "style": "wave", "size": 40, "out": None}
    assert worker.answer(paint, asked) == {"error": "ValueError: too small"}
