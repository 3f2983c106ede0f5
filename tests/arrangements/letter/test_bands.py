"""Which bands there are, and which layers see no more than one."""

from __future__ import annotations

import numpy as np

from impasto.arrangements.letter.bands import Band, bands_between, layers_within

LINE = np.tile(np.arange(-10, 60, dtype=np.float32) / 10, (20, 1))
LAYERS = {"relu1_1": 1.0, "relu2_1": 2.0, "relu5_1": 3.0}


def test_bands_do_not_overlap_and_leave_nothing_out() -> None:
    bands = list(bands_between(LINE, LINE, 3.0, with_ground=True))
    assert (np.stack([band.where for band in bands]).sum(0) == 1).all()


def test_without_the_ground_they_end_with_the_reach() -> None:
    bands = list(bands_between(LINE, LINE, 3.0, with_ground=False))
    covered = np.stack([band.where for band in bands]).any(0)
    assert np.array_equal(covered, LINE < 3)


def test_a_band_of_too_few_pixels_goes_with_its_neighbour() -> None:
    thin = np.where(LINE < -0.5, np.float32(-0.4), LINE)  # nothing is deep inside
    bands = list(bands_between(thin, LINE, 3.0, with_ground=False))
    assert len(bands) == 4
    assert bands[0].where.any()
    assert (LINE[bands[0].counts] < 0).all()


def test_narrow_bands_have_shallow_layers() -> None:
    narrow, wide = np.zeros((100, 100), bool), np.ones((100, 100), bool)
    narrow[48:55] = True
    assert layers_within(Band(narrow, narrow), LAYERS) == {"relu1_1": 1.0, "relu2_1": 2.0}
    assert layers_within(Band(wide, wide), LAYERS) is None


def test_the_first_layer_is_always_left() -> None:
    line = np.zeros((20, 20), bool)
    line[3, 3] = True
    assert layers_within(Band(line, line), {"relu3_1": 1.0}) == {"relu3_1": 1.0}


def test_a_texture_has_all_layers_whatever_it_fills() -> None:
    stroke, whole = np.zeros((50, 50), bool), np.ones((200, 200), bool)
    stroke[20:26] = True
    assert layers_within(Band(stroke, whole), LAYERS) is None
    split = whole.copy()
    split[0] = False
    assert layers_within(Band(stroke, split), LAYERS) == {"relu1_1": 1.0, "relu2_1": 2.0}
