from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from impasto.errors import PictureError
from impasto.imaging import Picture, filled

KINDS = pytest.mark.parametrize("kind", [np.uint8, np.uint16])


def disc(height: int, width: int, kind: type = np.uint8) -> NDArray[np.generic]:
    """Alpha of a disc with a soft edge of a few px."""
    y, x = np.mgrid[0:height, 0:width]
    away = np.hypot(y - height / 2, x - width / 2)
    share = ((min(height, width) / 3 - away) / 4 + 0.5).clip(0, 1)
    return np.rint(share * np.iinfo(kind).max).astype(kind)


@pytest.mark.parametrize("shape", [(40, 64), (37, 53), (1, 30), (31, 1)])
@KINDS
def test_no_bit_depends_on_hidden_colours(shape: tuple[int, int], kind: type) -> None:
    rng = np.random.default_rng(0)
    top = np.iinfo(kind).max
    visible = rng.integers(0, top, (*shape, 3), kind, endpoint=True)
    alpha = np.where(rng.random(shape) < 0.6, kind(0), disc(*shape, kind))
    alpha[0, 0] = top
    results = []
    for under in (
        visible,
        np.zeros_like(visible),
        visible[::-1],
        np.full_like(visible, (0, top, 0)),
    ):
        pixels = np.where(alpha[..., None] == 0, under, visible)
        results.append(filled(Picture(pixels, alpha)).pixels)
    assert all(np.array_equal(results[0], result) for result in results[1:])


@KINDS
def test_what_is_half_visible_keeps_its_colour_to_the_bit(kind: type) -> None:
    rng = np.random.default_rng(1)
    top = np.iinfo(kind).max
    pixels = rng.integers(0, top, (33, 47, 3), kind, endpoint=True)
    alpha = rng.integers(0, top, (33, 47), kind, endpoint=True)
    result = filled(Picture(pixels, alpha))
    visible = alpha > top // 2
    assert visible.any()
    assert not visible.all()
    assert np.array_equal(result.pixels[visible], pixels[visible])
    assert result.pixels.dtype == kind


def test_a_picture_faint_all_over_keeps_its_colours() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (20, 30, 3), np.uint8)
    result = filled(Picture(pixels, np.full((20, 30), 9, np.uint8)))
    assert np.array_equal(result.pixels, pixels)


def test_one_visible_colour_is_continued_everywhere() -> None:
    alpha = disc(50, 70)
    pixels = np.full((50, 70, 3), (200, 30, 5), np.uint8)
    pixels[alpha == 0] = (0, 255, 0)
    assert (filled(Picture(pixels, alpha)).pixels == (200, 30, 5)).all()


def test_the_faintest_fringe_is_drawn_to_what_is_seen_beside_it() -> None:
    pixels = np.full((8, 8, 3), 100, np.uint8)
    alpha = np.full((8, 8), 255, np.uint8)
    pixels[:, 4], alpha[:, 4] = 255, 3  # what remained of a white background
    alpha[:, 5:] = 0
    result = filled(Picture(pixels, alpha)).pixels
    assert (result[:, :4] == 100).all()
    assert result[:, 4].max() < 130  # of the 155 levels between them, most


def test_the_continuation_is_smooth() -> None:
    x = np.arange(96)
    pixels = np.broadcast_to(x[None, :, None] * 2, (64, 96, 3)).astype(np.uint8)
    alpha = np.full((64, 96), 255, np.uint8)
    alpha[20:44, 30:66] = 0
    result = filled(Picture(pixels, alpha)).pixels.astype(int)
    assert abs(np.diff(result, axis=0)).max() <= 8
    assert abs(np.diff(result, axis=1)).max() <= 8
    assert abs(result[20:44, 30:66] - pixels[20:44, 30:66]).max() <= 24


def test_hidden_pixels_stay_within_what_is_seen() -> None:
    rng = np.random.default_rng(3)
    pixels = rng.integers(80, 120, (41, 59, 3)).astype(np.uint8)
    alpha = disc(41, 59)
    pixels[alpha == 0] = 255
    result = filled(Picture(pixels, alpha)).pixels
    assert result.min() >= 80
    assert result.max() < 120


def test_opaque_pictures_come_back_themselves() -> None:
    pixels = np.zeros((4, 5, 3), np.uint8)
    for alpha in (None, np.full((4, 5), 255, np.uint8), np.full((4, 5), 128, np.uint8)):
        picture = Picture(pixels, alpha)
        assert filled(picture) is picture


def test_alpha_and_origin_stay() -> None:
    alpha = disc(10, 12)
    picture = Picture(
        np.zeros((10, 12, 3), np.uint8), alpha, b"Exif", "cat.png", "ab", Path("/cat.png")
    )
    result = filled(picture)
    assert result is not picture
    assert result.alpha is alpha
    assert (result.exif, result.name, result.sha256) == (b"Exif", "cat.png", "ab")
    assert result.path == Path("/cat.png")


def test_nothing_to_be_seen_is_an_error() -> None:
    empty = Picture(np.zeros((3, 3, 3), np.uint8), np.zeros((3, 3), np.uint8), name="cat.png")
    with pytest.raises(PictureError, match=r"^cat\.png is transparent everywhere; .*: pass"):
        filled(empty)


def test_a_speck_is_enough_to_be_continued() -> None:
    pixels = np.zeros((300, 401, 3), np.uint16)
    alpha = np.zeros((300, 401), np.uint16)
    pixels[7, 9], alpha[7, 9] = (60_000, 5, 777), 1
    assert (filled(Picture(pixels, alpha)).pixels == (60_000, 5, 777)).all()
