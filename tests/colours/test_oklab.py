from __future__ import annotations

import numpy as np
import pytest

from impasto.colours import catalogue, distance, nearest, oklab
from impasto.imaging import color


@pytest.mark.parametrize("value", ["#000000", "#ff4c00", "#2040a0", "#d6ecf0"])
def test_one_colour_is_the_same_as_in_a_picture(value: str) -> None:
    pixel = np.array([[[int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]]])
    assert oklab(value) == pytest.approx(color.to_oklab(pixel)[0, 0].tolist(), abs=1e-9)


def test_a_colour_is_nearest_to_itself() -> None:
    for colour in catalogue().values():
        assert distance(nearest(colour.value).value, colour.value) == 0
