"""How much of a picture has each of a few colours that people name, and its five main colours."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.color.oklab import from_oklab

__all__ = ["COLOURS", "colour_shares", "palette_of"]

COLOURS = (
    *("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink"),
    *("brown", "gold", "black", "grey", "white"),
)
"""Names of colours whose shares are measured."""

# Hues of Oklab in degrees between which a colour lies, and how far its borders are soft.
_HUES = {
    "red": (8, 46),
    "orange": (40, 80),
    "yellow": (78, 116),
    "green": (112, 172),
    "cyan": (168, 222),
    "blue": (218, 288),
    "purple": (284, 334),
    "pink": (330, 372),
}
_SOFT = 10.0
_COLOURS, _ROUNDS = 5, 12  # of the palette, and rounds of its k-means


def colour_shares(lab: NDArray[Any]) -> dict[str, float]:
    """Shares of a picture by name, each from 0 to 1; they overlap, as names do.

    Args:
        lab: (H, W, 3) Oklab.

    Example:
        >>> from impasto.imaging.color.oklab import to_oklab
        >>> blue = np.zeros((1, 1, 3)) + (0.1, 0.2, 0.7)
        >>> shares = colour_shares(to_oklab(blue))
        >>> [name for name, share in shares.items() if share > 0.5]
        ['blue']
    """
    light, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    hue = np.rad2deg(np.arctan2(lab[..., 2], lab[..., 1])) % 360
    coloured = _step(chroma, 0.03, 0.07)
    seen = coloured * _step(light, 0.12, 0.28)  # in the dark a hue is hardly one
    shares = {}
    for name, (low, high) in _HUES.items():
        off = np.abs((hue - (low + high) / 2 + 180) % 360 - 180) - (high - low) / 2
        shares[name] = np.clip(0.5 - off / _SOFT, 0, 1) * seen
    warm = np.clip(0.5 - (np.abs(hue - 62) - 38) / _SOFT, 0, 1)
    pale = _step(light, 0.62, 0.74) * np.clip(0.5 - (np.abs(hue - 20) - 22) / _SOFT, 0, 1)
    rosy = pale * _step(chroma, 0.015, 0.04)  # beside white a little is seen
    shares["pink"] = np.maximum(shares["pink"], rosy)
    shares["red"] = shares["red"] * (1 - pale)
    shares["brown"] = warm * seen * _step(light, 0.72, 0.60) * _step(chroma, 0.17, 0.13)
    golden = np.clip(0.5 - (np.abs(hue - 84) - 15) / _SOFT, 0, 1)
    shares["gold"] = golden * _step(chroma, 0.06, 0.10) * _step(light, 0.42, 0.54)
    shares["gold"] = shares["gold"] * _step(light, 0.92, 0.84)
    dull = 1 - _step(chroma, 0.025, 0.055)
    shares["black"] = _step(light, 0.34, 0.22)
    shares["white"] = _step(light, 0.84, 0.92) * dull
    shares["grey"] = dull * (1 - shares["black"]) * (1 - shares["white"])
    return {name: round(float(np.mean(shares[name])), 4) for name in COLOURS}


def palette_of(lab: NDArray[Any]) -> tuple[tuple[str, float], ...]:
    """The five main colours of a picture and their shares, the largest first.

    By k-means over every few pixels, from centres that lie as far apart as can be: nothing in it is
    left to chance.

    Args:
        lab: (H, W, 3) Oklab.

    Returns:
        ("#rrggbb", share) each; fewer where the picture has fewer colours.
    """
    every = max(1, int(np.sqrt(lab.shape[0] * lab.shape[1] / 4096)))
    points = np.asarray(lab[::every, ::every].reshape(-1, 3), np.float64)
    centres = [points.mean(axis=0)]
    away = ((points - centres[0]) ** 2).sum(axis=1)
    for _ in range(_COLOURS - 1):
        if away.max() < 1e-5:
            break
        # The farthest but for a few, which are specks.
        pick = np.argsort(away, kind="stable")[-max(1, len(away) // 200)]
        centres.append(points[pick])
        away = np.minimum(away, ((points - points[pick]) ** 2).sum(axis=1))
    middle = np.array(centres)
    for _ in range(_ROUNDS):
        owner = ((points[:, None] - middle[None]) ** 2).sum(axis=2).argmin(axis=1)
        middle = np.array(
            [
                points[owner == k].mean(axis=0) if (owner == k).any() else middle[k]
                for k in range(len(middle))
            ]
        )
    counts = np.bincount(owner, minlength=len(middle)) / len(points)
    rgb = from_oklab(middle[None])[0]
    codes = ["#" + bytes(np.round(colour * 255).astype(np.uint8)).hex() for colour in rgb]
    order = np.argsort(-counts, kind="stable")
    return tuple((codes[k], round(float(counts[k]), 4)) for k in order if counts[k] > 0)


def _step(value: NDArray[Any], low: float, high: float) -> NDArray[Any]:
    """0 at `low`, 1 at `high`, straight between; `low` may lie above `high`."""
    return np.asarray(np.clip((value - low) / (high - low), 0, 1))
