from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import tiles
from impasto import samples


def test_a_painting_in_tiles_is_measured_beside_what_was_predicted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tiles.STEPS, 256, 3)
    monkeypatch.setitem(tiles.WAYS, "tiles in files", ("--tile", "128"))
    photo, style = samples.content("chelsea"), samples.style("swirls")
    figures = tiles.measure(photo, style, 256, "tiles in files", tmp_path)
    assert (figures.size, figures.steps) == (256, 1)
    assert 0 < figures.predicted_mb < 2 * figures.peak_mb
    assert not list(tmp_path.iterdir())
