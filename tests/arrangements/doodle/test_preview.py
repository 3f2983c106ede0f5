from __future__ import annotations

from typing import Any

import numpy as np

from impasto.arrangements.doodle.preview import preview
from impasto.imaging.color.oklab import to_oklab


def test_a_preview_shows_each_region_in_its_own_colours(studio: Any) -> None:
    picture = preview(studio.drawing, studio.painting, studio.labels, size=96)
    assert picture.size == (96, 64)
    lab = to_oklab(np.asarray(picture) / 255)
    sand, sky, sea = (np.median(lab[:, left + 8 : left + 24], (0, 1)) for left in (0, 32, 64))
    assert sea[0] < sand[0] < sky[0] + 0.1
    assert sand[2] > sky[2]
