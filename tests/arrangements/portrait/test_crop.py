from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image

from impasto import faces, imaging, samples
from impasto.arrangements.portrait.crop import SIDES, square
from impasto.faces import Face
from impasto.imaging import Picture

FACE = Face((80, 70, 120, 126), 1.0, (90, 90), (110, 90), (100, 100), (92, 112), (108, 112))


def grid(height: int = 200, width: int = 220) -> Picture:
    """Red grows to the right, green down."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0], pixels[..., 1] = np.arange(width), np.arange(height)[:, None]
    return Picture(pixels)


def test_an_upright_face_is_cut_out_as_it_is() -> None:
    cut = square(grid(), FACE, "head")
    assert cut.pixels.shape == (92, 92, 3)  # 4.6 distances of 20 px
    middle = cut.pixels[46, 46].astype(int)
    assert abs(middle[0] - 100) <= 1
    assert abs(middle[1] - 101) <= 1
    assert cut.notes == ()


def test_beyond_its_edge_the_picture_is_mirrored_and_a_bust_made_smaller_first() -> None:
    corner = FACE.moved(1, 1, -70, -60)  # its middle at (30, 41)
    cut = square(grid(), corner, "bust")
    assert cut.width == round(SIDES["head"] * 20)
    assert cut.pixels[46, 0, 0] > cut.pixels[46, 8, 0]  # red falls towards the edge
    assert "mirrored there" in cut.notes[0]


def test_a_small_face_is_enlarged_and_that_is_told() -> None:
    cut = square(grid(), FACE, "head", smallest=256)
    assert cut.pixels.shape == (256, 256, 3)
    assert "enlarged to 256" in cut.notes[0]


def test_transparency_and_16_bits_go_along() -> None:
    deep = Picture(grid().pixels.astype(np.uint16) * 257, np.full((200, 220), 65535, np.uint16))
    cut = square(deep, FACE, "head")
    assert cut.bits == 16
    assert cut.alpha is not None
    assert cut.alpha.shape == (92, 92)
    assert cut.alpha.min() == 65535


@pytest.mark.parametrize("tilt", [0, 20, -25])
@pytest.mark.parametrize("framing", SIDES)
def test_eyes_are_level_and_the_face_is_in_the_middle(tilt: int, framing: str) -> None:
    photo = Image.open(samples.content("astronaut")).convert("RGB").resize((512, 512))
    picture = imaging.read(photo.rotate(tilt, Image.Resampling.BICUBIC))
    (face, *_) = faces.find(picture)
    cut = square(picture, face, framing)
    (again, *_) = faces.find(cut)
    assert abs(again.tilt) < 2
    assert math.dist(again.centre, (cut.width / 2, cut.height / 2)) < 0.03 * cut.width


def test_a_face_that_leans_too_far_is_turned_as_far_as_may_be_and_that_is_told() -> None:
    leaning = Face((80, 70, 120, 126), 1.0, (95, 82), (105, 100), (92, 95), (78, 96), (86, 110))
    assert "turn the photograph first" in square(grid(), leaning, "head").notes[-1]
