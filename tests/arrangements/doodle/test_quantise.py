"""Drawings as drawing programs, cameras and JPEG files make them, and what is no drawing."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from impasto import imaging, samples
from impasto.arrangements.doodle.quantise import quantised
from impasto.imaging import Picture

COLOURS = ["#00ff00", "#0000ff", "#ff0000", "#ffffff"]


@pytest.fixture
def drawing() -> Image.Image:
    """A green field with a white road, a blue lake and a red house."""
    page = Image.new("RGB", (192, 128), COLOURS[0])
    pencil = ImageDraw.Draw(page)
    pencil.rectangle((0, 90, 191, 103), fill=COLOURS[3])
    pencil.ellipse((20, 15, 90, 75), fill=COLOURS[1])
    pencil.polygon([(120, 70), (120, 30), (145, 10), (170, 30), (170, 70)], fill=COLOURS[2])
    return page


def picture(image: Image.Image) -> Picture:
    return Picture(np.asarray(image))


def colours_of(image: Image.Image) -> NDArray[np.uint8]:
    """The picture that its flat colours make."""
    flat = quantised(picture(image))
    levels = [[int(one[n : n + 2], 16) for n in (1, 3, 5)] for one in flat.hexes]
    return np.array(levels, np.uint8)[flat.labels]


def agreement(image: Image.Image, drawing: Image.Image) -> float:
    """Share of pixels that have the colour that was drawn, but for what JPEG makes of it."""
    far = np.abs(colours_of(image).astype(int) - np.asarray(drawing)).max(-1)
    return float((far <= 6).mean())


def test_a_flat_drawing_stays_as_it_is(drawing: Image.Image) -> None:
    flat = quantised(picture(drawing))
    assert sorted(flat.hexes) == sorted(COLOURS)
    assert flat.shares.sum() == pytest.approx(1)
    assert (np.diff(flat.shares) <= 0).all()
    assert agreement(drawing, drawing) == 1
    assert not flat.shaded


def test_the_noise_of_a_jpeg_file_is_taken_out(drawing: Image.Image) -> None:
    file = io.BytesIO()
    drawing.save(file, "JPEG", quality=40)
    noisy = Image.open(file).convert("RGB")
    assert len(quantised(picture(noisy)).hexes) == 4
    assert agreement(noisy, drawing) > 0.98


@pytest.mark.parametrize("radius", [0.7, 1.5])
def test_the_colours_between_two_others_are_none(drawing: Image.Image, radius: float) -> None:
    soft = drawing.filter(ImageFilter.GaussianBlur(radius))
    assert len(quantised(picture(soft)).hexes) == 4
    assert agreement(soft, drawing) > 0.96


def test_specks_take_the_colour_around_them(drawing: Image.Image) -> None:
    dirty = drawing.copy()
    for x, y in ((5, 5), (100, 40), (180, 120)):
        dirty.putpixel((x, y), (255, 0, 255))
    assert agreement(dirty, drawing) == 1


def test_what_is_transparent_is_white_paper() -> None:
    pixels = np.zeros((32, 32, 3), np.uint8)
    alpha = np.full((32, 32), 255, np.uint8)
    alpha[:, 20:] = 0
    flat = quantised(Picture(pixels, alpha))
    assert flat.hexes == ["#000000", "#ffffff"]


def test_one_colour_is_a_drawing_too() -> None:
    flat = quantised(Picture(np.full((40, 30, 3), 200, np.uint8)))
    assert flat.hexes == ["#c8c8c8"]


def test_no_more_colours_come_than_asked_for(drawing: Image.Image) -> None:
    assert len(quantised(picture(drawing), most=2).hexes) == 2
    page = Image.new("RGB", (200, 200))
    for n in range(25):
        colour = (50 * (n % 5), 50 * (n // 5), 128)
        page.paste(colour, (40 * (n % 5), 40 * (n // 5), 40 * (n % 5) + 40, 40 * (n // 5) + 40))
    assert len(quantised(picture(page)).hexes) <= 16


def test_a_photograph_is_told_from_a_drawing() -> None:
    photograph = imaging.fitted(imaging.read(samples.content("astronaut")), size=128)
    flat = quantised(photograph)
    assert flat.shaded
    assert len(flat.hexes) <= 16


def test_the_same_drawing_gives_the_same_twice(drawing: Image.Image) -> None:
    soft = picture(drawing.filter(ImageFilter.GaussianBlur(1)))
    one, other = quantised(soft), quantised(soft)
    assert one.hexes == other.hexes
    assert (one.labels == other.labels).all()
