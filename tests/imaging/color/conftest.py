from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture
def noise() -> NDArray[np.float64]:
    """(60, 80, 3): every colour of sRGB is as likely as any other."""
    return np.random.default_rng(0).random((60, 80, 3))


@pytest.fixture
def sunset() -> NDArray[np.float64]:
    """(50, 70, 3): smooth, warm at the top, dark blue at the bottom, a little noise all over."""
    y, x = np.mgrid[0:1:50j, 0:1:70j]
    clean = np.stack([0.9 - 0.7 * y, 0.5 - 0.3 * y + 0.1 * x, 0.2 + 0.3 * y * x], axis=-1)
    return clean + np.random.default_rng(1).normal(0, 0.02, clean.shape)
