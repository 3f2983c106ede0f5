from __future__ import annotations

from typing import Any

import numpy as np

from impasto.arrangements.doodle.planes import parts
from impasto.arrangements.doodle.regions import regions_of
from impasto.imaging import Picture


def test_each_plain_texture_is_a_region_of_its_own(studio: Any) -> None:
    labels = regions_of(studio.painting, fewest=3, most=3)
    assert labels.shape == (64, 96)
    for rows in (np.s_[4:18], np.s_[27:40], np.s_[49:60]):
        assert np.unique(labels[rows]).size == 1
    assert np.unique(labels[[10, 33, 55], 50]).size == 3


def test_the_largest_region_comes_first(studio: Any) -> None:
    counts = np.bincount(regions_of(studio.painting).ravel())
    assert (np.diff(counts) <= 0).all()
    assert counts.min() > 0


def test_no_region_has_a_part_that_is_a_speck(studio: Any) -> None:
    labels = regions_of(studio.painting)
    assert np.bincount(parts(labels).ravel()).min() > 0.003 * labels.size


def test_the_same_painting_gives_the_same_regions(studio: Any) -> None:
    assert (regions_of(studio.painting) == regions_of(studio.painting)).all()


def test_a_painting_of_one_colour_has_regions_too() -> None:
    labels = regions_of(Picture(np.full((40, 60, 3), 90, np.uint8)))
    assert labels.shape == (40, 60)


def test_a_long_thin_painting_is_looked_at() -> None:
    pixels = np.zeros((20, 400, 3), np.uint8)
    pixels[:, 200:] = (250, 200, 30)
    labels = regions_of(Picture(pixels), fewest=2, most=2)
    assert labels[10, 50] != labels[10, 350]
