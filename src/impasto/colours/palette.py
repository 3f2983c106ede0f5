"""A palette: a few colours, as a person writes them and as settings keep them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from impasto.chinese import simplified
from impasto.colours.catalogue import find
from impasto.errors import SettingError

__all__ = ["MOST_COLOURS", "parse_palette"]

MOST_COLOURS = 12
"""How many colours a palette may have: more are no choice of colours any more."""


def parse_palette(value: str | Sequence[str]) -> tuple[str, ...]:
    """The colours of a palette, as "#rrggbb" in lower case, each once, in their order.

    Args:
        value: colours with commas, 、 or semicolons between, or a list of them: names, as
            `impasto.colours.find` knows them, or #rgb or #rrggbb.

    Raises:
        SettingError: no colour, more than `MOST_COLOURS`, or something after # that is none.
        UnknownNameError: a name that no colour has; the nearest are told.

    Example:
        >>> parse_palette("ochre, #2040A0、石青")
        ('#c8923b', '#2040a0', '#1685a9')
        >>> parse_palette(["#fff", "white"])
        ('#ffffff',)
    """
    parts = re.split("[,、;]", simplified(value)) if isinstance(value, str) else list(value)
    colours = dict.fromkeys(_value(part.strip()) for part in parts if part.strip())
    if not 1 <= len(colours) <= MOST_COLOURS:
        raise SettingError(
            f"a palette has 1 to {MOST_COLOURS} colours, and this one {len(colours)}: write them "
            "like ochre,#2040a0,石青"
        )
    return tuple(colours)


def _value(part: str) -> str:
    """One colour as "#rrggbb"."""
    text = simplified(part).lower()
    if not text.startswith("#"):
        return find(part).value
    if re.fullmatch("#[0-9a-f]{6}", text):
        return text
    if re.fullmatch("#[0-9a-f]{3}", text):
        return "#" + "".join(2 * digit for digit in text[1:])
    raise SettingError(
        f"{part!r} is no colour: write # and six hexadecimal digits, like #2040a0, or a name"
    )
