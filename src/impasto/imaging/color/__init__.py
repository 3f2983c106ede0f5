"""Colours of whole pictures, as functions of arrays: mixed, taken over, kept.

Pictures are (H, W, 3) arrays of floats, sRGB in [0, 1]; weights are (H, W), at least 0. Nothing
here knows of networks, files or transparency: the caller's weights say which pixels count.

`mix` lays pictures over each other as light. `match` and `match_histogram` give a picture the
colours of another; `luminance` gives a painting those of the photograph, and `match_light` prepares
its style image. `colourfulness` tells how much colour there is, and `paled` leaves a share of it.
`tinted` gives it those that another has at each lightness. `within_palette` paints it in a few
colours, and `toned` darker, warmer or paler. `to_oklab` leads to the space in which lightness and
colour are apart, and `from_oklab` back.
"""

from __future__ import annotations

from impasto.imaging.color.arrays import bands
from impasto.imaging.color.colourfulness import colourfulness, paled, thinned
from impasto.imaging.color.histogram import match_histogram
from impasto.imaging.color.light import from_linear, mix, to_linear
from impasto.imaging.color.luminance import grey, luminance, match_light
from impasto.imaging.color.match import linear_move, match, match_moments, moments
from impasto.imaging.color.oklab import from_oklab, to_oklab
from impasto.imaging.color.palette import (
    PaletteMove,
    palette_distance,
    towards_palette,
    within_palette,
)
from impasto.imaging.color.tints import chroma, tinted, tints
from impasto.imaging.color.tone import toned

__all__ = [
    "PaletteMove",
    "bands",
    "chroma",
    "colourfulness",
    "from_linear",
    "from_oklab",
    "grey",
    "linear_move",
    "luminance",
    "match",
    "match_histogram",
    "match_light",
    "match_moments",
    "mix",
    "moments",
    "paled",
    "palette_distance",
    "thinned",
    "tinted",
    "tints",
    "to_linear",
    "to_oklab",
    "toned",
    "towards_palette",
    "within_palette",
]
