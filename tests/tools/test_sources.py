from __future__ import annotations

from impasto import samples
from impasto.samples.catalogue import PHOTOGRAPHS
from impasto.samples.paintings import PAINTINGS
from tools.sources import page


def test_every_sample_has_one_line_with_its_caption() -> None:
    lines = page("").splitlines()
    for kind, shows in samples.SHOWS.items():
        for name, words in shows.items():
            assert sum(line.startswith(f"| `{name}.jpg` | {words} |") for line in lines) == 1, kind


def test_licences_deaths_and_origins_are_told() -> None:
    text = page("")
    for photograph in PHOTOGRAPHS.values():
        assert f"| {photograph.origin} | {photograph.licence} |" in text
    for work in PAINTINGS.values():
        assert f"| {work.artist.died} | {work.origin} |" in text


def test_the_notice_stands_below_the_title() -> None:
    assert page("<!-- notice -->").splitlines()[:3] == [
        "# Sources of the sample pictures",
        "",
        "<!-- notice -->",
    ]
