"""Films of which every motion is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from impasto.media.flow import opencv

STEP = 4  # px that the card moves to the right from frame to frame


def textured(height: int, width: int, seed: int = 0) -> np.ndarray:
    """Soft blots, on which every place can be told from its surroundings."""
    noise = np.random.default_rng(seed).normal(size=(height, width, 3)).astype(np.float32)
    soft = opencv().GaussianBlur(noise, (0, 0), 2.5)
    return np.rint(np.clip(128 + 250 * soft, 0, 255)).astype(np.uint8)


def card(frames: int) -> Iterator[tuple[np.ndarray, tuple[slice, slice]]]:
    """A bright card over a still ground, and where it lies."""
    ground, face = textured(64, 128) // 2, 128 + textured(32, 32, seed=3) // 2
    for n in range(frames):
        where = slice(16, 48), slice(12 + STEP * n, 44 + STEP * n)
        frame = ground.copy()
        frame[where] = face
        yield frame, where


def painted_with_flicker(
    clip: Iterable[tuple[np.ndarray, tuple[slice, slice]]],
) -> Iterator[np.ndarray]:
    """The frames of a clip with blots over them, others in each frame."""
    for n, (frame, _) in enumerate(clip):
        blots = textured(*frame.shape[:2], seed=100 + n).astype(int) - 128
        yield np.clip(frame + blots // 2, 0, 255).astype(np.uint8)
