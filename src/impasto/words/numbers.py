"""Numbers in words about a painting: shares, parts and ratios, in figures, English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

__all__ = ["Number", "number_at", "wrong_share_at"]

_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH = {
    **{word: number for number, word in enumerate(_ONES, 1)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
    "hundred": 100,
}
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}

_N = r"(\d+(?:\.\d+)?)"
_HAN = "[一二两三四五六七八九十]"
_HAN_NUMBER = "(?:[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_PERCENT = r"\s*(?:%|percent\b|per cent\b)"
_WORD = "|".join(_ENGLISH)
_PART = "|".join(_PARTS)


class Number(NamedTuple):
    """A number that words hold.

    Attributes:
        kind: "fraction" of the whole, "parts", "ratio" of the styles in their order, or "times":
            how much more of one than of another.
        values: from 0 up; one, but for a ratio.
        length: how many characters it has.
    """

    kind: str
    values: tuple[float, ...]
    length: int


def number_at(text: str, at: int) -> Number | None:
    """The number that stands at a place of a text; None if none does.

    Args:
        text: as `impasto.words.spelling.normalized` gives it.
        at: from 0.

    Example:
        >>> number_at("三分水彩", 0)
        Number(kind='fraction', values=(0.3,), length=2)
        >>> number_at("3:7", 0).values, number_at("two thirds oil", 0).length
        ((3.0, 7.0), 10)
    """
    for kind, pattern in _PATTERNS:
        if (found := pattern.match(text, at)) is None:
            continue
        values = _READ[kind](found)
        name = kind.partition(" ")[0]
        if values and all(0 <= value <= 1000 for value in values) and any(values):
            return Number(name, values, found.end() - at)
    return None


def wrong_share_at(text: str, at: int) -> int:
    """The length of a percentage that is no share of anything; 0 if none stands there.

    Example:
        >>> wrong_share_at("150 % oil", 0), wrong_share_at("0%", 0), wrong_share_at("70%", 0)
        (5, 2, 0)
    """
    found = _ANY_PERCENT.match(text, at)
    return found.end() - at if found and not 0 < float(found[1]) <= 100 else 0


def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    rows = [
        ("fraction percent", rf"{_N}{_PERCENT}"),
        ("fraction word percent", rf"\b({_WORD})(?:[\s-]({_WORD}))?\s+(?:percent|per cent)\b"),
        ("fraction hundredths", rf"百分之(?:{_N}|(一?百|{_HAN_NUMBER}))"),
        ("fraction han", rf"({_HAN_NUMBER})分之({_HAN_NUMBER})"),
        ("fraction slash", r"(\d+)\s*/\s*(\d+)"),
        ("ratio", rf"{_N}(?:\s*(?::|比)\s*{_N})+(?!\s*%)"),
        ("ratio han", rf"({_HAN})比({_HAN})(?:比({_HAN}))?"),
        ("ratio split", r"([一二三四五六七八九])([一二三四五六七八九])(?:开|分)"),
        ("fraction tenths", rf"(?:{_N}|([一二两三四五六七八九]))成(半)?"),
        ("fraction fen", rf"(?:{_N}|([一二两三四五六七八九]))分(?!之)"),
        ("parts", rf"{_N}\s*(?:parts?\b|shares?\b|measures?\b|份)"),
        ("parts word", rf"\b({_WORD})\s+(?:equal\s+)?(?:parts?|shares?|measures?)\b"),
        ("parts han", rf"({_HAN})份"),
        ("times more han", rf"多({_HAN})倍"),
        ("times", r"(twice|double)\b"),
        ("times figures", rf"{_N}\s*(?:times\b|x\b|倍)"),
        ("times word", rf"\b({_WORD})\s+times\b"),
        ("times han", rf"({_HAN})倍"),
        ("fraction parts", rf"\b(?:(a|one|two|three|four)[\s-]+)?({_PART})s?\b(?!\s+and\s+half)"),
        ("fraction half", r"(一半|各半|半)"),
        ("parts bare", rf"{_N}"),
    ]
    return [(kind, re.compile(pattern)) for kind, pattern in rows]


def _han(text: str) -> float:
    """一 to 九十九, and 百 or 一百."""
    if text.endswith("百"):
        return 100.0
    if "十" not in text:
        return float(_DIGITS[text])
    tens, _, ones = text.partition("十")
    return 10.0 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


def _either(found: re.Match[str]) -> float:
    """The number in figures, or else in characters."""
    return float(found[1]) if found[1] else _han(found[2])


def _words(found: re.Match[str]) -> float:
    return float(_ENGLISH[found[1]] + (_ENGLISH[found[2]] if found[2] else 0))


def _divided(over: float, under: float) -> tuple[float, ...]:
    return (over / under,) if 0 < over <= under else ()


_ANY_PERCENT = re.compile(_N + _PERCENT)
_PATTERNS = _patterns()
_READ: Mapping[str, Callable[[re.Match[str]], tuple[float, ...]]] = {
    "fraction percent": lambda found: _divided(float(found[1]), 100),
    "fraction word percent": lambda found: _divided(_words(found), 100),
    "fraction hundredths": lambda found: _divided(_either(found), 100),
    "fraction han": lambda found: _divided(_han(found[2]), _han(found[1])),
    "fraction slash": lambda found: _divided(float(found[1]), float(found[2])),
    "ratio": lambda found: tuple(map(float, re.findall(_N, found[0]))),
    "ratio han": lambda found: tuple(_han(part) for part in found.groups() if part),
    "ratio split": lambda found: (_han(found[1]), _han(found[2])),
    "fraction tenths": lambda found: _divided(_either(found) + (0.5 if found[3] else 0), 10),
    "fraction fen": lambda found: _divided(_either(found), 10),
    "parts": lambda found: (float(found[1]),),
    "parts word": lambda found: (float(_ENGLISH[found[1]]),),
    "parts han": lambda found: (_han(found[1]),),
    "times more han": lambda found: (1 + _han(found[1]),),
    "times": lambda _: (2.0,),
    "times figures": lambda found: (float(found[1]),),
    "times word": lambda found: (float(_ENGLISH[found[1]]),),
    "times han": lambda found: (_han(found[1]),),
    "fraction parts": lambda found: _divided(
        float(_ENGLISH.get(found[1] or "", 1)), _PARTS[found[2]]
    ),
    "fraction half": lambda _: (0.5,),
    "parts bare": lambda found: (float(found[1]),),
}
