from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from impasto.errors import OutputError
from impasto.media.room import check_room, estimate_bytes


def test_twice_the_frames_take_twice_the_room() -> None:
    one, two = (estimate_bytes((360, 640), frames, "h264") for frames in (1000, 2000))
    assert two == pytest.approx(2 * one, abs=2)


def test_six_steps_of_crf_halve_it() -> None:
    fine, coarse = (estimate_bytes((360, 640), 1000, "h264", crf=crf) for crf in (18, 24))
    assert fine == pytest.approx(2 * coarse, rel=1e-6)


def test_a_film_that_would_not_fit_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000_000))
    check_room(9_000_000, [tmp_path / "film.mp4"])
    with pytest.raises(OutputError, match=r"about 20 MB, and the disk of .* has 10 MB free"):
        check_room(20_000_000, [tmp_path / "not" / "there" / "film.mp4"])
