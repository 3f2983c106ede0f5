"""Whose colours a shot has: found once from its samples, and the same for all its frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto import imaging
from impasto.imaging import color
from impasto.methods import coloring
from impasto.samples.lookup import sample_or
from impasto.settings import StyleSettings
from impasto.workflows.film.painters.protocol import Frame, StyleAt

__all__ = ["ShotColours", "opened"]

Floats = NDArray[np.float32]


def opened(styles: Sequence[imaging.Source], settings: StyleSettings) -> list[imaging.Picture]:
    """The styles of a film as they are read.

    Args:
        styles: as `impasto.stylize` takes them.
        settings: `max_megapixels` counts.

    Raises:
        PictureError: one cannot be read.
    """
    names = ["the style", *(f"style {n}" for n in range(2, len(styles) + 1))]
    limit = settings.max_megapixels
    return [
        imaging.filled(imaging.read(sample_or("style", style), max_megapixels=limit, name=name))
        for style, name in zip(styles, names, strict=False)
    ]


class ShotColours:
    """What `impasto.methods.coloring` does to a picture, alike for all frames of a shot.

    Args:
        styles: as they were read; none where a network was taught them.
        settings: `color`, `palette` and `tone` count, and with `pales` `content_chroma` and
            `strength`.
        pales: whether the painter is shown the frames with less of their colour.

    Attributes:
        styles: in the colours that the painter shall see, once a shot has begun.
    """

    def __init__(
        self, styles: Sequence[imaging.Picture], settings: StyleSettings, *, pales: bool = False
    ) -> None:
        self._read = [coloring.wished(style, settings) for style in styles]
        self._settings, self._pales = settings, pales
        self.styles = list(self._read)
        self._colourful = [color.colourfulness(s.floats) for s in self._read] if pales else []
        only = settings.color == "only"
        self._theirs = [color.moments(style.floats) for style in self._read] if only else []
        self._photo = 0.0
        self._own: Any = None

    @property
    def moves_styles(self) -> bool:
        """Whether the styles look otherwise from shot to shot."""
        return self._settings.color in coloring.MOVES and bool(self._read)

    def begin(self, samples: NDArray[np.uint8]) -> None:
        """A shot begins.

        Args:
            samples: (N, h, w, 3) of it.
        """
        photo = _floats(samples.reshape(-1, *samples.shape[2:]))  # below each other
        if self._settings.color == "only":
            self._own = color.moments(photo)
        elif self.moves_styles:
            move = coloring.MOVES[self._settings.color]
            self.styles = [
                _picture(move(style.floats, photo, None, None), style.name) for style in self._read
            ]
        elif self._pales:
            self._photo = color.colourfulness(photo)

    def seen(self, frame: Frame, shares: StyleAt) -> imaging.Picture:
        """A frame as the painter shall see it.

        Args:
            frame: (H, W, 3) uint8.
            shares: of the styles.
        """
        if self._settings.color == "luminance":
            return _picture(color.grey(_floats(frame)), "the film")
        if self._settings.color != "style" or not self._pales or self._settings.content_chroma == 1:
            return imaging.Picture(frame, name="the film")
        own = float(np.dot(self._colourful, shares))
        share = coloring.kept_chroma(own, self._photo, self._settings)
        return _picture(color.paled(_floats(frame), share), "the film")

    def finished(self, painted: Floats, frame: Frame) -> Floats:
        """A painted frame in the colours it shall have.

        Args:
            painted: (H, W, 3), sRGB in [0, 1].
            frame: (H, W, 3) uint8, of the film.
        """
        return coloring.finished(
            painted, _floats(frame), self._settings, from_pictures=bool(self._read)
        )

    def recoloured(self, frame: Frame, shares: StyleAt) -> Floats:
        """A frame in the styles' colours, with nothing painted, (H, W, 3) in [0, 1]."""
        means, covariances = zip(*self._theirs, strict=True)
        wished = np.tensordot(shares, means, 1), np.tensordot(shares, covariances, 1)
        move, offset = color.linear_move(self._own, wished)
        moved = _floats(frame) @ move.astype(np.float32) + offset.astype(np.float32)
        return self.finished(np.asarray(moved.clip(0, 1), np.float32), frame)


def _floats(frame: Frame) -> Floats:
    return frame.astype(np.float32) / np.float32(255)


def _picture(pixels: NDArray[Any], name: str) -> imaging.Picture:
    """A picture 16 bits deep, so that nothing is rounded away."""
    return imaging.Picture(np.rint(pixels.clip(0, 1) * 65535).astype(np.uint16), name=name)
