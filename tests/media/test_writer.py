from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from impasto.errors import FilmError, OutputError, UnknownNameError
from impasto.media.codec import CODECS
from impasto.media.flow import opencv
from impasto.media.frame import Frame
from impasto.media.parts import frames_of, last_picture
from impasto.media.writer import SegmentWriter
from tests.films import card

NTSC = Fraction(30_000, 1001)
SHAPE = (48, 64)


def frames(count: int = 10, shape: tuple[int, int] = SHAPE, start: int = 0) -> list[Frame]:
    return [Frame(card(n, shape), n / NTSC, 1 / NTSC) for n in range(start, start + count)]


def write(path: Path, pictures: list[Frame], **options: object) -> Path:
    shape = pictures[0].pixels.shape[:2]
    with SegmentWriter(path, shape, rate=NTSC, **options) as writer:
        for frame in pictures:
            writer.add(frame)
    return path


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("start", [0, 100_000])
def test_times_are_kept_exactly_however_late(tmp_path: Path, codec: str, start: int) -> None:
    given = frames(start=start)
    part = write(tmp_path / "part", given, codec=codec)
    assert [frame.time for frame in frames_of([part])] == [frame.time for frame in given]


def textured(count: int) -> list[Frame]:
    """A rough cloth that moves and changes, on which an encoder has choices to make."""
    random = np.random.default_rng(0)
    cloth = random.integers(0, 256, (12, 16, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    return [
        Frame(
            np.roll(cloth, n, 1) // 2 + random.integers(0, 40, cloth.shape, dtype=np.uint8),
            n / NTSC,
            1 / NTSC,
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("codec", CODECS)
def test_the_same_frames_give_the_same_bytes(tmp_path: Path, codec: str) -> None:
    given, rubbish = textured(12), np.random.default_rng(1)
    results = set()
    for size in (1_000, 50_000, 400_000, 2_000_000) * 3:
        # What lies in memory from before must not matter.
        _ = [rubbish.integers(0, 256, size, dtype=np.uint8) for _ in range(4)]
        results.add(write(tmp_path / "part", given, codec=codec).read_bytes())
    assert len(results) == 1


@pytest.mark.parametrize("shape", [SHAPE, (33, 47)])
def test_ffv1_loses_nothing(tmp_path: Path, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    given = [Frame(noise, Fraction(0), 1 / NTSC)]
    part = write(tmp_path / "part", given, codec="ffv1")
    (frame,) = frames_of([part])
    assert np.array_equal(frame.pixels, noise)


def test_odd_sides_are_made_even_by_their_border_with_a_note(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path / "part", (33, 47), rate=NTSC)
    assert "47 x 33 px become 48 x 34" in writer.notes[0]
    with writer:
        writer.add(frames(1, (33, 47))[0])
    (frame,) = frames_of([tmp_path / "part"])
    assert frame.pixels.shape == (34, 48, 3)
    assert np.abs(frame.pixels[33].astype(int) - frame.pixels[32]).max() <= 6


@pytest.mark.parametrize("codec", ["h264", "prores"])
def test_colours_are_named_in_tags(tmp_path: Path, codec: str) -> None:
    part = write(tmp_path / "part", frames(2), codec=codec)
    with av.open(str(part)) as film:
        context = film.streams.video[0].codec_context
        tags = (context.color_range, context.colorspace)
        assert (*tags, context.color_primaries, context.color_trc) == (1, 1, 1, 1)


def test_an_error_leaves_no_file_and_the_one_before(tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_text("before")
    with pytest.raises(FilmError, match="one size"):
        write(part, [*frames(5), *frames(1, (50, 64))])
    other = SegmentWriter(part, SHAPE, rate=NTSC)
    other.add(frames()[0])
    other.abandon()
    assert part.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["part"]


def test_no_frame_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FilmError, match="would hold no frame"):
        SegmentWriter(tmp_path / "part", SHAPE, rate=NTSC).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limit of a file's size")
@pytest.mark.parametrize("codec", CODECS)
def test_a_full_disk_is_told_and_leaves_no_file(tmp_path: Path, codec: str) -> None:
    part = str(tmp_path / "part")
    code = f"""
import resource, signal
from fractions import Fraction
import numpy as np
from impasto.errors import OutputError
from impasto.media.frame import Frame
from impasto.media.writer import SegmentWriter

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write that goes too far is an error
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
noise = np.random.default_rng(0).integers(0, 256, (240, 320, 3), dtype=np.uint8)
try:
    writer = SegmentWriter({part!r}, (240, 320), rate=Fraction(25), codec={codec!r})
    with writer:
        for n in range(60):
            writer.add(Frame(np.roll(noise, n, 0), Fraction(n, 25), Fraction(1, 25)))
except OutputError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.endswith("choose another place or make room\n")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_codec_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="h264, prores, ffv1"):
        SegmentWriter(tmp_path / "part", SHAPE, rate=NTSC, codec="h265")


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    shutil.rmtree(folder)
    with pytest.raises(OutputError, match="cannot be written"):
        SegmentWriter(folder / "part", SHAPE, rate=NTSC)


def cloth(count: int, start: int = 0) -> list[Frame]:
    """A rough cloth that lies still, with the grain of a camera over it, 64 x 48 px."""
    random = np.random.default_rng(start)
    blots = np.random.default_rng(7).normal(size=SHAPE).astype(np.float32)
    still = (128 + 90 * opencv().GaussianBlur(blots, (0, 0), 1.5))[..., None].clip(20, 235)
    return [
        Frame(
            (still + random.integers(-3, 4, (*SHAPE, 1))).repeat(3, -1).astype(np.uint8),
            Fraction(n, 25),
            Fraction(1, 25),
        )
        for n in range(start, start + count)
    ]


def jump(one: Path, other: Path) -> float:
    """Levels from the last picture of a part to the first of the next."""
    first = next(frames_of([other])).pixels.astype(int)
    return float(np.abs(first - last_picture(one, SHAPE)).mean())


def test_a_part_that_goes_on_from_another_begins_without_a_jump(tmp_path: Path) -> None:
    before, anew = write(tmp_path / "0", cloth(20)), write(tmp_path / "anew", cloth(4, 20))
    after = write(tmp_path / "1", cloth(4, 20), after=last_picture(before, SHAPE))
    assert jump(before, after) < jump(before, anew) / 3


@pytest.mark.parametrize("codec", ["ffv1", "prores"])
def test_a_picture_that_is_coded_by_itself_as_all_others_is_not_changed(
    tmp_path: Path, codec: str
) -> None:
    last = np.full((*SHAPE, 3), 130, np.uint8)
    parts = [
        write(tmp_path / str(after is None), cloth(2), codec=codec, after=after)
        for after in (None, last)
    ]
    one, other = (list(frames_of([part])) for part in parts)
    assert all((a.pixels == b.pixels).all() for a, b in zip(one, other, strict=True))


def test_the_last_picture_of_a_part_has_the_size_of_its_frames(tmp_path: Path) -> None:
    part = write(tmp_path / "part", frames(3, (47, 63)))
    assert last_picture(part, (47, 63)).shape == (47, 63, 3)
    lossless = write(tmp_path / "lossless", frames(3), codec="ffv1")
    assert (last_picture(lossless, SHAPE) == frames(3)[-1].pixels).all()
