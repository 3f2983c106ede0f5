from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from benchmarks.film.style import StyleReader, refuse_learnt
from benchmarks.time_to_quality.judge import Judge
from impasto.errors import SettingError


def test_the_style_itself_is_at_no_distance_and_a_blurred_one_is(
    judge_file: Path, texture: Any, tmp_path: Path
) -> None:
    style = texture(48, 64, 0)
    Image.fromarray(style).save(tmp_path / "wave.png")
    reader = StyleReader(Judge(judge_file), tmp_path / "wave.png", (48, 64))
    assert reader(style) == pytest.approx(0, abs=1e-4)
    blurred = Image.fromarray(style).resize((8, 6), Image.Resampling.BOX).resize((64, 48))
    assert reader(np.asarray(blurred)) > 0.01


def test_only_styles_that_are_held_out_are_taken() -> None:
    refuse_learnt([Path("great-wave.jpg"), Path("mosaic.png")])
    with pytest.raises(SettingError, match=r"candy\.jpg is no style that is held out"):
        refuse_learnt([Path("great-wave.jpg"), Path("candy.jpg")])
