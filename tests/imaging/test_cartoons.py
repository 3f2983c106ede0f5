from __future__ import annotations

import numpy as np

from impasto.imaging import Picture, cartoon
from impasto.imaging.cartoons import flattened, lines
from impasto.imaging.color import to_oklab

RNG = np.random.default_rng(0)


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> Picture:
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:, :30], pixels[:, 30:] = left, right
    noisy = pixels.astype(int) + RNG.integers(-3, 4, pixels.shape)
    return Picture(noisy.clip(0, 255).astype(np.uint8))


def test_two_noisy_colours_become_two_flat_ones() -> None:
    lab = flattened(to_oklab(halves((200, 60, 50), (60, 70, 200)).floats), 2)
    for half in (lab[:, :26], lab[:, 34:]):
        assert half.std((0, 1)).max() < 2e-3
    assert np.abs(lab[20, 10] - lab[20, 50]).max() > 0.1


def test_a_line_is_drawn_on_the_dark_side_of_an_edge_and_nowhere_else() -> None:
    light = np.full((40, 60), 0.9, np.float32)
    light[:, :30] = 0.4
    drawn = lines(light)
    assert drawn[20, 29] < 0.5
    assert (drawn[:, 36:] == 1).all()
    assert (drawn[:, :24] == 1).all()


def test_without_colours_and_lines_nothing_changes_but_a_rounding() -> None:
    picture = halves((200, 60, 50), (60, 70, 200))
    same = cartoon(picture, 0, 0.0)
    assert np.abs(same.pixels.astype(int) - picture.pixels).max() <= 1


def test_depth_and_alpha_are_kept() -> None:
    deep = Picture(
        halves((200, 60, 50), (60, 70, 200)).pixels.astype(np.uint16) * 257,
        np.full((40, 60), 9, np.uint16),
    )
    drawn = cartoon(deep, 3, 1.0)
    assert drawn.bits == 16
    assert drawn.alpha is deep.alpha


def test_the_same_picture_gives_the_same_cartoon() -> None:
    picture = halves((200, 60, 50), (60, 70, 200))
    assert (cartoon(picture, 4, 0.5).pixels == cartoon(picture, 4, 0.5).pixels).all()
