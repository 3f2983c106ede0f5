from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto.errors import OutputError, SettingError
from impasto.media.film import probe
from impasto.workflows.film.ask import asked, asked_steady
from tests.taught import write_taught

Films = Callable[..., Path]


def numbered(folder: Path, count: int = 3) -> Path:
    """A folder of pictures of 8 x 6 px."""
    folder.mkdir()
    for number in range(1, count + 1):
        Image.fromarray(np.zeros((6, 8, 3), np.uint8)).save(folder / f"{number}.png")
    return folder


def test_a_steady_film_does_not_take_the_place_of_its_original(film: Films) -> None:
    painted, original = film(name="painted.mp4"), film(name="original.mp4")
    with pytest.raises(OutputError, match=r"original.mp4 is one of the inputs"):
        asked_steady(painted, original, original)


@pytest.mark.parametrize("output", ["", "%d.png", "1.png"])
def test_steady_pictures_do_not_take_the_place_of_those_of_the_original(
    tmp_path: Path, output: str
) -> None:
    painted, original = numbered(tmp_path / "painted"), numbered(tmp_path / "original")
    with pytest.raises(OutputError, match=r"has the pictures of the film|is one of the inputs"):
        asked_steady(painted, original, original / output)


def test_what_a_network_was_taught_is_blended_as_settings_say(film: Films, tmp_path: Path) -> None:
    network = write_taught(tmp_path / "own.safetensors")
    order = asked(film(), None, tmp_path / "out.mp4", model=str(network), style_blend=[1, 3])
    assert order.settings.style_blend == (1, 3)
    with pytest.raises(SettingError, match="style_blend has 3 shares for 2 styles"):
        asked(film(), ["swirls", "woodcut"], tmp_path / "out.mp4", style_blend=[1, 2, 3])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rate": float("nan")}, "the rate is nan: give a number"),
        ({"rate": 1e-9}, "the rate is 1e-09 frames a second: give 0.01 to 1000"),
        ({"rate": -1}, "the rate is -1 frames a second"),
        ({"start": float("inf")}, "start is inf: give a number"),
        ({"style_at": {"x": "woodcut"}}, "a time of style_at is 'x': give a number"),
    ],
)
def test_numbers_that_are_none_are_refused_with_their_value(
    film: Films, tmp_path: Path, wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingError, match=re.escape(message)):
        asked(film(), "swirls", tmp_path / "out.mp4", **wrong)


@pytest.mark.parametrize("output", ["out.gif", "out", "out/%d.png", None])
def test_a_codec_is_refused_where_the_output_is_no_film(
    film: Films, tmp_path: Path, output: str | None
) -> None:
    place = None if output is None else tmp_path / output
    with pytest.raises(OutputError, match=r"codec is prores, and .* is no film"):
        asked(film(), "swirls", place, codec="prores")
    order = asked(film(), "swirls", place)
    assert order.codec == ("h264" if output is None else "ffv1")


def test_numbered_pictures_are_steadied_at_the_rate_of_their_original(
    film: Films, tmp_path: Path
) -> None:
    times = [Fraction(n, 10) for n in range(6)]
    painted, original = numbered(tmp_path / "painted"), film(3, 3, times=times)
    rate = probe(original).rate
    assert rate != 25  # that of pictures without an original
    assert asked_steady(painted, original, tmp_path / "a.mp4").rate == rate
    assert asked_steady(painted / "%d.png", original, tmp_path / "a.mp4").rate == rate
    assert asked_steady(original, original, tmp_path / "a.mp4").rate is None


@pytest.mark.parametrize("wrong", [{"flat_colors": 8}, {"lines": 0.5}])
def test_what_is_drawn_on_each_frame_anew_is_refused(
    film: Films, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(SettingError, match="would change from frame to frame: set it to 0"):
        asked(film(), "swirls", tmp_path / "out.mp4", **wrong)
