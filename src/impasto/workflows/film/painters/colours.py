"""Whose colours a shot has: found once from its samples, and the same for all its frames."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from impasto import imaging
from impasto.errors import SettingError
from impasto.imaging import color
from impasto.methods import coloring
from impasto.methods.inputs import learnt_from
from impasto.samples.lookup import sample_or
from impasto.settings import StyleSettings
from impasto.workflows.film.painters.protocol import Frame, StyleAt
from impasto.workflows.film.where import EVERYWHERE, Where

__all__ = ["ShotColours", "Styles", "opened"]

Floats = NDArray[np.float32]


class Styles(NamedTuple):
    """The styles of a film as they are read.

    Attributes:
        pictures: what is hidden of one has the colours around it.
        masks: as pictures of the same sizes, or none.
        weights: (h, w) of each, where it is learnt from; None for all of it.
    """

    pictures: tuple[imaging.Picture, ...]
    masks: tuple[imaging.Picture, ...]
    weights: tuple[Floats | None, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What reading them has to say, in a sentence each, once."""
        return tuple(dict.fromkeys(n for read in (*self.pictures, *self.masks) for n in read.notes))


def opened(
    styles: Sequence[imaging.Source],
    settings: StyleSettings,
    masks: Sequence[imaging.Source] = (),
) -> Styles:
    """Read the styles of a film.

    Args:
        styles: as `impasto.stylize` takes them.
        settings: `max_megapixels` counts.
        masks: white where a style is learnt from, one for each, or none.

    Raises:
        PictureError: one cannot be read.
        SettingError: not as many masks as styles.
    """
    if len(masks) not in (0, len(styles)):
        raise SettingError(
            f"{len(masks)} style masks are given for {len(styles)} styles: give one for each "
            "style, in their order, or none"
        )
    names = ["the style", *(f"style {n}" for n in range(2, len(styles) + 1))]
    limit = settings.max_megapixels
    read = tuple(
        imaging.filled(imaging.read(sample_or("style", style), max_megapixels=limit, name=name))
        for style, name in zip(styles, names, strict=False)  # without a style there is a name left
    )
    masked = tuple(
        imaging.mask_for(mask, style, max_megapixels=limit)
        for mask, style in zip(masks, read, strict=bool(masks))
    )
    weights = tuple(learnt_from(*pair) for pair in zip_longest(read, masked))
    return Styles(read, masked, weights)


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

    def __init__(self, styles: Styles, settings: StyleSettings, *, pales: bool = False) -> None:
        both = list(zip(styles.pictures, styles.weights, strict=True))
        self._read = [coloring.wished(style, settings, counts) for style, counts in both]
        self._counts = styles.weights
        self._settings, self._pales = settings, pales
        self.styles = list(self._read)
        both = list(zip(self._read, styles.weights, strict=True))
        self._colourful = [color.colourfulness(s.floats, n) for s, n in both] if pales else []
        only = settings.color == "only"
        self._theirs = [color.moments(style.floats, n) for style, n in both] if only else []
        # Of the photograph, where each style paints it; one for all where there are no masks.
        self._photo: list[float] = [0.0]
        self._own: list[Any] = []

    @property
    def moves_styles(self) -> bool:
        """Whether the styles look otherwise from shot to shot."""
        return self._settings.color in coloring.MOVES and bool(self._read)

    def begin(self, samples: NDArray[np.uint8]) -> None:
        """A shot begins.

        Args:
            samples: (N, h, w, 3 + S) of it: beside its colours, how far each style paints there,
                or one for all of them; with S of 0 all counts.
        """
        together = samples.reshape(-1, *samples.shape[2:])  # below each other
        photo = _floats(together[..., :3])
        planes = [_some(_floats(together[..., n])) for n in range(3, samples.shape[-1])] or [None]
        if self._settings.color == "only":
            self._own = [color.moments(photo, plane) for plane in planes]
        elif self.moves_styles:
            move = coloring.MOVES[self._settings.color]
            self.styles = [
                _picture(
                    move(style.floats, photo, self._counts[n], planes[min(n, len(planes) - 1)]),
                    style.name,
                )
                for n, style in enumerate(self._read)
            ]
        elif self._pales:
            self._photo = [color.colourfulness(photo, plane) for plane in planes]

    def seen(self, frame: Frame, shares: StyleAt, where: Where = EVERYWHERE) -> imaging.Picture:
        """A frame as the painter shall see it.

        Args:
            frame: (H, W, 3) uint8.
            shares: of the styles.
            where: they paint; what is not painted is not paled.
        """
        if self._settings.color == "luminance":
            return _picture(color.grey(_floats(frame)), "the film")
        if self._settings.color != "style" or not self._pales or self._settings.content_chroma == 1:
            return imaging.Picture(frame, name="the film")
        own = self._colourful
        if where.masks is None:
            own = [float(np.dot(self._colourful, shares))]
        kept = [
            coloring.kept_chroma(one, photo, self._settings)
            for one, photo in zip(own, self._photo, strict=True)
        ]
        share: float | Floats = kept[0]
        if where.shares is not None:
            over = np.maximum(1, where.shares.sum(0))
            share = 1 + sum(
                plane / over * np.float32(one - 1)
                for one, plane in zip(kept, where.shares, strict=True)
            )
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

    def recoloured(self, frame: Frame, shares: StyleAt, where: Where = EVERYWHERE) -> Floats:
        """A frame in the styles' colours, with nothing painted, (H, W, 3) in [0, 1].

        Args:
            frame, shares, where: as for `seen`; of masks each style recolours its own.
        """
        photo = _floats(frame)
        means, covariances = zip(*self._theirs, strict=True)
        if where.mixed is None:
            wished = np.tensordot(shares, means, 1), np.tensordot(shares, covariances, 1)
            return self.finished(_moved(photo, self._own[0], wished), frame)
        parts = [
            self.finished(_moved(photo, own, wished), frame)
            for own, wished in zip(self._own, self._theirs, strict=True)
        ]
        return np.asarray(color.mix(parts, list(where.mixed)), np.float32)


def _moved(photo: Floats, own: Any, wished: Any) -> Floats:
    move, offset = color.linear_move(own, wished)
    moved = photo @ move.astype(np.float32) + offset.astype(np.float32)
    return np.asarray(moved.clip(0, 1), np.float32)


def _some(plane: Floats) -> Floats | None:
    """How much each pixel counts; None where none does, as all do then."""
    return plane if plane.any() else None


def _floats(frame: Frame) -> Floats:
    return frame.astype(np.float32) / np.float32(255)


def _picture(pixels: NDArray[Any], name: str) -> imaging.Picture:
    """A picture 16 bits deep, so that nothing is rounded away."""
    return imaging.Picture(np.rint(pixels.clip(0, 1) * 65535).astype(np.uint16), name=name)
