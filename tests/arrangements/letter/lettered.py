"""A style picture that is known by thought: a bright bar on black, with a red rim around it."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from numpy.typing import NDArray

from impasto.imaging import Picture

FONT = str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans-Bold.ttf")
SIDE, TOP, BOTTOM, LEFT, RIGHT = 64, 26, 38, 10, 54  # of the bar, 12 px high
GLOW_PX = 6  # the red around it


def bar() -> NDArray[np.bool_]:
    where = np.zeros((SIDE, SIDE), bool)
    where[TOP:BOTTOM, LEFT:RIGHT] = True
    return where


def effect() -> Picture:
    pixels = np.zeros((SIDE, SIDE, 3), np.uint8)
    pixels[TOP - GLOW_PX : BOTTOM + GLOW_PX, LEFT - GLOW_PX : RIGHT + GLOW_PX] = (160, 0, 0)
    pixels[bar()] = (255, 220, 120)
    return Picture(pixels, name="effect.png")


def texture() -> Picture:
    noise = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    return Picture(noise, name="texture.png")


def mask(where: NDArray[np.bool_], name: str = "mask.png") -> Picture:
    return Picture(np.repeat(np.where(where, 255, 0).astype(np.uint8)[..., None], 3, 2), name=name)
