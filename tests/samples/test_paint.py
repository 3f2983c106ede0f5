"""The style pictures that ship, painted at a tiny size."""

from __future__ import annotations

import io
import time

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("scipy", reason="the painters need the authoring packages")
pytest.importorskip("skimage", reason="the painters need the authoring packages")

from impasto.painters import NAMES
from impasto.samples.catalogue import DRAWINGS
from samples.paint import BYTES, STYLES, encode, paint

SMALL = (96, 72)


@pytest.mark.parametrize("name", sorted(STYLES))
def test_a_painter_paints_the_same_picture_twice_and_quickly(name: str) -> None:
    first = paint(name, *SMALL)
    start = time.process_time()
    again = paint(name, *SMALL)
    assert time.process_time() - start < 10  # of the processor: other work does not count
    assert first.shape == (SMALL[1], SMALL[0], 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)


@pytest.mark.parametrize("name", sorted(STYLES))
def test_a_picture_fills_its_frame(name: str) -> None:
    picture = paint(name, *SMALL).astype(float)
    middle_y, middle_x = SMALL[1] // 2, SMALL[0] // 2
    quarters = [
        picture[rows, columns]
        for rows in (slice(None, middle_y), slice(middle_y, None))
        for columns in (slice(None, middle_x), slice(middle_x, None))
    ]
    assert min(quarter.std(axis=(0, 1)).max() for quarter in quarters) > 18


def test_every_shipped_picture_has_its_painter() -> None:
    assert tuple(DRAWINGS) == tuple(sorted(STYLES))
    assert set(STYLES) <= set(NAMES)


def test_an_unknown_painter_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="fresco"):
        paint("fresco", *SMALL)


def test_encoding_lowers_the_quality_until_the_file_is_small_enough() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), dtype=np.uint8)
    content = encode(noise)
    assert len(content) <= BYTES
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (400, 400)
