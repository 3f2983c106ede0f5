from __future__ import annotations

import numpy as np
import pytest

from impasto.imaging.color.bands import bands


@pytest.mark.parametrize("shape", [(1, 1, 3), (700, 1000, 3), (3, 100_000), (65, 1024, 3)])
def test_bands_hold_every_row_once(shape: tuple[int, ...]) -> None:
    met = np.zeros(shape[0], int)
    for rows in bands(np.broadcast_to(0.0, shape)):
        met[rows] += 1
        assert rows.stop <= shape[0]
    assert (met == 1).all()
