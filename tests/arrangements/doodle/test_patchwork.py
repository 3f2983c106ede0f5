from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from impasto.arrangements.doodle.patchwork import laid_out
from impasto.imaging import Picture
from impasto.imaging.color.oklab import to_oklab


def whole(_: tuple[int, int]) -> tuple[int, int]:
    return 64, 96


@pytest.fixture
def regions() -> NDArray[np.intp]:
    return np.repeat(np.arange(64) // 22, 96).reshape(64, 96).clip(0, 2)


def test_each_region_is_laid_out_in_its_own_colours(studio: Any, regions: NDArray[np.intp]) -> None:
    drawn = regions.T[:64, :].copy()  # upright bands
    layout = laid_out(studio.painting, regions, drawn, drawn.shape, whole)
    assert layout.shape == (64, 64, 3)
    lab, painted = to_oklab(layout), to_oklab(studio.painting.floats)
    for n in range(3):
        mine = np.median(lab[drawn == n], 0)
        distances = [np.linalg.norm(mine - np.median(painted[regions == m], 0)) for m in range(3)]
        assert int(np.argmin(distances)) == n


def test_a_drawing_of_the_painting_itself_is_nearly_the_painting(
    studio: Any, regions: NDArray[np.intp]
) -> None:
    layout = laid_out(studio.painting, regions, regions, (64, 96), whole)
    assert np.abs(layout - studio.painting.floats).mean() < 0.06


def test_a_region_that_shades_from_top_to_bottom_does_so_again() -> None:
    light = np.repeat(np.linspace(40, 220, 64)[:, None], 96, 1)
    painting = Picture(np.repeat(light[..., None], 3, -1).astype(np.uint8))
    one = np.zeros((64, 96), np.intp)
    layout = laid_out(painting, one, one, (96, 64), whole)
    rows = layout.mean((1, 2))
    assert rows[-10:].mean() - rows[:10].mean() > 0.4


def test_the_layout_has_the_size_that_was_asked_for(studio: Any, regions: NDArray[np.intp]) -> None:
    layout = laid_out(studio.painting, regions, regions, (128, 192), whole, finest=64)
    assert layout.shape == (128, 192, 3)
    assert layout.min() >= 0
    assert layout.max() <= 1


def test_the_same_drawing_is_laid_out_the_same(studio: Any, regions: NDArray[np.intp]) -> None:
    one, other = (laid_out(studio.painting, regions, regions, (64, 96), whole) for _ in range(2))
    assert (one == other).all()


def test_a_drawing_one_px_high_is_laid_out_without_holes(
    studio: Any, regions: NDArray[np.intp]
) -> None:
    drawn = np.zeros((1, 4000), np.intp)
    layout = laid_out(studio.painting, regions, drawn, (1, 4000), whole)
    assert np.isfinite(layout).all()
