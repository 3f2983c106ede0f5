from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.film import frames
from benchmarks.film.clips import Clip
from benchmarks.film.contenders import Contender, contenders, paint
from impasto.errors import ImpastoError
from impasto.samples import style

COPY = "import shutil, sys; shutil.copy(sys.argv[1], sys.argv[2])"


def copier(code: str = COPY) -> Contender:
    return Contender(
        "copier",
        lambda film, _, out: [sys.executable, "-S", "-c", code, str(film), str(out)],
    )


@pytest.fixture
def clip(films: Path) -> Clip:
    return Clip("brook", films / "brook.mp4", Fraction(24))


def test_each_contender_has_a_command_with_film_style_and_output() -> None:
    known = contenders(640, 1, "peer-python")
    film, style, out = Path("film.mp4"), Path("wave.jpg"), Path("out.mp4")
    for name, one in known.items():
        command = one.command(film, style, out)
        assert {"film.mp4", "out.mp4", "640"} <= {*command}
        assert ("wave.jpg" in command) is not one.own_style
        assert command[0] == ("peer-python" if name.startswith("peer") else sys.executable)


def test_a_painting_comes_with_its_cost(clip: Clip, tmp_path: Path) -> None:
    out, cost = paint(copier(), clip, Path("wave.jpg"), tmp_path / "copier", reuse=False)
    assert out.read_bytes() == clip.path.read_bytes()
    assert cost.keys() == {"seconds", "cpu_seconds", "peak_mb"}
    assert 1 < cost["peak_mb"] < 500


def test_a_painting_is_kept_only_if_the_same_command_left_it(clip: Clip, tmp_path: Path) -> None:
    out, cost = paint(copier(), clip, Path("wave.jpg"), tmp_path, reuse=True)
    out.write_bytes(b"kept")
    assert paint(copier(), clip, Path("wave.jpg"), tmp_path, reuse=True) == (out, cost)
    assert out.read_bytes() == b"kept"
    paint(copier(f"{COPY}  # otherwise"), clip, Path("wave.jpg"), tmp_path, reuse=True)
    assert out.read_bytes() != b"kept"


def test_a_contender_that_fails_is_told_and_leaves_no_older_painting(
    clip: Clip, tmp_path: Path
) -> None:
    out, _ = paint(copier(), clip, Path("wave.jpg"), tmp_path, reuse=False)
    with pytest.raises(ImpastoError, match=r"copier cannot paint brook: .* ended with 3"):
        paint(copier("raise SystemExit(3)"), clip, Path("wave.jpg"), tmp_path, reuse=True)
    assert not out.exists()
    with pytest.raises(ImpastoError, match=r"copier painted no .*brook\.mp4: it wrote ''"):
        paint(copier("pass"), clip, Path("wave.jpg"), tmp_path, reuse=False)


def test_each_frame_is_painted_alone(texture: Any, tmp_path: Path) -> None:
    one, other = (texture(36, 64, seed) for seed in (0, 1))
    frames.write(tmp_path / "film.mp4", [one, other, one], Fraction(24))
    clip = Clip("film", tmp_path / "film.mp4", Fraction(24))
    alone = contenders(64, 1, "")["alone"]
    out, _ = paint(alone, clip, style("great-wave"), tmp_path / "alone", reuse=False)
    painted = [frame.astype(int) for frame in frames.read(out)]
    assert [frame.shape for frame in painted] == [(36, 64, 3)] * 3
    # What came before leaves no trace.
    assert np.abs(painted[2] - painted[0]).mean() < 0.2 * np.abs(painted[1] - painted[0]).mean()
    assert frames.rate_of(out) == 24
