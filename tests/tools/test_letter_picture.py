"""Letterings on one page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from impasto.reports.sheet import PAPER
from tests.arrangements.letter.lettered import FONT, bar, effect, mask
from tools.letter_picture import Lettering, sheet
from tools.page import MARGIN, WIDTH


def test_letterings_stand_beside_their_styles(tmp_path: Path) -> None:
    Image.fromarray(effect().pixels).save(tmp_path / "bar.png")
    Image.fromarray(mask(bar()).pixels).save(tmp_path / "bar-text.png")
    letterings = (Lettering("Hi", "bar.png", "bar-text.png"), Lettering("Ho", "swirls"))
    quick = {"size": 64, "steps": 1, "threads": 1, "font": FONT}
    page = sheet(letterings, tmp_path, **quick)
    assert page.width == WIDTH
    pixels = np.asarray(page)
    assert (pixels[: MARGIN // 2] == PAPER).all()
    assert (pixels != PAPER).any(2)[:, : WIDTH // 2].any()
    assert (pixels != PAPER).any(2)[:, WIDTH // 2 :].any()
