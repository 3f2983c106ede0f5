from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter

from impasto.media.colour import UNSAID, from_pixels, to_pixels
from impasto.media.reader import FilmReader
from tests.films import make_film

COLOURS = [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (128, 128, 128)]
COLOURS += [(40, 90, 200), (250, 250, 5)]


def chart() -> np.ndarray:
    """Patches of 16 px, so that coarse chroma blurs only their borders."""
    patches = np.array(COLOURS, np.uint8)[None]
    return patches.repeat(32, 0).repeat(16, 1)


@pytest.mark.parametrize("full_range", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("matrix", [1, 5], ids=["bt709", "bt601"])
@pytest.mark.parametrize("layout", ["yuv420p", "yuv444p"])
def test_levels_come_back_within_2(
    tmp_path: Path, full_range: bool, matrix: int, layout: str
) -> None:
    film = make_film(
        tmp_path / "chart.mp4",
        pictures=[chart()] * 3,
        full_range=full_range,
        matrix=matrix,
        layout=layout,
        options={"crf": "1"},
    )
    with av.open(str(film)) as container:
        assert container.streams.video[0].codec_context.color_range == 1 + full_range
    for frame in FilmReader(film):
        levels = frame.pixels[16, 8::16].astype(int)
        assert np.abs(levels - np.array(COLOURS)).max() <= 2


@pytest.mark.parametrize(("lines", "matrix"), [(48, 5), (720, 1)], ids=["bt601", "bt709"])
def test_a_film_that_names_no_matrix_is_taken_by_its_lines(lines: int, matrix: int) -> None:
    scaler, green = VideoReformatter(), (30, 220, 40)
    frame = from_pixels(np.full((lines, 64, 3), green, np.uint8), "yuv420p", scaler, matrix=matrix)
    frame.colorspace, frame.color_range = UNSAID, 0
    level = to_pixels(frame, scaler, (lines, 64))[20, 30].astype(int)
    assert np.abs(level - green).max() <= 2
    frame.colorspace = {1: 6, 5: 1}[matrix]  # the other one, told wrongly
    assert np.abs(to_pixels(frame, scaler, (lines, 64))[20, 30].astype(int) - green).max() > 5


@pytest.mark.parametrize(("curve", "white"), [(16, 573), (18, 721)], ids=["PQ", "HLG"])
def test_the_white_of_an_hdr_film_is_white(curve: int, white: int) -> None:
    # BT.2408: 203 cd/m2 are 58 % of the signal of PQ and 75 % of that of HLG, in 10 bits.
    frame = av.VideoFrame(64, 48, "yuv420p10le")
    for plane, level in zip(frame.planes, (white, 512, 512), strict=True):
        plane.update(np.full(plane.buffer_size // 2, level, np.uint16).tobytes())
    frame.colorspace, frame.color_range = 9, 1
    frame.color_primaries, frame.color_trc = 9, curve
    pixels = to_pixels(frame, VideoReformatter(), (48, 64))
    assert np.ptp(pixels) <= 2
    assert pixels.min() >= 200
