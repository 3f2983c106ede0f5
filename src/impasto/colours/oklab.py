"""Colours as the eye compares them, for a few at a time: Oklab without arrays."""

from __future__ import annotations

from impasto.colours.catalogue import Colour, catalogue

__all__ = ["distance", "from_oklab", "mixed", "nearest", "oklab"]


def oklab(value: str) -> tuple[float, float, float]:
    """Lightness from 0 to 1, green to red and blue to yellow of "#rrggbb".

    Source: Björn Ottosson, "A perceptual color space for image processing" (2020, revised 2021);
    `impasto.imaging.color.to_oklab` does it for whole pictures.

    Example:
        >>> [round(part, 4) + 0.0 for part in oklab("#ffffff")]
        [1.0, 0.0, 0.0]
    """
    red, green, blue = (_linear(int(value[at : at + 2], 16) / 255) for at in (1, 3, 5))
    # Roots of what the three cones answer; each row of weights sums to 1.
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def distance(one: str, other: str) -> float:
    """How far apart two colours look, in Oklab; black and white are 1 apart.

    Example:
        >>> round(distance("#000000", "#ffffff"), 4), distance("#2040a0", "#2040a0")
        (1.0, 0.0)
    """
    pairs = zip(oklab(one), oklab(other), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def nearest(value: str) -> Colour:
    """The colour with a name that looks most like "#rrggbb".

    Example:
        >>> nearest("#fe0001").name
        'red'
    """
    return min(catalogue().values(), key=lambda colour: distance(colour.value, value))


def from_oklab(lightness: float, a: float, b: float) -> str:
    """ "#rrggbb" of a colour; one that sRGB does not have loses chroma until it does.

    Example:
        >>> from_oklab(*oklab("#2040a0")), from_oklab(1.0, 0.2, 0.0)
        ('#2040a0', '#ffffff')
    """
    lightness = min(max(lightness, 0.0), 1.0)
    for step in range(_STEPS, -1, -1):
        parts = _to_linear(lightness, a * step / _STEPS, b * step / _STEPS)
        if all(-_ROUNDING <= part <= 1 + _ROUNDING for part in parts):
            break
    return "#" + "".join(f"{round(255 * _encoded(min(max(p, 0.0), 1.0))):02x}" for p in parts)


def mixed(value: str, lighter: float, chroma: float) -> str:
    """A colour made lighter or darker, with its chroma multiplied; its hue stays.

    Example:
        >>> mixed("#808080", 1.0, 1.0), mixed("#ff0000", 0.0, 0.0)
        ('#ffffff', '#888888')
    """
    lightness, a, b = oklab(value)
    return from_oklab(lightness + lighter, a * chroma, b * chroma)


_STEPS = 64
_ROUNDING = 0.002  # half an 8-bit level of linear light, about


def _to_linear(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    """Linear sRGB, outside [0, 1] for a colour that it does not have (Ottosson 2021)."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
