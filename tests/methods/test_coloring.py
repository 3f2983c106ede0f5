from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from impasto.imaging import Picture, color
from impasto.methods.coloring import finished, prepared, recoloured
from impasto.methods.inputs import Inputs
from impasto.settings import StyleSettings
from impasto.task import StyleTask


def noise(seed: int, low: int, high: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(low, high, (24, 24, 3), np.uint8)


PHOTO, DARK, LIGHT = noise(0, 60, 180), noise(1, 20, 60), noise(2, 180, 240)


def inputs(*styles: NDArray[np.uint8], **options: Any) -> Inputs:
    return Inputs.read(StyleTask.of(PHOTO, list(styles), **options), StyleSettings())


def counts(sources: Inputs) -> list[torch.Tensor | None]:
    sizes = [(style.height, style.width) for style in sources.styles]
    return [sources.style_counts(which, size) for which, size in enumerate(sizes)]


def prepare(name: str, sources: Inputs) -> tuple[Picture, tuple[Picture, ...]]:
    masks = [torch.from_numpy(mask.floats[..., 0])[None, None] for mask in sources.masks]
    return prepared(sources.content, sources, counts(sources), masks, StyleSettings(color=name))


def test_colours_of_the_style_leave_everything_as_it_was_read() -> None:
    sources = inputs(DARK)
    guide, styles = prepare("style", sources)
    assert guide is sources.content
    assert styles is sources.styles


@pytest.mark.parametrize("name", ["match", "histogram"])
def test_the_style_takes_the_contents_colours(name: str) -> None:
    sources = inputs(DARK, LIGHT)
    guide, styles = prepare(name, sources)
    assert guide is sources.content
    content_mean, spread = color.moments(guide.floats)
    for style in styles:
        mean, covariance = color.moments(style.floats)
        assert mean == pytest.approx(content_mean, abs=5e-3)
        assert np.diag(covariance) == pytest.approx(np.diag(spread), rel=0.1)


def test_with_masks_each_style_takes_the_colours_of_its_region() -> None:
    photo = PHOTO.copy()
    photo[:, 12:] //= 3
    left = np.zeros((24, 24), np.uint8)
    left[:, :12] = 255
    task = StyleTask.of(photo, [DARK, DARK], masks=[left, 255 - left])
    sources = Inputs.read(task, StyleSettings())
    _, (first, second) = prepare("match", sources)
    assert first.floats.mean() == pytest.approx(sources.content.floats[:, :12].mean(), abs=5e-3)
    assert second.floats.mean() == pytest.approx(sources.content.floats[:, 12:].mean(), abs=5e-3)


def test_luminance_paints_in_grey_and_comes_back_in_the_photographs_colours() -> None:
    guide, (style,) = prepare("luminance", inputs(DARK))
    for picture in (guide, style):
        assert np.ptp(picture.pixels.astype(int), axis=-1).max() <= 1
    photo = inputs(DARK).content.floats
    settings = StyleSettings(color="luminance")
    back = color.to_oklab(finished(guide.floats, photo, settings))
    assert np.abs(back - color.to_oklab(photo)).max() < 2e-3


def test_no_other_colour_changes_what_is_painted() -> None:
    pixels = np.random.default_rng(3).random((4, 4, 3), np.float32)
    for name in ("style", "match", "histogram"):
        assert finished(pixels, pixels * 0, StyleSettings(color=name)) is pixels


def test_recolouring_blends_the_styles_by_their_shares() -> None:
    sources = inputs(DARK, LIGHT)
    mean = recoloured(sources.content, sources, counts(sources), [], (3, 1)).mean()
    dark, light = (style.floats.mean() for style in sources.styles)
    assert mean == pytest.approx(0.75 * dark + 0.25 * light, abs=5e-3)


def test_recolouring_with_masks_keeps_the_photograph_where_none_is() -> None:
    mask = torch.zeros(1, 1, 24, 24)
    mask[..., :12] = 1
    sources = inputs(LIGHT)
    result = recoloured(sources.content, sources, counts(sources), [mask], (1.0,))
    assert result[:, 12:] == pytest.approx(sources.content.floats[:, 12:], abs=1e-5)
    assert result[:, :12].mean() == pytest.approx(sources.styles[0].floats.mean(), abs=0.02)


@pytest.mark.parametrize("name", ["luminance", "match", "histogram"])
def test_only_what_is_learnt_from_is_moved_to_the_contents_colours(name: str) -> None:
    halves = DARK.copy()
    halves[:, 12:] = LIGHT[:, 12:]
    right = np.zeros((24, 24), np.uint8)
    right[:, 12:] = 255
    _, (style,) = prepare(name, inputs(halves, style_masks=[right]))
    light, content_light = (
        color.to_oklab(p)[..., 0] for p in (style.floats[:, 12:], PHOTO / 255.0)
    )
    assert light.mean() == pytest.approx(content_light.mean(), abs=0.01)
    assert light.std() == pytest.approx(content_light.std(), rel=0.15)


def test_a_long_thin_style_keeps_its_pixels() -> None:
    thin = np.random.default_rng(5).integers(0, 256, (12, 600, 3), np.uint8)
    _, (style,) = prepare("match", inputs(thin))
    assert style.pixels.shape == (12, 600, 3)
