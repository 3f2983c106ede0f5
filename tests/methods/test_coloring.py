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


PLAIN = StyleSettings()
PHOTO, DARK, LIGHT = noise(0, 60, 180), noise(1, 20, 60), noise(2, 180, 240)


def inputs(*styles: NDArray[np.uint8], **options: Any) -> Inputs:
    return Inputs.read(StyleTask.of(PHOTO, list(styles), **options), StyleSettings())


def counts(sources: Inputs) -> list[torch.Tensor | None]:
    sizes = [(style.height, style.width) for style in sources.styles]
    return [sources.style_counts(which, size) for which, size in enumerate(sizes)]


def prepare(name: str, sources: Inputs, **settings: Any) -> tuple[Picture, tuple[Picture, ...]]:
    masks = [torch.from_numpy(mask.floats[..., 0])[None, None] for mask in sources.masks]
    wanted = StyleSettings(color=name, **settings)
    return prepared(sources.content, sources, counts(sources), masks, wanted)


GREY = DARK.copy()
GREY[...] = DARK[..., :1]


def share(guide: Picture) -> float:
    """Of the photograph's colour that is left."""
    return color.colourfulness(guide.floats) / color.colourfulness(inputs(DARK).content.floats)


def test_colours_of_the_style_leave_all_as_it_was_read_if_all_of_them_are_to_be_seen() -> None:
    sources = inputs(DARK)
    guide, styles = prepare("style", sources, content_chroma=1)
    assert guide is sources.content
    assert styles is sources.styles


def test_the_network_sees_a_share_of_the_photographs_colour() -> None:
    sources = inputs(PHOTO)  # as colourful as the photograph, for it is the photograph
    guide, styles = prepare("style", sources)
    assert share(guide) == pytest.approx(0.25, abs=0.01)
    assert styles is sources.styles
    sharp = color.to_oklab(sources.content.floats)[..., 0]
    assert color.to_oklab(guide.floats)[..., 0] == pytest.approx(sharp, abs=1e-3)


@pytest.mark.parametrize(
    ("strength", "left"), [(0.0, 1.0), (0.25, 0.5), (0.5, 0.25), (1.0, 1 / 16)]
)
def test_a_stronger_style_leaves_less_of_it(strength: float, left: float) -> None:
    guide, _ = prepare("style", inputs(PHOTO), strength=strength)
    assert share(guide) == pytest.approx(left, abs=0.01)


def test_without_a_strength_it_is_the_share_itself() -> None:
    guide, _ = prepare("style", inputs(PHOTO), content_weight=3.0, content_chroma=0.5)
    assert share(guide) == pytest.approx(0.5, abs=0.01)


def test_a_grey_style_leaves_no_colour() -> None:
    guide, _ = prepare("style", inputs(GREY))
    assert share(guide) < 0.01


def test_a_blend_has_the_colour_that_its_styles_have_together() -> None:
    guide, _ = prepare("style", inputs(PHOTO, GREY), style_blend=(3, 1))
    assert share(guide) == pytest.approx(0.25 * 0.75, abs=0.01)


def test_a_photograph_without_colour_stays_as_it_is() -> None:
    sources = Inputs.read(StyleTask.of(GREY, [PHOTO]), StyleSettings())
    guide, _ = prepared(sources.content, sources, counts(sources), [], StyleSettings())
    assert guide.floats == pytest.approx(sources.content.floats, abs=1e-3)


def test_each_region_is_paled_by_its_own_style_and_the_rest_not_at_all() -> None:
    left, middle = np.zeros((2, 24, 24), np.uint8)
    left[:, :8] = middle[:, 8:16] = 255
    sources = inputs(GREY, PHOTO, masks=[left, middle])
    guide, _ = prepare("style", sources)
    chroma = np.linalg.norm(color.to_oklab(guide.floats)[..., 1:], axis=-1)
    whole = np.linalg.norm(color.to_oklab(sources.content.floats)[..., 1:], axis=-1)
    assert chroma[:, :8].mean() < 0.02 * whole[:, :8].mean()
    assert chroma[:, 8:16].mean() == pytest.approx(0.25 * whole[:, 8:16].mean(), rel=0.2)
    assert chroma[:, 16:] == pytest.approx(whole[:, 16:], abs=1e-3)


