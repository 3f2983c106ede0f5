from __future__ import annotations

import numpy as np
import pytest

from impasto.imaging import color

PICTURE = np.random.default_rng(1).uniform(0.05, 0.95, (32, 32, 3)).astype(np.float32)
PALETTE = ["#c8923b", "#2040a0", "#f4efe2"]


@pytest.mark.parametrize("palette", [["#2040a0"], PALETTE, ["#000000", "#ffffff"]])
def test_a_picture_comes_nearer_to_the_palette(palette: list[str]) -> None:
    within = color.within_palette(PICTURE, palette)(PICTURE)
    before, after = (color.palette_distance(p, palette) for p in (PICTURE, within))
    assert after < 0.6 * before
    assert within.dtype == np.float32
    assert 0 <= within.min() <= within.max() <= 1


def test_what_is_lighter_stays_lighter() -> None:
    ramp = np.repeat(np.linspace(0, 1, 64)[None, :, None], 3, axis=2)
    light = color.to_oklab(color.within_palette(ramp, PALETTE)(ramp))[0, :, 0]
    assert (np.diff(light) > -1e-3).all()


def test_neighbours_in_colour_stay_neighbours() -> None:
    # A step of an 8-bit level is never drawn apart to a visible edge.
    move = color.towards_palette(PALETTE)
    ramp = np.repeat(np.linspace(0, 1, 256)[None, :, None], 3, axis=2)
    assert abs(np.diff(move(ramp), axis=1)).max() < 20 / 255


def test_a_colour_of_the_palette_stays() -> None:
    own = np.array([[[int(c[at : at + 2], 16) / 255 for at in (1, 3, 5)] for c in PALETTE]])
    np.testing.assert_allclose(color.towards_palette(PALETTE)(own), own, atol=0.02)


def test_the_order_of_a_palette_makes_no_difference() -> None:
    one, other = (color.within_palette(PICTURE, p)(PICTURE) for p in (PALETTE, PALETTE[::-1]))
    np.testing.assert_allclose(one, other, atol=1e-5)


def test_a_palette_in_dark_tones_is_darker() -> None:
    plain, dark = (color.towards_palette(PALETTE, tones) for tones in (None, {"dark": 1}))
    assert dark(PICTURE).mean() < plain(PICTURE).mean()


def test_what_does_not_count_does_not_say_where_colours_go() -> None:
    odd = PICTURE.copy()
    odd[:16] = (1.0, 0.0, 0.0)
    weights = np.ones((32, 32))
    weights[:16] = 0
    half = color.within_palette(PICTURE[16:], PALETTE)(PICTURE[16:])
    np.testing.assert_allclose(
        color.within_palette(odd, PALETTE, weights)(odd)[16:], half, atol=1e-5
    )


def shares_of(picture: np.ndarray, palette: list[str]) -> np.ndarray:
    """Shares of a picture that lie nearest to each colour of a palette."""
    apart = [
        np.square(color.to_oklab(picture) - color.to_oklab(solid(colour))).sum(-1)
        for colour in palette
    ]
    nearest = np.argmin(apart, axis=0)
    return np.bincount(nearest.ravel(), minlength=len(palette)) / nearest.size


def solid(colour: str) -> np.ndarray:
    return np.array([[[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]]])


@pytest.mark.parametrize("amounts", [(17, 3), (3, 17), (1, 1)])
def test_amounts_say_how_much_there_is_of_a_colour(amounts: tuple[int, int]) -> None:
    palette = ["#2f5da8", "#c9992e"]
    weighted = [f"{colour}:{amount}" for colour, amount in zip(palette, amounts, strict=True)]
    within = color.within_palette(PICTURE, weighted)(PICTURE)
    expected = np.array(amounts) / sum(amounts)
    np.testing.assert_allclose(shares_of(within, palette), expected, atol=0.06)


def test_amounts_make_no_difference_to_what_has_the_colours_already() -> None:
    plain, weighted = (color.towards_palette(p) for p in (PALETTE, [f"{c}:2" for c in PALETTE]))
    assert np.array_equal(plain(PICTURE), weighted(PICTURE))
