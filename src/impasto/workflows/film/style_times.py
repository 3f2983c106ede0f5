"""Which styles paint a film when: `--style-at 0:10=b.jpg`, with a blend between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from impasto.errors import SettingError

__all__ = ["StyleTimes", "parse_style_at", "parse_time", "style_times"]

Shares = tuple[float, ...]


def parse_time(text: str, what: str = "a time") -> Fraction:
    """Seconds from "12.5", "1:02.5" or "1:02:03".

    Args:
        text: hours and minutes may be left out.
        what: it is, for messages.

    Raises:
        SettingError: it is none.

    Example:
        >>> parse_time("1:02.5"), parse_time("12")
        (Fraction(125, 2), Fraction(12, 1))
    """
    found = re.fullmatch(r"\s*(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,7}(?:\.\d{1,9})?)\s*", text)
    if found is None:
        raise SettingError(
            f"{what} is {text!r}: give seconds, as 12.5, or minutes and seconds, as 1:02.5"
        )
    hours, minutes, seconds = found.groups(default="0")
    return Fraction(seconds) + 60 * int(minutes) + 3600 * int(hours)


def parse_style_at(text: str) -> tuple[Fraction, str]:
    """The time and the style of "TIME=STYLE".

    Raises:
        SettingError: it is not of that form.

    Example:
        >>> parse_style_at("0:10=b.jpg")
        (Fraction(10, 1), 'b.jpg')
    """
    time, mark, style = text.partition("=")
    if not mark or not style.strip():
        raise SettingError(f"style-at is {text!r}: give TIME=STYLE, as 0:10=painting.jpg")
    return parse_time(time, "the time of style-at"), style.strip()


@dataclass(frozen=True)
class StyleTimes:
    """The share that each style has at each time.

    Attributes:
        keys: (seconds, shares): from then on these are wished; in the order of time, the first
            holding before its time too.
        fade: seconds in which shares move to those wished, evenly; 0 for at once.

    Example:
        >>> times = StyleTimes(((Fraction(0), (1.0, 0.0)), (Fraction(10), (0.0, 1.0))), 2.0)
        >>> times.at(Fraction(9)), times.at(Fraction(11)), times.at(Fraction(12))
        ((1.0, 0.0), (0.5, 0.5), (0.0, 1.0))
    """

    keys: tuple[tuple[Fraction, Shares], ...]
    fade: float = 0.0

    def at(self, time: Fraction) -> Shares:
        """The shares at a time in the film, in seconds; their sum is 1."""
        now = self.keys[0][1]
        ends = [begun for begun, _ in self.keys[2:]] + [time]
        for (begun, wished), end in zip(self.keys[1:], ends, strict=False):
            if time < begun:
                break
            gone = float(min(time, end) - begun)
            moved = min(1.0, gone / self.fade) if self.fade > 0 else 1.0
            now = tuple(a + (b - a) * moved for a, b in zip(now, wished, strict=True))
        return now

    def as_json(self) -> dict[str, Any]:
        """For a journal."""
        return {"keys": [[str(t), list(shares)] for t, shares in self.keys], "fade": self.fade}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> StyleTimes:
        """What `as_json` gave."""
        keys = tuple((Fraction(time), tuple(shares)) for time, shares in data["keys"])
        return cls(keys, data["fade"])


def style_times(
    styles: Sequence[str],
    blend: Sequence[float] | None,
    later: Sequence[tuple[Fraction, str]],
    fade: float,
) -> tuple[tuple[str, ...], StyleTimes]:
    """All styles of a film, and their shares at each time.

    Args:
        styles: that it begins in, blended; none where `later` says them all.
        blend: the setting `style_blend`, their shares; None for equal ones.
        later: (seconds, style): from then on that style alone paints.
        fade: seconds from the one to the next.

    Raises:
        SettingError: two styles at one time, or a time below which there is none.

    Example:
        >>> names, times = style_times(["a"], None, [(Fraction(5), "b"), (Fraction(9), "a")], 1.0)
        >>> names, times.at(Fraction(0)), times.at(Fraction(7)), times.at(Fraction(20))
        (('a', 'b'), (1.0, 0.0), (0.0, 1.0), (1.0, 0.0))
    """
    later = sorted(later, key=lambda pair: pair[0])
    for (one, _), (other, name) in pairwise(later):
        if one == other:
            raise SettingError(
                f"style-at has two styles at {float(one):g} s: give {name} a time of its own"
            )
    names = tuple(dict.fromkeys([*styles, *(name for _, name in later)]))
    keys: list[tuple[Fraction, Shares]] = []
    if styles:
        parts = list(blend or [1.0] * len(styles))
        shares = [0.0] * len(names)
        for name, part in zip(styles, parts, strict=True):
            shares[names.index(name)] += part / sum(parts)
        keys.append((Fraction(0), tuple(shares)))
    keys += [(time, tuple(float(name == each) for each in names)) for time, name in later]
    return names, StyleTimes(tuple(keys) or ((Fraction(0), (1.0,)),), fade)
