from __future__ import annotations

import numpy as np
import pytest

from impasto.errors import PictureError
from impasto.imaging import Picture
from impasto.methods import validate


def photo(alpha: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] | None = None) -> Picture:
    return Picture(np.zeros((4, 6, 3), np.uint8), alpha, name="photo.png")


def mask(columns: slice) -> Picture:
    pixels = np.zeros((4, 6, 3), np.uint8)
    pixels[:, columns] = 255
    return Picture(pixels, name="mask.png")


LEFT = mask(slice(0, 3)).pixels[..., 0]


def test_a_picture_of_which_nothing_is_seen_is_told_with_its_size() -> None:
    validate.visible(photo())
    validate.visible(photo(LEFT))
    with pytest.raises(PictureError, match=r"nothing of photo.png is visible at 6 x 4 px"):
        validate.visible(photo(np.zeros((4, 6), np.uint8)))


def test_a_mask_of_which_nothing_is_left_is_told_by_its_cause() -> None:
    validate.masks(photo(LEFT), [mask(slice(2, 4))])
    with pytest.raises(PictureError, match=r"mask.png is black on the part of photo.png"):
        validate.masks(photo(), [mask(slice(0, 3)), mask(slice(0, 0))])
    with pytest.raises(PictureError, match=r"mask.png is white only where photo.png is transp"):
        validate.masks(photo(LEFT), [mask(slice(3, 6))])
