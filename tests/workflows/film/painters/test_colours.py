from __future__ import annotations

import numpy as np

from impasto.imaging import Picture, color
from impasto.methods import coloring
from impasto.settings import StyleSettings
from impasto.workflows.film.painters.colours import ShotColours, opened
from impasto.workflows.film.painters.samples import with_masks
from impasto.workflows.film.where import Where
from tests.workflows.film.clips import textured

STYLE = Picture(textured(40, 40, seed=9))
# A shot that is red at the left and blue at the right; each of two styles paints a third of it, and
# between them it stays.
REDS, BLUES = (np.array(level) for level in ((200, 60, 40), (30, 60, 190)))
RED_BLUE = (textured(40, 60) // 4 + np.where(np.arange(60)[:, None] < 30, REDS, BLUES) - 32).astype(
    np.uint8
)
MASKS = np.zeros((2, 40, 60), np.uint8)
MASKS[0, :, :20], MASKS[1, :, 40:] = 255, 255
LEFT, BETWEEN, RIGHT = (np.s_[:, start : start + 20] for start in (0, 20, 40))


def test_a_frame_is_paled_by_its_shot_and_not_by_itself() -> None:
    colours = ShotColours(opened([STYLE], StyleSettings()), StyleSettings(), pales=True)
    vivid, pale = textured(40, 60), 100 + textured(40, 60) // 8
    colours.begin(np.stack([vivid]))
    among_vivid = colours.seen(pale, (1.0,)).floats
    colours.begin(np.stack([pale]))
    among_pale = colours.seen(pale, (1.0,)).floats
    of_vivid, of_pale = color.colourfulness(among_vivid), color.colourfulness(among_pale)
    assert of_vivid < of_pale <= color.colourfulness(Picture(pale).floats)


def test_a_painter_that_has_learnt_all_colours_sees_them() -> None:
    colours = ShotColours(opened([STYLE], StyleSettings()), StyleSettings())
    frame = textured(40, 60)
    colours.begin(np.stack([frame]))
    assert colours.seen(frame, (1.0,)).pixels is frame


def test_styles_take_the_colours_of_the_shot() -> None:
    colours = ShotColours(opened([STYLE], StyleSettings()), StyleSettings(color="match"))
    frames = np.stack([textured(40, 60), textured(40, 60, seed=1)]) // 2
    colours.begin(frames)
    [style] = colours.styles
    assert np.abs(style.floats.mean((0, 1)) - frames.mean((0, 1, 2)) / 255).max() < 0.01


def test_recoloured_frames_have_on_average_the_colours_of_the_blend() -> None:
    red, blue = (
        Picture(np.full((8, 8, 3), level, np.uint8)) for level in ((200, 50, 50), (50, 50, 200))
    )
    colours = ShotColours(opened([red, blue], StyleSettings()), StyleSettings(color="only"))
    frames = np.stack([textured(40, 60, seed) for seed in range(2)])
    colours.begin(frames)
    out = np.stack([colours.recoloured(frame, (0.25, 0.75)) for frame in frames])
    assert np.abs(out.mean((0, 1, 2)) * 255 - [87.5, 50, 162.5]).max() < 1


def shot_colours(
    settings: StyleSettings, styles: list[Picture], pales: bool = False
) -> ShotColours:
    """The colours of the shot of two halves, with its masks."""
    colours = ShotColours(opened(styles, settings), settings, pales=pales)
    colours.begin(np.stack(with_masks([RED_BLUE], [Where(MASKS)])))
    return colours


def mean_of(pixels: np.ndarray) -> np.ndarray:
    """Mean colour, in levels."""
    return pixels.mean((0, 1)) * (1 if pixels.dtype == np.uint8 else 255)


def test_each_style_takes_the_colours_of_its_own_part_of_the_shot() -> None:
    colours = shot_colours(StyleSettings(color="match"), [STYLE, STYLE])
    for style, part in zip(colours.styles, (LEFT, RIGHT), strict=True):
        assert np.abs(mean_of(style.floats) - mean_of(RED_BLUE[part])).max() < 3


def half_learnt() -> tuple[Picture, np.ndarray]:
    """A style whose right half is green, and its mask, which leaves that out."""
    pixels, mask = STYLE.pixels.copy(), np.zeros((40, 40, 3), np.uint8)
    pixels[:, 20:], mask[:, :20] = (0, 255, 0), 255
    return Picture(pixels), mask


def test_a_style_is_moved_by_what_is_learnt_of_it() -> None:
    (style, mask), frame = half_learnt(), textured(40, 60)
    settings = StyleSettings(color="match")
    colours = ShotColours(opened([style], settings, [mask]), settings)
    colours.begin(frame[None])
    assert np.abs(mean_of(colours.styles[0].floats[:, :20]) - mean_of(frame)).max() < 3


def test_what_is_learnt_of_a_style_is_brought_into_a_palette() -> None:
    (style, mask), settings = half_learnt(), StyleSettings(palette="navy,gold")
    colours = ShotColours(opened([style], settings, [mask]), settings)
    expected = coloring.wished(style, settings, mask[..., 0] / np.float32(255))
    assert (colours.styles[0].pixels == expected.pixels).all()
    assert (expected.pixels != coloring.wished(style, settings).pixels).any()


def test_a_frame_is_paled_where_a_grey_style_paints_it_and_not_where_nothing_does() -> None:
    grey = Picture(np.full((40, 40, 3), 128, np.uint8))
    alike = Picture(np.repeat(RED_BLUE[RIGHT], 2, 1))
    settings = StyleSettings(content_chroma=0.9)
    colours = shot_colours(settings, [grey, alike], pales=True)
    seen = colours.seen(RED_BLUE, (0.5, 0.5), Where(MASKS)).floats
    assert color.colourfulness(seen[LEFT]) < 0.001
    # The other style is as colourful as its part of the shot, though not as all of it.
    left = color.colourfulness(seen[RIGHT]) / color.colourfulness(Picture(RED_BLUE).floats[RIGHT])
    assert 0.85 < left < 0.95
    assert np.abs(seen[BETWEEN] * 255 - RED_BLUE[BETWEEN]).max() < 1


def test_each_style_recolours_its_own_part() -> None:
    levels = (200, 50, 50), (50, 50, 200)
    styles = [Picture(np.full((8, 8, 3), level, np.uint8)) for level in levels]
    colours = shot_colours(StyleSettings(color="only"), styles)
    out = colours.recoloured(RED_BLUE, (0.5, 0.5), Where(MASKS))
    for part, level in zip((LEFT, RIGHT), levels, strict=True):
        assert np.abs(mean_of(out[part]) - level).max() < 1
