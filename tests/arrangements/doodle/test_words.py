from __future__ import annotations

import numpy as np
import pytest

from impasto.arrangements.doodle.words import COLOURS, word_of
from impasto.imaging.color.oklab import to_oklab


@pytest.mark.parametrize(
    ("srgb", "word"),
    [
        ((0, 0, 0), "black"),
        ((255, 0, 0), "red"),
        ((0, 255, 0), "green"),
        ((0, 0, 255), "blue"),
        ((255, 255, 0), "yellow"),
        ((128, 128, 128), "grey"),
    ],
)
def test_plain_colours_have_their_plain_names(srgb: tuple[int, int, int], word: str) -> None:
    assert word_of(to_oklab(np.array([[srgb]]) / 255)[0, 0]) == word
    assert word in COLOURS
