from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks.one_pass import cost
from benchmarks.one_pass.sides import Side
from benchmarks.quality.pairs import Pair
from impasto.errors import ImpastoError

PEER = Side("peer", sys.executable)


def test_seconds_are_told_of_a_picture_and_of_a_megapixel() -> None:
    half = {"width": 1000, "height": 500, "seconds": 1.0, "cpu_seconds": 2.0}
    whole = {"width": 1000, "height": 1000, "seconds": 4.0, "cpu_seconds": 4.0}
    told = cost.summary([half, whole])
    assert told["seconds"] == {"median": 2.5, "min": 1.0, "max": 4.0}
    assert told["seconds_a_megapixel"] == {"median": 3.0, "min": 2.0, "max": 4.0}
    assert told["cpu_seconds_a_megapixel"] == {"median": 4.0, "min": 4.0, "max": 4.0}


def test_twice_and_half_as_long_are_as_long_on_average() -> None:
    one, two = ({"seconds": s, "cpu_seconds": 1.0} for s in (1.0, 2.0))
    told = cost.over_peer({"ours": [one, two], "peer": [two, one]})
    assert told == {"seconds": 1.0, "cpu_seconds": 1.0}


@pytest.mark.parametrize(
    ("shape", "longest"), [((4000, 2000), 2000), ((2000, 4000), 2000), ((40, 30), 40)]
)
def test_a_large_picture_has_two_megapixels_if_its_photograph_has(
    tmp_path: Path, shape: tuple[int, int], longest: int
) -> None:
    pairs = []
    for name, size in {"small": (20, 10), "large": shape}.items():
        path = tmp_path / f"{name}.png"
        Image.new("L", size).save(path)
        pairs.append(Pair(path, path))
    assert cost.large_size(pairs) == (pairs[1], longest)


@pytest.mark.usefixtures("peer")
def test_a_process_of_its_own_tells_its_peak_and_its_seconds(stage: Any) -> None:
    pair = Pair(stage.contents / "cat.png", stage.styles / "wave.png")
    told = cost.large(PEER, pair, size=48, threads=1, times=2)
    assert (told["pair"], told["width"], told["height"]) == ("cat in wave", 48, 36)
    assert told["pixels_a_second"]["min"] > 0
    assert 5 < told["peak_mb"] < 500
    out = stage.contents.parent / "first.png"
    seconds = cost.fresh(PEER, pair, size=48, threads=1, times=2, out=out)
    assert 0 < seconds["min"] <= seconds["median"] <= seconds["max"]
    assert out.exists()


def test_a_process_that_fails_is_told(stage: Any) -> None:
    pair = Pair(stage.contents / "cat.png", stage.styles / "wave.png")
    with pytest.raises(ImpastoError, match="the process of peer failed"):
        cost.large(PEER, pair, size=48, threads=1, times=1)
