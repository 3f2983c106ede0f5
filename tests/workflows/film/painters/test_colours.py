from __future__ import annotations

import numpy as np

from impasto.imaging import Picture, color
from impasto.settings import StyleSettings
from impasto.workflows.film.painters.colours import ShotColours, opened
from tests.workflows.film.clips import textured

STYLE = Picture(textured(40, 40, seed=9))


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
