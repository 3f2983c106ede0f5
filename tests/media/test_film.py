from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from impasto.errors import OutputError
from impasto.media.film import check_output, open_sink, output_kind
from tests.films import make_film


def test_a_name_says_what_is_written(tmp_path: Path) -> None:
    kinds = {
        "out.mp4": "film",
        "OUT.MKV": "film",
        "out.webp": "animation",
        "out": "pictures",
        "f-%d.png": "pictures",
    }
    assert {name: output_kind(tmp_path / name) for name in kinds} == kinds
    assert output_kind(tmp_path) == "pictures"


@pytest.mark.parametrize(
    ("name", "codec", "words"),
    [
        ("out.mp4", "prores", r"ends in \.mov or \.mkv"),
        ("out.mov", "ffv1", r"ends in \.mkv"),
        ("out.txt", "h264", "no film that can be written"),
    ],
)
def test_a_name_that_does_not_fit_is_refused(name: str, codec: str, words: str) -> None:
    with pytest.raises(OutputError, match=words):
        check_output(name, codec)


def test_a_film_is_no_sink() -> None:
    with pytest.raises(OutputError, match="write its parts"):
        open_sink("out.mp4", (48, 64))


def test_no_codec_library_is_loaded_before_a_film_is_opened() -> None:
    code = (
        "import sys, impasto.media.film; sys.exit(bool({'av', 'cv2', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (240, 320, 3), dtype=np.uint8)
    film = make_film(
        tmp_path / "film.mkv",
        pictures=[picture] * 400,
        times=[Fraction(n, 25) for n in range(400)],
    )
    code = f"""
import resource
from pathlib import Path
from impasto.media.film import open_source
most = []
for number, _ in enumerate(open_source(Path({str(film)!r}))):
    if number in (50, 399):
        most.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(most[1] - most[0])
"""
    # In a process of its own: this one's peak is that of all tests before.
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    # 349 frames of 230 kB would be 80 MB more.
    assert int(run.stdout) * 1024 < 20e6


def test_an_output_with_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(OutputError, match="too long a name"):
        check_output("x" * 300 + ".mp4", "h264")
