from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the extra words is not installed")

from impasto.painters.stick import Sheet, rub, tooth

BLACK = np.zeros((1, 3), np.float32)


def white(depth: np.ndarray) -> Sheet:
    return Sheet(np.ones((*depth.shape, 3), np.float32), depth.astype(np.float32))


def drawn(sheet: Sheet, pressure: float) -> np.ndarray:
    """How dark the sheet is after a stroke of 20 px along its middle."""
    rows, columns = sheet.depth.shape
    across = np.linspace(-10, columns + 10, 5)
    path = np.stack([across, np.full(5, rows / 2)], axis=-1)[None].astype(np.float32)
    pressed = np.array([pressure], np.float32)
    random = np.random.default_rng(0)
    rub(sheet, path, np.array([20], np.float32), BLACK, pressed, random, cover=1.0, taper=0.0)
    return 1 - sheet.colour[..., 0]


def test_a_stick_marks_what_stands_out_and_leaves_the_hollows() -> None:
    depth = np.tile(np.where(np.arange(64) % 2, 0.0, 1.0), (48, 1))
    dark = drawn(white(depth), 0.6)
    middle = dark[20:28, 8:56]
    assert (middle[:, 1::2] == 1).all()
    assert (middle[:, ::2] == 0).all()
    assert (dark[:8] == 0).all()  # beyond the stroke


def test_the_harder_it_is_pressed_the_more_is_marked() -> None:
    depth = np.random.default_rng(1).random((48, 64))
    light, hard = (drawn(white(depth), pressure)[20:28].mean() for pressure in (0.3, 0.9))
    assert 0 < light < 0.35 < hard
    assert drawn(white(depth), 0.0).max() == 0


def test_depths_of_a_paper_are_all_as_frequent() -> None:
    depth = tooth(200, 240, 2.0, np.random.default_rng(2), 0.4)
    shares, _ = np.histogram(depth, 4, (0, 1))
    assert shares.sum() == depth.size
    assert shares / depth.size == pytest.approx([0.25] * 4, abs=0.05)


def test_a_finger_blends_where_it_rubs_alone() -> None:
    sheet = white(np.zeros((20, 40)))
    sheet.colour[:, 20:] = 0
    where = np.zeros((20, 40), np.float32)
    where[:10] = 1
    sheet.smudge(where, 3.0)
    assert 0.2 < sheet.colour[4, 20, 0] < 0.8
    assert set(np.unique(sheet.colour[15])) == {0.0, 1.0}
