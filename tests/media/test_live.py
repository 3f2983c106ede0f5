from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from impasto.errors import FilmError
from impasto.media import live as live_module
from impasto.media.film import open_live
from tests.films import card, make_film


def test_frames_come_until_the_stream_ends_the_newest_at_each_turn(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mkv", count=60)
    with open_live(str(film)) as live:
        assert (live.info.height, live.info.width) == (48, 64)
        frames = list(live)
    assert frames
    times = [frame.time for frame in frames]
    assert times == sorted(set(times))
    assert times[0] == 0
    # Whatever was passed over, the last frame was the newest when it was asked for.
    assert abs(frames[-1].pixels.astype(int) - card(59)).mean() < 2


def test_what_gives_nothing_is_told() -> None:
    with pytest.raises(FilmError, match="nothing comes from udp"):
        open_live("udp://127.0.0.1:9?timeout=200000")
    with pytest.raises(FilmError, match="nothing comes from /dev/no-camera"):
        open_live("/dev/no-camera")


def test_a_camera_is_let_go_in_the_middle(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mkv", count=200)
    live = open_live(str(film))
    next(iter(live))
    live.close()
    assert not live._thread.is_alive()


def test_the_fields_of_an_interlaced_stream_become_whole_frames(tmp_path: Path) -> None:
    # The odd lines are those of a later moment, at which the card has moved on.
    combed = card(10, (96, 128))
    combed[1::2] = card(12, (96, 128))[1::2]
    film = make_film(
        tmp_path / "film.mkv",
        pictures=[combed] * 20,
        options={"crf": "10", "x264-params": "interlaced=1:tff=1"},
    )
    with open_live(str(film)) as live:
        assert "its fields become whole frames" in live.notes[0]
        frame = next(iter(live))

    def comb(pixels: np.ndarray) -> float:
        """How much neighbouring lines of the card differ more than every other line."""
        lines = pixels[9:23].astype(int)
        return float(np.abs(np.diff(lines, axis=0)).mean() - np.abs(lines[2:] - lines[:-2]).mean())

    assert comb(combed) > 5
    assert comb(frame.pixels) < comb(combed) / 4


def test_what_goes_wrong_while_reading_on_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = make_film(tmp_path / "film.mkv", count=3)
    error = RuntimeError("not foreseen")

    def breaking(*_: object) -> None:
        raise error

    monkeypatch.setattr(live_module, "decoded", breaking)
    with open_live(str(film)) as live, pytest.raises(RuntimeError, match="not foreseen"):
        list(live)
