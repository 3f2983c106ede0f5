"""Gradients and mixtures: colours are RGB in [0, 1] as seen on screen (gamma-encoded)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.painters.field import Array


def ramp(colours: Array, position: Array, stops: Sequence[float] | None = None) -> Array:
    """The gradient through `colours` (N, 3), read at `position` in [0, 1] of any shape."""
    places = np.linspace(0, 1, len(colours)) if stops is None else np.asarray(stops)
    channels = [np.interp(position, places, colours[:, c]) for c in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def mix(first: Array, second: Array, share: Array) -> Array:
    """`first` (..., 3) where `share` (...) is 0, `second` where it is 1."""
    return np.asarray(first + (second - first) * share[..., None])


def vary(colours: Array, rng: np.random.Generator, hue: float, value: float) -> Array:
    """`colours` (N, 3) with a random tint each (`hue`) and a random lightness each (`value`)."""
    tint = rng.normal(0, hue, colours.shape)
    tint -= tint.mean(axis=-1, keepdims=True)
    light = rng.normal(0, value, (*colours.shape[:-1], 1))
    return np.clip(colours * (1 + light) + tint, 0, 1).astype(np.float32)


def saturate(picture: Array, amount: float) -> Array:
    """`picture` (..., 3) moved away from its own grey; 1 leaves it as it is."""
    grey = picture @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.asarray(np.clip(grey[..., None] + (picture - grey[..., None]) * amount, 0, 1))


def finish(picture: Array, width: int, height: int) -> NDArray[np.uint8]:
    """The working canvas (H, W, 3) in [0, 1] reduced to uint8 (height, width, 3)."""
    pixels = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    small = Image.fromarray(pixels).resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(small)
