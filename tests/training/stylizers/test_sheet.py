from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from impasto.imaging import Picture
from impasto.training.stylizers.sheet import training_sheet


def test_of_many_styles_eight_are_shown_beside_each_photograph(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def paint(_network: Any, code: str, photograph: Picture) -> Picture:
        asked.append(code)
        return Picture(np.full_like(photograph.pixels, 200))

    monkeypatch.setattr("impasto.training.stylizers.sheet.paint", paint)
    network: Any = SimpleNamespace(code=lambda name: name)
    grey = torch.full((1, 3, 8, 8), 90, dtype=torch.uint8)
    styles = {f"style {number}": grey for number in range(9)}
    tall, short = (
        training_sheet("step 1 of 2", network, some, [grey, grey]).height
        for some in (styles, {"style 0": grey})
    )
    assert asked[:16] == [f"style {number}" for number in range(8) for _ in range(2)]
    one_row = (tall - short) / 7
    assert short == pytest.approx(2 * one_row, abs=one_row / 4)  # photographs, and a style
