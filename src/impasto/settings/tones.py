"""Palettes and tones: what colours a painting is asked to have, as settings keep them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from impasto.colours import parse_weighted
from impasto.errors import SettingError, UnknownNameError
from impasto.text import parse_layers

__all__ = ["MOST_TONE", "TONES", "Palette", "Tones", "checked_tones"]

TONES = (
    *("dark", "light", "high-contrast", "soft"),
    *("warm", "cold", "vivid", "muted", "sepia", "monochrome"),
)
"""Every tone: four of light, then six of colour, in the order in which they are laid on."""

MOST_TONE = 2.0
"""The largest amount of a tone; 1 is clearly that tone, and 0 is none of it."""


def checked_tones(value: Any) -> Any:
    """Tones with their amounts, in the order of `TONES`, from "cold=0.5,dark" or a mapping.

    Args:
        value: a name alone has the amount 1, and an amount of 0 leaves its tone out; "none" is no
            tone at all.

    Raises:
        UnknownNameError: there is no such tone.
        SettingError: an amount that is not from 0 to `MOST_TONE`.

    Example:
        >>> checked_tones("cold=0.5, dark")
        {'dark': 1.0, 'cold': 0.5}
        >>> checked_tones("none")
        {}
    """
    amounts = {} if value == "none" else parse_layers(value)
    if not isinstance(amounts, Mapping):
        return amounts
    for name, amount in amounts.items():
        if name not in TONES:
            raise UnknownNameError("tone", str(name), TONES)
        if not isinstance(amount, int | float) or not 0 <= amount <= MOST_TONE:
            raise SettingError(
                f"the amount of the tone {name} is {amount}: give a number from 0 to {MOST_TONE:g}"
            )
    return {name: float(amounts[name]) for name in TONES if amounts.get(name)}


def _palette(value: Any) -> Any:
    """Colours as "#rrggbb:3"; what is no text and no list of texts is left to the model."""
    listed = isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)
    return parse_weighted(value) if isinstance(value, str) or listed else value


Palette = Annotated[tuple[str, ...], BeforeValidator(_palette)]
Tones = Annotated[dict[str, Annotated[float, Field(ge=0)]], BeforeValidator(checked_tones)]
