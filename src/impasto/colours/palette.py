"""A palette: a few colours, as a person writes them and as settings keep them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from impasto.chinese import simplified
from impasto.colours.catalogue import find
from impasto.errors import SettingError

__all__ = ["MOST_COLOURS", "amounts_of", "parse_palette", "parse_weighted"]

MOST_COLOURS = 12
"""How many colours a palette may have: more are no choice of colours any more."""

LEAST_AMOUNT, MOST_AMOUNT = 1e-6, 1e6


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
    colours = dict.fromkeys(_value(part) for part in _parts(value))
    _check_count(colours)
    return tuple(colours)


def parse_weighted(value: str | Sequence[str]) -> tuple[str, ...]:
    """The colours of a palette with their amounts, as "#rrggbb:0.85".

    Args:
        value: as for `parse_palette`; each colour may have a colon and an amount behind it, beside
            those of the others, of which one without has 1.

    Returns:
        The colours, each once; amounts that are all alike are left out.

    Raises:
        SettingError: as for `parse_palette`, or an amount that is no number or out of range.
        UnknownNameError: as for `parse_palette`.

    Example:
        >>> parse_weighted("navy:3, gold")
        ('#000080:3', '#ffd700:1')
        >>> parse_weighted("navy:2,gold:2")
        ('#000080', '#ffd700')
    """
    parts = [part.replace("：", ":") for part in _parts(value)]
    amounts: dict[str, float] = {}
    for part in parts:
        name, colon, amount = part.partition(":")
        colour = _value(name.strip())
        before = amounts.get(colour, 0.0)
        amounts[colour] = before + _amount(part, amount if colon else "1", before)
    _check_count(amounts)
    # As they are written, so that what is read again is the same.
    written = {colour: f"{amount:.10g}" for colour, amount in amounts.items()}
    if not any(":" in part for part in parts) or len(set(written.values())) == 1:
        return tuple(amounts)
    return tuple(f"{colour}:{amount}" for colour, amount in written.items())


def amounts_of(palette: Sequence[str]) -> list[float] | None:
    """How much there is of each colour of a palette, 1 together; None where nothing says it.

    Args:
        palette: as `parse_weighted` gives it.

    Example:
        >>> amounts_of(("#000080:3", "#ffd700:1")), amounts_of(("#000080", "#ffd700"))
        ([0.75, 0.25], None)
    """
    amounts = [float(amount or 1) for _, _, amount in (colour.partition(":") for colour in palette)]
    if not any(":" in colour for colour in palette):
        return None
    return [amount / sum(amounts) for amount in amounts]


def _parts(value: str | Sequence[str]) -> list[str]:
    parts = re.split("[,、;]", simplified(value)) if isinstance(value, str) else list(value)
    return [part.strip() for part in parts if part.strip()]


def _check_count(colours: Collection[str]) -> None:
    if not 1 <= len(colours) <= MOST_COLOURS:
        raise SettingError(
            f"a palette has 1 to {MOST_COLOURS} colours, and this one {len(colours)}: write them "
            "like ochre,#2040a0,石青"
        )


def _amount(part: str, text: str, before: float) -> float:
    """The amount that a part adds to what there is of its colour."""
    try:
        amount = float(text)
    except ValueError:
        amount = 0.0
    if not LEAST_AMOUNT <= amount <= MOST_AMOUNT - before:  # nor is what is no number
        raise SettingError(
            f"{part} brings its colour to no amount from {LEAST_AMOUNT:g} to {MOST_AMOUNT:.0f}: "
            "give a number behind the colon, like navy:3"
        )
    return amount


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
