from __future__ import annotations

import pytest

pytest.importorskip("scipy", reason="the painters need the authoring packages")

from impasto.painters.field import working_grid


@pytest.mark.parametrize(("width", "height"), [(640, 512), (100, 200)])
def test_a_working_grid_spans_the_same_range_whatever_the_ratio(width: int, height: int) -> None:
    x, y, _ = working_grid(width, height, 2, 0.5)
    assert x.shape == y.shape == (2 * height, 2 * width)
    assert x[0, 0] + x[0, -1] == pytest.approx(1.25)  # pixel centres, half a pixel off each end
    assert y[0, 0] + y[-1, 0] == pytest.approx(1)


def test_the_unit_is_a_pixel_of_640_but_never_too_small() -> None:
    assert working_grid(640, 512, 2, 0.5)[2] == 2
    assert working_grid(32, 20, 1, 0.5)[2] == 0.5