def test_masks_that_lie_over_each_other_pale_no_more_than_one() -> None:
    white = np.full((24, 24), 255, np.uint8)
    twice, _ = prepare("style", inputs(PHOTO, PHOTO, masks=[white, white]))
    once, _ = prepare("style", inputs(PHOTO, masks=[white]))
    assert twice.floats == pytest.approx(once.floats, abs=1e-4)


def test_a_mask_that_is_nowhere_left_pales_nothing() -> None:
    sources = inputs(GREY, masks=[np.full((24, 24), 100, np.uint8)])
    nowhere = torch.zeros(1, 1, 24, 24)  # as a hard edge at one half leaves it
    guide, _ = prepared(sources.content, sources, counts(sources), [nowhere], StyleSettings())
    assert guide.floats == pytest.approx(sources.content.floats, abs=1e-3)


def test_what_is_kept_is_not_paled() -> None:
    sources = inputs(GREY)
    free = torch.ones(1, 1, 24, 24)
    free[..., 12:] = 0
    guide, _ = prepared(sources.content, sources, counts(sources), [free], StyleSettings())
    assert guide.floats[:, 12:] == pytest.approx(sources.content.floats[:, 12:], abs=1e-3)
    assert np.ptp(guide.floats[:, :12], axis=-1).max() < 0.01


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
    mean = recoloured(sources.content, sources, counts(sources), [], (3, 1), PLAIN).mean()
    dark, light = (style.floats.mean() for style in sources.styles)
    assert mean == pytest.approx(0.75 * dark + 0.25 * light, abs=5e-3)


def test_recolouring_with_masks_keeps_the_photograph_where_none_is() -> None:
    mask = torch.zeros(1, 1, 24, 24)
    mask[..., :12] = 1
    sources = inputs(LIGHT)
    result = recoloured(sources.content, sources, counts(sources), [mask], (1.0,), PLAIN)
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


PALETTE = ("#c8923b", "#2040a0")


def test_a_palette_brings_the_styles_into_it_and_leaves_the_content_its_light() -> None:
    sources = inputs(LIGHT)
    guide, (style,) = prepare("style", sources, palette=PALETTE, content_chroma=1)
    assert guide is sources.content
    before, after = (color.palette_distance(p.floats, PALETTE) for p in (*sources.styles, style))
    assert after < 0.75 * before


def test_tones_are_laid_on_the_styles_once() -> None:
    _, (style,) = prepare("style", inputs(LIGHT), tone={"dark": 1})
    assert style.floats.mean() < LIGHT.mean() / 255 - 0.05
    painted = style.floats
    assert finished(painted, painted, StyleSettings(tone={"dark": 1})) is painted


def test_tones_are_laid_on_the_painting_where_no_style_can_bring_them() -> None:
    painted = PHOTO / np.float32(255)
    plain = finished(painted, painted, StyleSettings(tone={"dark": 1}), from_pictures=False)
    kept = finished(painted, painted, StyleSettings(tone={"dark": 1}, color="luminance"))
    assert plain.mean() < painted.mean() - 0.1
    assert kept.mean() < painted.mean() - 0.1


def test_a_monochrome_painting_is_grey_whatever_the_photograph_brings_back() -> None:
    painted = PHOTO / np.float32(255)
    grey = finished(painted, painted, StyleSettings(tone="monochrome"))
    assert np.ptp(grey, axis=-1).max() < 1e-3


def test_a_photograph_that_is_not_painted_takes_the_palette_too() -> None:
    sources = inputs(LIGHT)
    settings = StyleSettings(color="only", palette=PALETTE)
    plain, moved = (
        recoloured(sources.content, sources, counts(sources), [], (1.0,), s)
        for s in (PLAIN, settings)
    )
    assert color.palette_distance(moved, PALETTE) < color.palette_distance(plain, PALETTE) / 2
