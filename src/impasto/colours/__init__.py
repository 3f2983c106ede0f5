"""Names of colours in English and Chinese, and palettes made of them.

`parse_palette` reads what a person writes ("ochre, #2040a0, 石青"); `find` gives one colour by its
name, and `nearest` the name that comes closest to a value. The names stand in `names.toml`.
Nothing here needs more than Python itself.
"""

from __future__ import annotations

from impasto.colours.catalogue import Colour, catalogue, find, known_names
from impasto.colours.oklab import distance, from_oklab, mixed, nearest, oklab
from impasto.colours.palette import MOST_COLOURS, amounts_of, parse_palette, parse_weighted

__all__ = [
    "MOST_COLOURS",
    "Colour",
    "amounts_of",
    "catalogue",
    "distance",
    "find",
    "from_oklab",
    "known_names",
    "mixed",
    "nearest",
    "oklab",
    "parse_palette",
    "parse_weighted",
]
