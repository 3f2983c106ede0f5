import dataclasses

import numpy as np
import pytest

from impasto.imaging import Picture, array_to_pil


def test_height_comes_before_width() -> None:
    picture = Picture(np.zeros((2, 5, 3), np.uint8))
    assert (picture.height, picture.width) == (2, 5)


def test_bits_follow_the_dtype() -> None:
    assert Picture(np.zeros((1, 1, 3), np.uint8)).bits == 8
    assert Picture(np.zeros((1, 1, 3), np.uint16)).bits == 16


def test_a_picture_cannot_be_reassigned() -> None:
    picture = Picture(np.zeros((1, 1, 3), np.uint8))
    with pytest.raises(dataclasses.FrozenInstanceError):
        picture.name = "other"  # type: ignore[misc]


def test_repr_does_not_print_the_pixels() -> None:
    assert "array" not in repr(Picture(np.zeros((1, 1, 3), np.uint8)))


def test_an_array_is_rounded_and_not_truncated() -> None:
    image = array_to_pil(np.full((1, 1, 3), 0.6 / 255, np.float32))
    assert image.getpixel((0, 0)) == (1, 1, 1)
