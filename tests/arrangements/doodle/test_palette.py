from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from impasto.arrangements.doodle.match import matched
from impasto.arrangements.doodle.palette import SEEN, palette_of, parts_of
from impasto.arrangements.doodle.quantise import quantised
from impasto.arrangements.doodle.regions import MOST_PX, map_size
from impasto.errors import PictureError
from impasto.imaging import Picture


def test_a_label_map_gives_its_own_colours(studio: Any) -> None:
    colours = palette_of(studio.painting, studio.labels)
    assert {colour.hex for colour in colours} == {"#ffffff", "#0000ff", "#ff0000"}
    by_hex = {colour.hex: colour for colour in colours}
    assert by_hex["#0000ff"].word == "blue"
    assert sum(colour.share for colour in colours) == pytest.approx(1)
    x, y = by_hex["#ff0000"].place
    assert 44 / 64 < y < 1
    assert 0 < x < 1


def test_found_regions_have_colours_that_a_drawing_can_tell(studio: Any) -> None:
    parts = parts_of(studio.painting, regions=3)
    assert parts.found
    drawing = np.array(
        [
            [int(colour.hex[n : n + 2], 16) for n in (1, 3, 5)]
            for colour in palette_of(studio.painting)
        ],
        np.uint8,
    )
    page = np.repeat(np.repeat(drawing[None], 24, 0), 24, 1)
    flat = quantised(Picture(page))
    assert len(flat.hexes) == len(drawing)
    known = parts_of(studio.painting)
    matching = matched(flat.colours, known.colours)
    assert sorted(matching.regions) == list(range(len(drawing)))
    assert max(matching.distances) < 0.02


def test_a_map_of_another_ratio_is_refused(studio: Any) -> None:
    with pytest.raises(PictureError, match=r"64 x 64 px.*96 x 64 px.*give a mask of that ratio"):
        parts_of(studio.painting, Picture(np.zeros((64, 64, 3), np.uint8)))


def test_a_map_of_another_size_fits(studio: Any) -> None:
    small = Picture(studio.labels.pixels[::2, ::2])
    parts = parts_of(studio.painting, small)
    assert parts.labels.shape == (64, 96)
    assert (np.bincount(parts.labels.ravel()) > 0).all()


def test_a_photograph_as_a_map_is_told(studio: Any) -> None:
    ramp = np.linspace(0, 255, 96).astype(np.uint8)
    shaded = Picture(
        np.stack([np.tile(ramp, (64, 1)), np.tile(ramp[::-1], (64, 1))] * 2, -1)[..., :3]
    )
    assert "looks like a photograph" in parts_of(studio.painting, shaded).notes[0]


def test_a_sample_has_a_palette_by_its_name() -> None:
    colours = palette_of("woodcut")
    assert 2 <= len(colours) <= 8
    assert colours[0].share >= colours[-1].share


def test_a_large_painting_has_the_colours_that_it_has_small(studio: Any) -> None:
    large = Picture(studio.painting.pixels.repeat(40, 0).repeat(40, 1))
    assert max(large.height, large.width) > SEEN
    assert large.height * large.width > MOST_PX
    small_parts = parts_of(studio.painting, studio.labels)
    parts = parts_of(large, studio.labels)
    assert parts.labels.shape == map_size(large.height, large.width)
    np.testing.assert_allclose(parts.paints, small_parts.paints, atol=0.02)
    for one, other in zip(
        palette_of(large, studio.labels), palette_of(studio.painting, studio.labels), strict=True
    ):
        assert (one.hex, one.place) == (other.hex, pytest.approx(other.place, abs=0.03))
