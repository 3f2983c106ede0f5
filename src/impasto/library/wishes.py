"""What may be wished of a picture: words for ranges of what is measured of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf
from types import MappingProxyType
from typing import Literal

from impasto.errors import SettingError, UnknownNameError
from impasto.library.attributes import COLOURS, NUMBERS

__all__ = ["WISHES", "Wish", "wishes_of"]

NOT = "not "


@dataclass(frozen=True)
class Wish:
    """What one attribute should be.

    Attributes:
        attribute: of `impasto.library.Attributes`: one of `NUMBERS`, or of `COLOURS`, whose value
            is its share of the picture.
        low, high: the range that it should lie in; beyond it a picture fits the less the farther.
        toward: "high" or "low" in place of a range: the more, or the less, than the others have.
        weight: beside other wishes, above 0.
        avoid: whether a picture fits the better the less all this is so.

    Raises:
        UnknownNameError: no such attribute.
        SettingError: an empty range, or a weight of 0 and less.
    """

    attribute: str
    low: float = -inf
    high: float = inf
    toward: Literal["high", "low"] | None = None
    weight: float = 1.0
    avoid: bool = False

    def __post_init__(self) -> None:
        if self.attribute not in (known := (*NUMBERS, *COLOURS)):
            raise UnknownNameError("measured attribute", self.attribute, known)
        if not self.low <= self.high:
            raise SettingError(
                f"{self.attribute} should lie from {self.low:g} to {self.high:g}, which is no "
                "range: give the lower first"
            )
        if not 0 < self.weight < inf:
            raise SettingError(f"the weight of a wish is {self.weight:g}: give one above 0")

    def contrary(self) -> Wish:
        """What `not` makes of it.

        Example:
            >>> Wish("lightness", low=0.7).contrary().avoid
            True
        """
        return replace(self, avoid=not self.avoid)


def _toward(*steps: tuple[str, Literal["high", "low"], float]) -> tuple[Wish, ...]:
    return tuple(Wish(name, toward=toward, weight=weight) for name, toward, weight in steps)


_WISHES = {name: (Wish(name, toward="high"),) for name in COLOURS} | {
    "warm": (Wish("warmth", low=0.05),),
    "cold": (Wish("warmth", high=-0.01),),
    "light": (Wish("lightness", low=0.72),),
    "dark": (Wish("lightness", high=0.45),),
    "contrasty": _toward(("contrast", "high", 1)),
    "soft": _toward(("contrast", "low", 0.7), ("hardness", "low", 0.3)),
    "vivid": _toward(("chroma", "high", 1)),
    "muted": (Wish("chroma", low=0.02, high=0.06),),
    "fine": _toward(("stroke_px", "low", 1)),
    "broad": _toward(("stroke_px", "high", 1)),
    "swirling": _toward(("swirl", "high", 0.8), ("coherence", "high", 0.2)),
    "straight": _toward(("coherence", "high", 0.5), ("swirl", "low", 0.5)),
    "flat": _toward(("flatness", "high", 1)),
    "textured": _toward(("flatness", "low", 1)),
    "crisp": _toward(("hardness", "high", 1)),
    "blurred": _toward(("hardness", "low", 1)),
}
WISHES: Mapping[str, tuple[Wish, ...]] = MappingProxyType(_WISHES)
"""Words, and what each wishes; `not ` before a word wishes the contrary."""


def wishes_of(wishes: Iterable[str | Wish]) -> list[tuple[Wish, ...]]:
    """Every word as the wishes that it stands for, and every wish as it is.

    Raises:
        UnknownNameError: a word that is none of `WISHES`.

    Example:
        >>> [[(w.attribute, w.avoid) for w in word] for word in wishes_of(["not dark"])]
        [[('lightness', True)]]
    """
    found: list[tuple[Wish, ...]] = []
    for wish in wishes:
        if isinstance(wish, Wish):
            found.append((wish,))
            continue
        word = wish.removeprefix(NOT)
        if word not in WISHES:
            raise UnknownNameError("wish", word, WISHES)
        parts = WISHES[word]
        found.append(tuple(part.contrary() for part in parts) if word != wish else parts)
    return found
