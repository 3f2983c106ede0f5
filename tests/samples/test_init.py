"""The pictures that ship with the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from impasto import samples
from impasto.errors import UnknownNameError
from impasto.samples.catalogue import DRAWINGS, PHOTOGRAPHS
from impasto.samples.paintings import PAINTINGS

EVERY = [samples.content(name) for name in samples.names("content")] + [
    samples.style(name) for name in samples.names("style")
]


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_every_sample_is_an_rgb_picture_of_300_px_or_more(path: Path) -> None:
    with Image.open(path) as picture:
        picture.load()
        assert picture.mode == "RGB"
        assert min(picture.size) >= 300
        assert max(picture.size) <= 768
        assert not picture.getexif()


def test_of_the_styles_the_works_of_the_past_come_first() -> None:
    assert samples.names("style") == (*PAINTINGS, *DRAWINGS)
    assert len(PAINTINGS) >= 14
    assert samples.names("content") == tuple(sorted(PHOTOGRAPHS))


def test_styles_together_stay_below_three_megabytes_and_photographs_below_half_of_one() -> None:
    sizes = dict.fromkeys(samples.SHOWS, 0)
    for path in EVERY:
        sizes[path.parent.name] += path.stat().st_size
    assert 0 < sizes["style"] < 3_000_000
    assert 0 < sizes["content"] < 500_000


def test_a_caption_is_in_either_language() -> None:
    assert samples.caption("style", "irises") == "Irises, Vincent van Gogh, 1889"
    assert samples.caption("style", "irises", "zh") == "《鸢尾花》，文森特·梵高，1889 年"
    assert samples.caption("content", "coffee") == samples.SHOWS["content"]["coffee"]
    with pytest.raises(UnknownNameError, match="starry-night"):
        samples.caption("style", "sunflowers")


def test_highlights_are_a_few_of_the_styles_each_once() -> None:
    assert set(samples.HIGHLIGHTS) < set(samples.names("style"))
    assert len(set(samples.HIGHLIGHTS)) == len(samples.HIGHLIGHTS) == 8


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="chelsea") as error:
        samples.content("chelsey")
    assert all(name in str(error.value) for name in samples.names("content"))
    with pytest.raises(UnknownNameError, match="swirls"):
        samples.style("../content/chelsea")


@pytest.mark.parametrize("kind", samples.SHOWS)
def test_every_sample_has_a_file_and_every_file_a_name(kind: samples.Kind) -> None:
    folder = samples.path_of(kind, samples.names(kind)[0]).parent
    assert {path.stem for path in folder.glob("*.jpg")} == set(samples.names(kind))


def test_asking_for_a_sample_loads_neither_torch_nor_pillow() -> None:
    code = (
        "import sys; from impasto import samples; samples.style('swirls'); "
        "print(sorted({'torch', 'PIL', 'numpy'} & set(sys.modules)))"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert process.stdout.strip() == "[]"
