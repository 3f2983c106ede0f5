from __future__ import annotations

from pathlib import Path

import pytest

from impasto.errors import FilmError
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
