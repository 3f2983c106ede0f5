from __future__ import annotations

import numpy as np
import pytest
import torch

from impasto import imaging
from impasto.methods import compose
from impasto.methods.inputs import Inputs
from impasto.methods.pictures import Pictures
from impasto.settings import StyleSettings
from impasto.task import StyleTask

PHOTO = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
WHITE = torch.full((1, 3, 10, 15), 99.0)


def pictures(**options: str) -> Pictures:
    left = np.zeros((20, 30), np.uint8)
    left[:, :15] = 255
    settings = StyleSettings(**options)
    task = StyleTask.of(PHOTO, PHOTO[:, ::-1], masks=left)
    return Pictures.fit(Inputs.read(task, settings), settings)


@pytest.mark.parametrize("colour", ["style", "luminance", "match"])
def test_the_photograph_is_untouched_where_nothing_is_painted(colour: str) -> None:
    sources = pictures(color=colour)
    pixels = compose.pixels(sources, WHITE)
    assert pixels.shape == (20, 30, 3)
    assert np.array_equal(pixels[:, 15:], sources.content.floats[:, 15:])
    assert np.abs(pixels[:, :15] - sources.content.floats[:, :15]).max() > 0.1


def test_a_preview_has_the_size_of_its_scale() -> None:
    preview = compose.preview(pictures(), WHITE)
    assert preview.size == (15, 10)
    assert preview.getpixel((2, 5)) == (255, 255, 255)
    photo = imaging.resized(imaging.read(PHOTO), 10, 15)
    assert preview.getpixel((12, 5)) == tuple(photo.pixels[5, 12])


def test_colours_alone_are_moved_from_the_photograph() -> None:
    pixels = compose.pixels(pictures(color="only"), WHITE)
    assert np.allclose(pixels[:, 15:], PHOTO[:, 15:] / 255, atol=1e-5)
