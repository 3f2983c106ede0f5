"""How values are spelt as text: `480x640`, `0.7,0.3`, `relu1_1=1,relu3_1=0.5`, paths, bytes."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from typing import Any, TypeGuard

__all__ = [
    "POSITIONS",
    "format_about",
    "format_bytes",
    "format_gigabytes",
    "format_path",
    "format_value",
    "is_ratio",
    "parse_layers",
    "parse_numbers",
    "parse_position",
    "parse_ratio",
    "parse_shape",
]

POSITIONS = {
    "center": (50.0, 50.0),
    "top": (50.0, 0.0),
    "bottom": (50.0, 100.0),
    "left": (0.0, 50.0),
    "right": (100.0, 50.0),
}
"""Names of places in a picture, as (x, y) in percent from its left and its top."""


def parse_shape(value: Any) -> Any:
    """(height, width) from "HxW", "W:H" as it is; anything but text is passed on.

    Example:
        >>> parse_shape("300x450"), parse_shape(" 16 : 9 ")
        ((300, 450), '16:9')
    """
    if not isinstance(value, str):
        return value
    if is_ratio(value):
        parse_ratio(value)
        return re.sub(r"\s", "", value)
    match = re.fullmatch(r"\s*(\d+)\s*[x×]\s*(\d+)\s*", value)
    if match is None:
        raise ValueError(
            "give height x width in pixels, like 300x450, or a ratio width:height, like 3:2"
        )
    return int(match[1]), int(match[2])


def is_ratio(value: object) -> TypeGuard[str]:
    """Whether a shape is a ratio, and no number of pixels.

    Example:
        >>> is_ratio("1:1"), is_ratio("300x450"), is_ratio((300, 450))
        (True, False, False)
    """
    return isinstance(value, str) and ":" in value


def parse_ratio(value: str) -> tuple[int, int]:
    """Whole numbers (high, wide) of the ratio "W:H".

    Raises:
        ValueError: it is none.

    Example:
        >>> parse_ratio("16:9"), parse_ratio("1.85:1")
        ((9, 16), (20, 37))
    """
    match = re.fullmatch(
        r"(\d{1,5}(?:\.\d{1,3})?):(\d{1,5}(?:\.\d{1,3})?)", re.sub(r"\s", "", value)
    )
    wide, high = (Fraction(match[1]), Fraction(match[2])) if match else (0, 0)
    if not wide or not high:
        raise ValueError("give a ratio as width:height, both above 0, like 1:1 or 16:9")
    ratio = Fraction(high) / Fraction(wide)
    return ratio.numerator, ratio.denominator


def parse_position(value: str) -> tuple[float, float]:
    """(x, y) in percent, from a name of `POSITIONS` or "X%,Y%".

    Raises:
        ValueError: it is neither, or lies outside the picture.

    Example:
        >>> parse_position("top"), parse_position("80%,12.5%")
        ((50.0, 0.0), (80.0, 12.5))
    """
    if value in POSITIONS:
        return POSITIONS[value]
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)%,(\d{1,3}(?:\.\d+)?)%", re.sub(r"\s", "", value))
    x, y = (float(match[1]), float(match[2])) if match else (-1.0, -1.0)
    if not (0 <= x <= 100 and 0 <= y <= 100):
        raise ValueError(
            f"give one of {', '.join(POSITIONS)}, or X%,Y% from the left and the top, like 80%,20%"
        )
    return x, y


def parse_numbers(value: Any) -> Any:
    """Numbers from "a,b,…"; anything but text is passed on.

    Example:
        >>> parse_numbers("0.7, 0.3")
        (0.7, 0.3)
    """
    if not isinstance(value, str):
        return value
    try:
        return tuple(float(item) for item in value.split(","))
    except ValueError:
        raise ValueError("give numbers with commas between, like 0.7,0.3") from None


def parse_layers(value: Any) -> Any:
    """Layer weights from "name=weight,name"; a name alone weighs 1; anything but text is passed on.

    Example:
        >>> parse_layers("relu1_1=0.5, relu3_1")
        {'relu1_1': 0.5, 'relu3_1': 1.0}
    """
    if not isinstance(value, str):
        return value
    layers: dict[str, float] = {}
    for item in filter(None, (part.strip() for part in value.split(","))):
        name, _, weight = item.partition("=")
        name = name.strip()
        if name in layers:
            raise ValueError(f"{name} is named twice: give each layer once")
        try:
            layers[name] = float(weight) if weight else 1.0
        except ValueError:
            raise ValueError(
                f"{item!r} is not a layer and its weight: write them like relu3_1=0.5"
            ) from None
    return layers


def format_value(value: Any) -> str:
    """The text a person would type for a setting's value; the inverse of the parsers.

    Example:
        >>> format_value({"relu1_1": 1.0, "relu3_1": 0.5})
        'relu1_1,relu3_1=0.5'
        >>> format_value((300, 450)), format_value((0.7, 1.0))
        ('300x450', '0.7,1')
        >>> format_value(None), format_value(1e4)
        ('none', '10000')
    """
    if isinstance(value, dict):
        items = (
            name if weight == 1 else f"{name}={format_value(weight)}"
            for name, weight in value.items()
        )
        return ",".join(items)
    if isinstance(value, tuple | list):
        whole = all(isinstance(part, int) for part in value)
        return ("x" if whole else ",").join(format_value(part) for part in value)
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    # repr, not :g, which keeps six digits only.
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def format_path(path: str | os.PathLike[str]) -> str:
    """A path as messages show it: as given, but quoted when it holds odd characters.

    Example:
        >>> print(format_path("in/a photo.jpg"), format_path("two\\nlines.jpg"))
        in/a photo.jpg 'two\\nlines.jpg'
    """
    name = os.fspath(path)
    return name if name.isprintable() and name.strip() else repr(name)


def format_gigabytes(count: float) -> str:
    """Bytes as a person reads them.

    Example:
        >>> format_gigabytes(1_500_000_000)
        '1.5 GB'
    """
    return f"{count / 1e9:.1f} GB"


def format_bytes(count: int) -> str:
    """The size of a file as a person reads it.

    Example:
        >>> format_bytes(532), format_bytes(48_211), format_bytes(512_340_000)
        ('532 bytes', '48 kB', '512 MB')
        >>> format_bytes(1_540_000_000)
        '1.5 GB'
    """
    if count < 1000:
        return f"{count} bytes"
    if count >= 1e9:
        return format_gigabytes(count)
    return f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def format_about(seconds: float) -> str:
    """A span of time that is a guess, no finer than it is sure.

    Example:
        >>> format_about(3.2), format_about(37), format_about(95)
        ('about 3 s', 'about 35 s', 'about 2 min')
        >>> format_about(4 * 3600), format_about(9000), format_about(0.2)
        ('about 4 h', 'about 2.5 h', 'about 1 s')
    """
    if seconds < 9.5:
        return f"about {max(1, round(seconds))} s"
    if seconds < 57.5:
        return f"about {round(seconds / 5) * 5} s"
    if seconds < 5700:
        return f"about {max(1, round(seconds / 60))} min"
    return f"about {round(seconds / 1800) / 2:g} h"
