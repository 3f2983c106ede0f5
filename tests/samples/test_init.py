"""The pictures that ship with the package."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from PIL import Image

from impasto import samples
from impasto.errors import UnknownNameError

EVERY = [samples.content(name) for name in samples.names("content")] + [
    samples.style(name) for name in samples.names("style")
]


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_sample_is_an_rgb_picture_of_300_px_or_more(path: Path) -> None:
    with Image.open(path) as picture:
        picture.load()
        assert picture.mode == "RGB"
        assert min(picture.size) >= 300
        assert max(picture.size) <= 640


def test_there_are_three_photographs_and_at_least_six_styles() -> None:
    assert samples.names("content") == ("astronaut", "chelsea", "coffee")
    assert len(samples.names("style")) >= 6
    assert list(samples.names("style")) == sorted(samples.names("style"))


def test_all_samples_together_stay_below_two_megabytes() -> None:
    assert 0 < sum(path.stat().st_size for path in EVERY) < 2_000_000


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="chelsea") as error:
        samples.content("chelsey")
    assert all(name in str(error.value) for name in samples.names("content"))
    with pytest.raises(UnknownNameError, match="swirls"):
        samples.style("../content/chelsea")


@pytest.mark.parametrize("kind", samples.SHOWS)
def test_every_sample_has_a_file_and_every_file_a_name(kind: samples.Kind) -> None:
    folder = samples.path_of(kind, samples.names(kind)[0]).parent
    assert sorted(path.stem for path in folder.glob("*.jpg")) == list(samples.names(kind))


@pytest.mark.parametrize("kind", samples.SHOWS)
def test_every_sample_is_on_record_in_the_same_words(kind: samples.Kind) -> None:
    record = (Path(str(files(samples))) / "SOURCES.md").read_text(encoding="utf-8")
    rows = [f"| `{name}.jpg` | {shows} |" for name, shows in samples.SHOWS[kind].items()]
    assert [row for row in rows if row not in record] == []


def test_asking_for_a_sample_loads_neither_torch_nor_pillow() -> None:
    code = (
        "import sys; from impasto import samples; samples.style('swirls'); "
        "print(sorted({'torch', 'PIL', 'numpy'} & set(sys.modules)))"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert process.stdout.strip() == "[]"
