"""Kept faces in the colours of the styles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from impasto.faces import Face
from impasto.imaging import Picture
from impasto.imaging.color import to_oklab
from impasto.methods.tinted_faces import LOOKED_AT, tinted_faces
from impasto.settings import StyleSettings

FACE = Face((18, 14, 42, 44), 1.0, (24, 26), (36, 26), (30, 32), (25, 39), (35, 39))
GREY = Picture(np.full((60, 60, 3), 30_000, np.uint16))
MIDDLE, CORNER = (32, 30), (2, 2)


def style(colour: tuple[int, int, int]) -> Picture:
    return Picture(np.tile(np.array(colour, np.uint8), (16, 16, 1)))


RED, BLUE = style((190, 80, 70)), style((60, 80, 190))


def tinted(*styles: Picture, content: Picture = GREY, **more: Any) -> np.ndarray:
    """Oklab of a guide whose face is tinted, (60, 60, 3)."""
    given = {"where": (), "kept": (FACE,), "settings": StyleSettings(), **more}
    given = {"blend": (1.0,) * len(styles), **given}
    counts = (None,) * len(styles)
    where, kept, settings = given.pop("where"), given.pop("kept"), given.pop("settings")
    out = tinted_faces(GREY, content, styles, counts, where, kept, settings, **given)
    return to_oklab(out.floats)


def test_a_grey_face_has_the_colour_of_the_style_and_all_else_stays() -> None:
    lab = tinted(RED)
    assert lab[MIDDLE][1] > 0.05
    assert abs(lab[CORNER][1]) < 1e-3
    assert np.abs(lab[..., 0] - to_oklab(GREY.floats)[..., 0]).max() < 1e-3


def test_a_face_of_much_colour_takes_less_of_the_styles() -> None:
    vivid = Picture(np.full((60, 60, 3), (220, 60, 50), np.uint8))
    by_chroma = [
        tinted(BLUE, content=vivid, settings=StyleSettings(content_chroma=share))[MIDDLE][2]
        for share in (0.25, 0.75)
    ]
    assert by_chroma[0] < 2 * by_chroma[1] < -0.02
    assert tinted(BLUE)[MIDDLE][2] < by_chroma[0]


@pytest.mark.parametrize(
    "left",
    [
        {"settings": StyleSettings(color="match")},
        {"settings": StyleSettings(content_chroma=1.0)},
        {"kept": ()},
    ],
)
def test_nothing_is_tinted_where_the_colours_are_not_the_styles(left: dict[str, Any]) -> None:
    assert np.abs(tinted(RED, **left)[..., 1:]).max() < 1e-3


def test_styles_tint_together_by_their_shares_or_apart_by_their_masks() -> None:
    alone = tinted(RED)[MIDDLE][1]
    assert tinted(RED, BLUE, blend=(1.0, 0.0))[MIDDLE][1] == pytest.approx(alone, abs=1e-4)
    assert tinted(RED, BLUE)[MIDDLE][1] < 0.8 * alone
    left = torch.zeros(1, 1, 60, 60)
    left[..., :30] = 1
    lab = tinted(RED, BLUE, where=(left, 1 - left), blend=None)
    assert lab[32, 26][1] > 0.05
    assert lab[32, 34][2] < -0.05


def test_what_is_not_painted_is_not_tinted() -> None:
    assert np.abs(tinted(RED, where=(torch.zeros(1, 1, 60, 60),))[..., 1:]).max() < 1e-3


def test_a_large_face_is_tinted_as_a_small_one_with_no_seam() -> None:
    slope = np.linspace(0.2, 0.8, 60, dtype=np.float32)[:, None, None].repeat(60, 1).repeat(3, 2)
    small = Picture(np.rint(slope * 65535).astype(np.uint16))
    large = Picture(small.pixels.repeat(12, 0).repeat(12, 1))
    ours = (RED,), (None,), ()
    one = tinted_faces(small, small, *ours, (FACE,), StyleSettings(), blend=(1.0,)).floats
    face = FACE.moved(12, 12, 5.5, 5.5)
    other = tinted_faces(large, large, *ours, (face,), StyleSettings(), blend=(1.0,)).floats
    assert face.unit > 2 * LOOKED_AT
    few = to_oklab(other[6::12, 6::12])
    assert np.abs(few - to_oklab(one)).max() < 0.01
    assert np.abs(np.diff(other - large.floats, axis=0)).max() < 0.01


def test_a_face_beyond_the_picture_is_passed_over() -> None:
    assert np.abs(tinted(RED, kept=(FACE.moved(1, 1, 400, 0),))[..., 1:]).max() < 1e-3
