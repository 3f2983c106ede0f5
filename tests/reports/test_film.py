"""A film of a painting: which frames it has, how long they stay, and how large its file is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from impasto.errors import OutputError
from impasto.events import Event, Finished, Part, Preview, Started
from impasto.reports import Film, film
from impasto.reports.film import FILM_FORMATS, MOST_FRAMES, check_film, preview_every


def grey(level: int, size: tuple[int, int] = (24, 16)) -> Image.Image:
    return Image.new("RGB", size, (level, level, level))


def film_of(*levels: int) -> Film:
    made = Film()
    for level in levels:
        made.add(grey(level))
    return made


def noise(seed: int, side: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8))


def levels_of(path: Path) -> list[int]:
    """The level of the upper left pixel in each frame."""
    with Image.open(path) as opened:
        frames = [frame.convert("RGB") for frame in ImageSequence.Iterator(opened)]
    return [np.asarray(frame)[0, 0, 0] for frame in frames]


@pytest.mark.parametrize("ending", FILM_FORMATS)
def test_a_film_goes_from_the_first_picture_to_the_last_and_begins_anew(
    ending: str, tmp_path: Path
) -> None:
    path = film_of(0, 100, 200).save(tmp_path / f"film{ending.upper()}")
    assert np.allclose(levels_of(path), [0, 100, 200], atol=4)
    with Image.open(path) as opened:
        assert opened.size == (24, 16)
        assert opened.info["loop"] == 0
        times = []
        for frame in ImageSequence.Iterator(opened):
            frame.load()
            times.append(frame.info["duration"])
    assert times == [film.FIRST_MS, film.FRAME_MS, film.LAST_MS]


def test_what_looks_like_the_frame_before_is_left_out_unless_it_is_the_last() -> None:
    assert len(film_of(0, 0, 0, 50, 50)) == 3  # the last one stays longest
    assert len(film_of(0, 50)) == 2
    assert len(film_of(7)) == 1


def test_of_many_pictures_few_are_kept_even_over_what_changes(tmp_path: Path) -> None:
    made = Film()
    for level in (*range(0, 250), *[250] * 500):
        made.add(grey(level))
        assert len(made) <= MOST_FRAMES
    kept = levels_of(made.save(tmp_path / "film.webp"))
    assert MOST_FRAMES // 2 <= len(kept) <= MOST_FRAMES
    assert np.allclose((kept[0], kept[-1]), (0, 250), atol=5)
    gaps = np.diff(np.asarray(kept, int))[:-1]
    assert gaps.max() <= 2 * gaps.min() + 4  # WebP keeps levels but nearly


def test_pictures_are_as_large_as_the_first_and_never_above_the_longest() -> None:
    made = Film()
    made.add(grey(0, (2048, 1024)))
    made.add(grey(90, (64, 32)))
    assert made.size == (film.LONGEST_PX, film.LONGEST_PX // 2)
    assert len(made) == 2
    small = Film()
    assert small.size == (0, 0)
    small.add(grey(0, (20, 10)))
    small.add(grey(90, (400, 200)))
    assert small.size == (20, 10)


def test_what_the_photograph_hides_is_white_in_every_frame(tmp_path: Path) -> None:
    sticker = grey(40).convert("RGBA")
    sticker.putalpha(Image.new("L", sticker.size, 0))
    made = Film()
    made.add(sticker)
    made.add(grey(120))  # a preview has no transparency
    assert levels_of(made.save(tmp_path / "film.gif")) == [255]


def test_a_film_takes_the_pictures_among_the_events() -> None:
    made = Film()
    events: list[Event] = [Started(2), Part("tile", 1, 1), Preview(1, grey(0))]
    for event in [*events, Finished(2, grey(99), 0.1)]:
        made(event)
    assert len(made) == 2


def test_a_film_that_would_be_too_large_is_smaller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Film()
    for seed in range(3):
        made.add(noise(seed, 96))
    whole = made.save(tmp_path / "whole.gif").stat().st_size
    monkeypatch.setattr(film, "LARGEST_BYTES", whole // 2)
    path = made.save(tmp_path / "small.gif")
    assert path.stat().st_size <= whole // 2
    with Image.open(path) as opened:
        assert 48 <= opened.width < 96


@pytest.mark.parametrize("ending", FILM_FORMATS)
def test_equal_pictures_make_equal_files(ending: str, tmp_path: Path) -> None:
    one, other = (film_of(0, 99).save(tmp_path / f"{name}{ending}") for name in "ab")
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", ["painting.mp4", "painting.png", "painting"])
def test_another_format_is_refused_by_name(name: str) -> None:
    with pytest.raises(OutputError, match=rf"{name} has no format .*\.gif or \.webp"):
        check_film(Path(name))


def test_a_film_without_frames_and_one_without_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="has no frames"):
        Film().save(tmp_path / "film.gif")
    with pytest.raises(OutputError, match=r"the film .* cannot be written \(no such file"):
        film_of(0, 9).save(tmp_path / "nowhere" / "film.gif")


@pytest.mark.parametrize("steps", [1, 60, 250, 500, 5000])
def test_previews_for_a_film_are_more_than_its_frames_and_few(steps: int) -> None:
    previews = steps // preview_every(steps)
    assert min(steps, MOST_FRAMES) <= previews <= film.MOST_PREVIEWS


def test_a_film_needs_no_torch() -> None:
    code = (
        "import sys; from impasto.reports import Film; from PIL import Image;"
        "Film().add(Image.new('RGB', (4, 4))); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
