"""Words for colours, so that a table of them can be read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.color.oklab import to_oklab

__all__ = ["COLOURS", "word_of"]

# Names that most languages have (Berlin and Kay, 1969), each with some sRGB colours that have it.
COLOURS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "black": ("#000000", "#1e1a1a"),
        "dark grey": ("#404040",),
        "grey": ("#808080",),
        "light grey": ("#c4c4c4",),
        "white": ("#ffffff", "#e8e8e4"),
        "red": ("#ff0000", "#c00000", "#e04030"),
        "dark red": ("#701818",),
        "orange": ("#ff8c1e", "#e07030"),
        "yellow": ("#ffe132", "#ffff00", "#e0c850"),
        "ochre": ("#be9646",),
        "beige": ("#e6d2aa",),
        "brown": ("#6e4628", "#8c6440", "#4b3a2c"),
        "olive": ("#78783c", "#a0a050"),
        "green": ("#00ff00", "#00a000", "#50a050", "#80c080"),
        "dark green": ("#1e5028", "#304830", "#1e2820"),
        "turquoise": ("#00c8c8", "#409090", "#80d0d0", "#00ffff"),
        "light blue": ("#96bee6", "#a8c4dc"),
        "blue": ("#0000ff", "#2846dc", "#4070c0", "#5080b0"),
        "dark blue": ("#141e64", "#303c60"),
        "grey blue": ("#6e7d96", "#8298ac"),
        "purple": ("#8232a0", "#ff00ff", "#604878", "#7a5fb4"),
        "pink": ("#f096b4", "#ffc0cb", "#c88090"),
    }
)
_ANCHORS = [(word, colour) for word, colours in COLOURS.items() for colour in colours]
_LEVELS = [[int(colour[n : n + 2], 16) for n in (1, 3, 5)] for _, colour in _ANCHORS]
_LAB = to_oklab(np.array([_LEVELS]) / 255)[0]


def word_of(colour: NDArray[np.floating]) -> str:
    """The nearest of the words for a colour of Oklab.

    Example:
        >>> word_of(np.array([1.0, 0.0, 0.0]))
        'white'
    """
    return _ANCHORS[int(np.square(_LAB - colour).sum(1).argmin())][0]
