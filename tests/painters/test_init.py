"""All painters, at a tiny size."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from impasto.errors import MissingPackageError
from impasto.painters import DIRECTED, NAMES, PaintSource, paint

SMALL = {"width": 80, "height": 64}
PALETTE = ("#c8923b", "#20508a")


def test_light_names_load_neither_numpy_nor_torch() -> None:
    code = (
        "import sys; from impasto.painters import PaintSource; PaintSource.parse('paint:oil'); "
        "print({'numpy', 'torch', 'scipy', 'PIL'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_a_missing_package_is_told_with_its_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("impasto.painters.find_spec", lambda _name: None)
    with pytest.raises(MissingPackageError, match=r"paint:oil needs .* 'impasto\[words\]'"):
        paint(PaintSource("oil"))


if importlib.util.find_spec("scipy") is None or importlib.util.find_spec("skimage") is None:
    pytest.skip("painting needs the extra words", allow_module_level=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_painter_heeds_palette_scale_and_seed_and_repeats_itself(name: str) -> None:
    asked = PaintSource(name, PALETTE, **SMALL)
    picture = paint(asked)
    assert picture.shape == (64, 80, 3)
    assert picture.dtype == np.uint8
    assert np.array_equal(picture, paint(asked))
    others = [PaintSource(name, **SMALL), PaintSource(name, PALETTE, scale=2, **SMALL)]
    others.append(PaintSource(name, PALETTE, seed=8, **SMALL))
    assert not any(np.array_equal(picture, paint(other)) for other in others)


@pytest.mark.parametrize("name", sorted(DIRECTED))
def test_strokes_lie_in_their_direction(name: str) -> None:
    def turned(degrees: float) -> float:
        """How much of the picture's edges lie along one diagonal rather than the other."""
        source = PaintSource(name, PALETTE, direction=degrees, width=160, height=128)
        grey = paint(source).mean(axis=-1)
        slope_y, slope_x = np.gradient(grey)
        return float((slope_x * slope_y).mean() / (slope_x**2 + slope_y**2).mean())

    # Strokes at 45 degrees, from bottom left to top right, have slopes of equal signs.
    assert turned(45) > turned(135) + 0.05
