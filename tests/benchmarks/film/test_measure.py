from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from benchmarks.film import frames
from benchmarks.film.card import Card
from benchmarks.film.clips import Clip
from benchmarks.film.measure import FILM, measure
from benchmarks.time_to_quality.judge import Judge
from impasto.errors import InputError

RATE = Fraction(24)


@pytest.fixture
def how(judge_file: Path, texture: Any, tmp_path: Path) -> dict[str, Any]:
    Image.fromarray(texture(64, 64, 9)).save(tmp_path / "wave.png")
    return {"longest": 64, "judge": Judge(judge_file), "style": tmp_path / "wave.png"}


def test_a_copy_has_all_figures_of_the_film_itself(films: Path, how: dict[str, Any]) -> None:
    path = films / "brook.mp4"
    both = measure(Clip("brook", path, RATE), {"copy": path}, **how)
    assert both["copy"] == both[FILM]
    assert both[FILM]["frames"] == 48
    assert both[FILM]["tof"] == 0
    assert both[FILM]["ghost"] is both[FILM]["drift"] is None
    assert both[FILM]["warp_short"] is not None


def test_flicker_shows_in_still_places_and_along_the_motion(
    texture: Any, how: dict[str, Any], tmp_path: Path
) -> None:
    steady = [texture(36, 64, 0) // 2] * 12
    flickers = [frame + np.uint8(20 * (n % 2)) for n, frame in enumerate(steady)]
    frames.write(tmp_path / "steady.mp4", steady, RATE)
    frames.write(tmp_path / "flickers.mp4", flickers, RATE)
    clip = Clip("steady", tmp_path / "steady.mp4", RATE)
    both = measure(clip, {"flickers": tmp_path / "flickers.mp4"}, **how)
    assert both["flickers"]["still"] == pytest.approx(10, abs=1)
    assert both["flickers"]["still_share"] > 0.9
    assert both[FILM]["still"] < 1
    assert both["flickers"]["warp_short"] == pytest.approx(1000 * (20 / 255) ** 2, rel=0.2)
    assert both[FILM]["warp_short"] < 0.1


def test_nothing_is_compared_across_a_cut(
    texture: Any, how: dict[str, Any], tmp_path: Path
) -> None:
    shots = [texture(36, 64, 0)] * 6 + [texture(36, 64, 1)] * 6
    frames.write(tmp_path / "cut.mp4", shots, RATE)
    film = measure(Clip("cut", tmp_path / "cut.mp4", RATE, cuts=(6,)), {}, **how)[FILM]
    assert film["warp_short"] < 0.1
    assert film["warp_long"] < 0.1
    assert film["still_share"] > 0.9


def test_a_blend_leaves_a_ghost_of_the_card(
    card: Card, how: dict[str, Any], tmp_path: Path
) -> None:
    blended = list(card.frames())
    for number in range(1, len(blended)):
        mixed = 0.3 * blended[number - 1] + 0.7 * blended[number]
        blended[number] = mixed.round().astype(np.uint8)
    frames.write(tmp_path / "card.mp4", card.frames(), RATE)
    frames.write(tmp_path / "blend.mp4", blended, RATE)
    clip = Clip("card", tmp_path / "card.mp4", RATE, card=card)
    both = measure(clip, {"blend": tmp_path / "blend.mp4"}, **how)
    assert both["blend"]["ghost"][1] == pytest.approx(0.3, abs=0.06)
    assert both[FILM]["ghost"][1] == pytest.approx(0, abs=0.06)


def test_a_painting_that_darkens_drifts(how: dict[str, Any], tmp_path: Path) -> None:
    levels = [100, 110, 120, 110] * 6
    steady = [np.full((36, 64, 3), level, np.uint8) for level in levels]
    darker = [frame - np.uint8(n // 4) for n, frame in enumerate(steady)]  # 6 levels a second
    frames.write(tmp_path / "long.mp4", steady, RATE)
    frames.write(tmp_path / "darker.mp4", darker, RATE)
    clip = Clip("long", tmp_path / "long.mp4", RATE, period=4)
    both = measure(clip, {"darker": tmp_path / "darker.mp4"}, **how)
    fall, within = both["darker"]["drift"]["L"]
    assert fall == pytest.approx(-360, rel=0.15)
    assert within < 90
    kept, within = both[FILM]["drift"]["L"]
    assert abs(kept) <= within + 15
    assert both[FILM]["warp_short"] is None


def test_a_contender_with_a_style_of_its_own_has_no_distance(
    films: Path, how: dict[str, Any]
) -> None:
    path = films / "garden.mp4"
    clip = Clip("garden", path, RATE)
    both = measure(clip, {"peer": path}, own_style=frozenset({"peer"}), **how)
    assert both["peer"]["style"] is None
    assert both[FILM]["style"] > 0


def test_paintings_of_another_size_or_length_are_told(films: Path, how: dict[str, Any]) -> None:
    clip = Clip("brook", films / "brook.mp4", RATE)
    with pytest.raises(InputError, match=r"garden\.mp4 is 48 x 36 px and its clip 64 x 36 px"):
        measure(clip, {"ours": films / "garden.mp4"}, **how)
    short = films / "short.mp4"
    frames.write(short, [np.zeros((36, 64, 3), np.uint8)] * 3, RATE)
    with pytest.raises(InputError, match=r"short\.mp4 ends after 3 frames"):
        measure(clip, {"ours": short}, **how)
