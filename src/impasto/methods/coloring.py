"""Whose colours a painting has: what is done before it is painted, and what after.

A palette is painted with: the styles are brought into it before they are learnt from, and the
painting, whose colours are then like it, is drawn nearer. Tones are laid on the styles, from which
they arrive in the painting; what takes colour away is laid on the painting itself, which stays
free of what the photograph would bring back. Where the colours are not the styles', all tones are
laid on the painting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from impasto import imaging
from impasto.imaging import color
from impasto.imaging.codecs.mapped import drop
from impasto.methods.inputs import Inputs, style_shape
from impasto.settings import StyleSettings
from impasto.task import StyleTask

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "MOVES",
    "deep",
    "finished",
    "kept_chroma",
    "prepared",
    "recoloured",
    "weights_at",
    "wished",
]

Pixels = NDArray[np.float32]

# Below this many px on the shorter side a style is not made smaller before its colours are moved:
# a long, thin one grows again at the coarse scales.
SMALL_ENOUGH = 256
# Tones that take colours away, which the photograph would bring back.
AT_LAST = ("sepia", "monochrome")
MOVES: Mapping[str, Callable[..., NDArray[Any]]] = {
    "luminance": color.match_light,
    "match": color.match,
    "histogram": color.match_histogram,
}


def prepared(
    content: imaging.Picture,
    inputs: Inputs,
    counts: Sequence[Tensor | None],
    where: Sequence[Tensor],
    settings: StyleSettings,
) -> tuple[imaging.Picture, tuple[imaging.Picture, ...]]:
    """Content and styles in the colours the network shall see.

    Args:
        content: at the painting's final size.
        inputs: with the styles as they were read.
        counts: where each style is learnt from, (1, 1, h, w) of any size, or None for everywhere.
        where: each style paints, (1, 1, H, W), or none.
        settings: `color` says what is done: "luminance" makes all grey, the styles as light as
            the content; "match" and "histogram" give each style the content's colours, of its
            region if it has a mask; "style" pales the content, as `content_chroma` says.
            `palette` and `tone` count where the styles keep their colours.

    Returns:
        The content, and the styles, made smaller where the painting needs them much smaller.
    """
    final = content.height, content.width
    if settings.color not in MOVES:
        styles = inputs.styles
        if _wishes(settings):
            small = [_small(style, final, settings) for style in styles]
            pairs = zip(small, counts, strict=True)
            styles = tuple(wished(style, settings, weights_at(n, style)) for style, n in pairs)
        if settings.color == "style":
            content = _paled(content, inputs.task.replace(styles=styles), counts, where, settings)
        return content, styles
    photo, opacity = content.floats, content.opacity
    moved = []
    for which, read in enumerate(inputs.styles):
        style = _small(read, final, settings)
        ours = weights_at(counts[which], style)
        theirs = _product(opacity, where[which][0, 0].numpy() if where else None)
        moved.append(_picture(style, MOVES[settings.color](style.floats, photo, ours, theirs)))
    guide = _picture(content, color.grey(photo)) if settings.color == "luminance" else content
    return guide, tuple(moved)


def wished(
    style: imaging.Picture, settings: StyleSettings, weights: Pixels | None = None
) -> imaging.Picture:
    """A style in the palette and the tones that are asked for; itself if none are.

    Args:
        style: as it was read.
        settings: `palette` and `tone` count, unless `color` gives the styles other colours.
        weights: (H, W), at least 0: how much of it is learnt from; None for all alike.
    """
    if settings.color in MOVES or not _wishes(settings):
        return style
    pixels = style.floats
    if settings.palette is not None:
        pixels = color.within_palette(pixels, settings.palette, weights)(pixels)
    return _picture(style, color.toned(pixels, _first(settings.tone)))


def _wishes(settings: StyleSettings) -> bool:
    return settings.palette is not None or bool(_first(settings.tone))


def _first(tones: Mapping[str, float]) -> dict[str, float]:
    """Tones that are laid on the styles."""
    return {name: amount for name, amount in tones.items() if name not in AT_LAST}


def _small(
    read: imaging.Picture, final: tuple[int, int], settings: StyleSettings
) -> imaging.Picture:
    """A style made smaller where the painting needs it much smaller."""
    size = style_shape(read, final, final, settings)
    if min(size) >= SMALL_ENOUGH and size < (read.height, read.width):
        return imaging.resized(read, *size, resample=settings.resample)
    return read


def _paled(
    content: imaging.Picture,
    task: StyleTask[imaging.Picture],
    counts: Sequence[Tensor | None],
    where: Sequence[Tensor],
    settings: StyleSettings,
) -> imaging.Picture:
    """The content image with so much of its colour that the style's own has room.

    A network that looks for the content's features finds its colours again, as fringes beside the
    style's. So it is shown less of them, and no more than the style has: a woodcut stays black and
    white. What is not painted is not paled.
    """
    if settings.content_chroma == 1:
        return content
    few = color.thinned(content.pixels)
    photo = replace(content, pixels=few, alpha=None).floats
    opacity = content.opacity
    own = [
        color.colourfulness(style.floats, weights_at(weights, style))
        for style, weights in zip(task.styles, counts, strict=True)
    ]

    def share(wished: float, plane: Pixels | None) -> float:
        seen = _product(opacity, plane)
        if seen is None:
            return kept_chroma(wished, color.colourfulness(photo), settings)
        if not seen.any():
            return 1.0
        some = color.thinned(seen)
        return kept_chroma(
            wished, color.colourfulness(photo, some if some.any() else None), settings
        )

    if not task.masks:
        own = [float(np.average(own, weights=settings.style_blend))]
    if not where:
        return _paled_by(content, share(own[0], None))
    # Without masks `where` is what may be painted, once for each style of the blend.
    planes = [mask[0, 0].numpy() for mask in where][: len(own)]
    # Masks may lie over each other: what they leave out is what all of them together do.
    over = np.maximum(1, np.sum(planes, axis=0))
    shares = np.ones((content.height, content.width), np.float32)
    for wished, plane in zip(own, planes, strict=True):
        shares += plane / over * (share(wished, plane) - 1)
    return _paled_by(content, shares)


def _paled_by(content: imaging.Picture, shares: float | Pixels) -> imaging.Picture:
    """The picture with such shares of its colour, made some rows at a time."""
    pixels = imaging.Workspace(content.scratch).empty(content.pixels.shape, np.uint16)
    for rows in color.bands(content.pixels):
        few = replace(content, pixels=content.pixels[rows], alpha=None).floats
        own = shares if isinstance(shares, float) else shares[rows]
        pixels[rows] = deep(color.paled(few, own))
        drop(pixels)
        drop(content.pixels)
    return _with(content, pixels)


def kept_chroma(style: float, photo: float, settings: StyleSettings) -> float:
    """Share of its colour that a content image is shown with, under `color` "style".

    Args:
        style, photo: how colourful the style and the content image are.
        settings: `content_chroma` and `strength` count.

    Example:
        >>> kept_chroma(0.1, 0.1, StyleSettings()), kept_chroma(0.1, 0.2, StyleSettings())
        (0.25, 0.125)
    """
    exponent = 1.0 if settings.strength is None else 2 * settings.strength
    room = min(1.0, style / photo) if photo > 0 else 1.0
    return float((settings.content_chroma * room) ** exponent)


def finished(
    pixels: Pixels, photo: Pixels, settings: StyleSettings, *, from_pictures: bool = True
) -> Pixels:
    """A painting in the colours it shall have.

    Every pixel is moved by its own colour alone: some rows are done like the whole, and all frames
    of a film alike.

    Args:
        pixels: (H, W, 3), sRGB in [0, 1], as it was painted.
        photo: the content image, likewise.
        settings: `color` "luminance" gives it the photograph's colours; `palette` draws it nearer
            to its colours, and `tone` does what the styles could not bring.
        from_pictures: whether the styles were pictures that `wished` brought into their colours.
    """
    if settings.color == "luminance":
        pixels = np.asarray(color.luminance(pixels, photo), np.float32)
    brought = from_pictures and settings.color not in MOVES
    if settings.palette is not None:
        tones = _first(settings.tone) if brought else {}
        pixels = np.asarray(_towards(settings.palette, tuple(tones.items()))(pixels), np.float32)
    tones = {name: amount for name, amount in settings.tone.items() if name in AT_LAST}
    tones = tones if brought else dict(settings.tone)
    return np.asarray(color.toned(pixels, tones), np.float32) if tones else pixels


@lru_cache(maxsize=8)
def _towards(palette: tuple[str, ...], tones: tuple[tuple[str, float], ...]) -> color.PaletteMove:
    """The move to a palette in tones: darker for a dark painting, so that both are heeded."""
    return color.towards_palette(palette, dict(tones))


def recoloured(
    content: imaging.Picture,
    inputs: Inputs,
    counts: Sequence[Tensor | None],
    where: Sequence[Tensor],
    shares: Sequence[float],
    settings: StyleSettings,
) -> Pixels:
    """The content image in the styles' colours, with nothing painted.

    With masks each style recolours its region, mixed as light where they share it, and the
    photograph stays elsewhere. Without, the styles' moments are blended, as their strokes are.

    Args:
        content: at the final size.
        inputs, counts, where: as for `prepared`.
        shares: of each style in a blend.
        settings: `palette` and `tone` count.

    Returns:
        (H, W, 3) float32, sRGB in [0, 1].
    """
    photo, opacity = content.floats, content.opacity
    moments = []
    for read, weights in zip(inputs.styles, counts, strict=True):
        style = wished(read, settings, weights_at(weights, read))
        moments.append(color.moments(style.floats, weights_at(weights, style)))
    if not where:
        blend = np.asarray(shares, np.float64) / np.sum(shares)
        mean = np.tensordot(blend, np.stack([m for m, _ in moments]), 1)
        covariance = np.tensordot(blend, np.stack([c for _, c in moments]), 1)
        moved = np.asarray(color.match_moments(photo, mean, covariance, opacity), np.float32)
        return finished(moved, photo, settings)
    planes = [mask[0, 0].numpy() for mask in where]
    parts = [
        finished(
            np.asarray(color.match_moments(photo, *their, weights=_product(opacity, plane))),
            photo,
            settings,
        )
        for their, plane in zip(moments, planes, strict=True)
    ]
    rest = np.clip(1 - np.sum(planes, axis=0), 0, 1)
    return np.asarray(color.mix([photo, *parts], [rest, *planes]), np.float32)


def _picture(like: imaging.Picture, pixels: NDArray[Any]) -> imaging.Picture:
    """The same picture in other colours, 16 bits deep so that nothing is rounded away."""
    return _with(like, deep(pixels))


def deep(pixels: NDArray[Any]) -> NDArray[np.uint16]:
    """Pixels in [0, 1] as samples of 16 bits."""
    return np.asarray(np.rint(pixels.clip(0, 1) * 65535), np.uint16)


def _with(like: imaging.Picture, pixels: NDArray[np.uint16]) -> imaging.Picture:
    alpha = like.alpha
    if alpha is not None and alpha.dtype != np.uint16:
        alpha = alpha.astype(np.uint16) * 257
    return replace(like, pixels=pixels, alpha=alpha)


def _product(one: Pixels | None, other: Pixels | None) -> Pixels | None:
    return one if other is None else other if one is None else one * other


def weights_at(counts: Tensor | None, style: imaging.Picture) -> Pixels | None:
    """Where a style image is learnt from, at the size it has."""
    if counts is None:
        return None
    from impasto.imaging.tensors import masks  # here: colours are moved without torch too

    return np.asarray(masks.resized(counts, style.height, style.width)[0, 0].numpy())
