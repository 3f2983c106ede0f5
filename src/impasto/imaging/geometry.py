"""How a picture meets a wished size: longest side, exact shape, contain, cover, stretch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import SettingError, UnknownNameError
from impasto.imaging.alpha_fill import filled
from impasto.imaging.bands.resample import resampled
from impasto.imaging.bands.workspace import Workspace
from impasto.imaging.codecs.mapped import drop
from impasto.imaging.picture import Picture
from impasto.text import parse_position, parse_ratio

__all__ = ["fitted", "largest_part", "ratio_of", "resized", "target_shape"]

FITS = ("contain", "cover", "stretch")
RESAMPLES = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


def target_shape(
    height: int,
    width: int,
    *,
    size: int | None = None,
    shape: tuple[int, int] | str | None = None,
    fit: str = "contain",
    upscale: bool = False,
) -> tuple[int, int]:
    """The (height, width) that a picture of `height` x `width` px ends with.

    Args:
        height: of the picture, in px.
        width: of the picture, in px.
        size: wished longest side in px; the ratio is kept. Never enlarges unless `upscale`.
        shape: wished (height, width) in px, met as `fit` says; or a ratio "W:H", which is as
            large as the picture allows, or as `size` says.
        fit: "contain" keeps the ratio and the whole picture inside the shape, never enlarging
            unless `upscale`; "cover" gives exactly the shape and cuts what hangs over;
            "stretch" gives exactly the shape and ignores the ratio.
        upscale: whether a picture may grow.

    Returns:
        (H, W), each at least 1; the picture's own when neither `size` nor `shape` is given.

    Raises:
        SettingError: `size` and a `shape` in px together, one below 1 px, or no ratio.
        UnknownNameError: `fit` is none of `FITS`.

    Example:
        >>> target_shape(600, 800, size=400)
        (300, 400)
        >>> target_shape(600, 800, size=1600), target_shape(600, 800, size=1600, upscale=True)
        ((600, 800), (1200, 1600))
        >>> target_shape(600, 800, shape=(300, 300), fit="contain")
        (225, 300)
        >>> target_shape(600, 800, shape="1:1", fit="cover", size=400)
        (400, 400)
    """
    if fit not in FITS:
        raise UnknownNameError("fit", fit, FITS)
    if size is not None and size < 1:
        raise SettingError(f"size is {size} px; it must be at least 1: pass a larger one")
    if isinstance(shape, str):
        return _of_ratio(height, width, ratio_of(shape), size, fit == "contain", upscale)
    if size is not None and shape is not None:
        raise SettingError(
            f"size {size} and shape {shape[0]}x{shape[1]} contradict each other: give one of them"
        )
    if size is not None:
        return _within(height, width, size, size, upscale)
    if shape is not None:
        if min(shape) < 1:
            raise SettingError(
                f"shape is {shape[0]}x{shape[1]} px; both sides must be at least 1: "
                "pass a larger one"
            )
        return _within(height, width, *shape, upscale) if fit == "contain" else shape
    return height, width


def ratio_of(shape: str) -> tuple[int, int]:
    """Whole numbers (high, wide) of a ratio "W:H".

    Raises:
        SettingError: it is none.
    """
    try:
        return parse_ratio(shape)
    except ValueError as error:
        raise SettingError(f"shape is {shape!r}: {error}") from None


def _of_ratio(
    height: int,
    width: int,
    ratio: tuple[int, int],
    size: int | None,
    contain: bool,
    upscale: bool,
) -> tuple[int, int]:
    """What `target_shape` says of a ratio."""
    if contain:
        return (
            (height, width)
            if size is None
            else _within(height, width, *_within(*ratio, size, size, upscale=True), upscale)
        )
    largest = max(largest_part(height, width, *ratio))
    if size is None:
        size = largest
    elif not upscale:
        size = min(size, largest)
    return _within(*ratio, size, size, upscale=True)


def largest_part(height: int, width: int, high: int, wide: int) -> tuple[int, int]:
    """The (height, width) of the largest part of a picture with the ratio `high`:`wide`.

    To the nearest px, and at least 1.

    Example:
        >>> largest_part(600, 900, 1, 1), largest_part(600, 900, 1, 3)
        ((600, 600), (300, 900))
    """
    return _within(high, wide, height, width, upscale=True)


def fitted(
    picture: Picture,
    *,
    size: int | None = None,
    shape: tuple[int, int] | str | None = None,
    fit: str = "contain",
    crop: str = "center",
    upscale: bool = False,
    resample: str = "lanczos",
) -> Picture:
    """`picture` at its `target_shape`; see there for the arguments and errors.

    Args:
        picture: what to fit.
        size: wished longest side in px.
        shape: wished (height, width) in px, or a ratio "W:H".
        fit: how a shape is met.
        crop: what "cover" keeps: a name of `impasto.text.POSITIONS`, or the point "X%,Y%" from
            the left and the top.
        upscale: whether the picture may grow.
        resample: a name of `RESAMPLES`.

    Returns:
        A picture of the target's size, alpha included; `picture` itself when nothing changes.
    """
    target = target_shape(
        picture.height, picture.width, size=size, shape=shape, fit=fit, upscale=upscale
    )
    if shape is not None and fit == "cover":
        picture = _part(picture, *target, crop)
    return resized(picture, *target, resample=resample)


def resized(picture: Picture, height: int, width: int, *, resample: str = "lanczos") -> Picture:
    """`picture` at exactly `height` x `width` px, through Pillow's antialiased filters.

    8-bit pixels go through one resize of the RGB image and are rounded to 8 bits, as the chapter
    does; 16-bit ones are filtered in float32 and rounded to 16. With alpha, each pixel counts in
    the filter as far as it is visible, so that no hidden colour gets into a visible pixel, and
    what is hidden afterwards is `alpha_fill.filled`.

    Args:
        picture: what to resize.
        height: wished height in px.
        width: wished width in px.
        resample: "bilinear", "bicubic" or "lanczos".

    Raises:
        UnknownNameError: `resample` is none of `RESAMPLES`.
    """
    if resample not in RESAMPLES:
        raise UnknownNameError("resample filter", resample, RESAMPLES)
    if (height, width) == (picture.height, picture.width):
        return picture
    method, size = RESAMPLES[resample], (height, width)
    if picture.alpha is not None:
        return _resized_visible(picture, picture.alpha, size, method)
    source, workspace = picture.pixels, Workspace(picture.scratch)
    if picture.bits == 8:
        pixels = _resampled(lambda at: source[at], picture, size, method)
        return replace(picture, pixels=pixels)
    pixels = workspace.empty((*size, 3), source.dtype)
    for c in range(3):

        def channel(at: slice, c: int = c) -> NDArray[np.float32]:
            return source[at, :, c].astype(np.float32)

        plane = _resampled(channel, picture, size, method)
        for at in workspace.bands(*size, plane, pixels):
            pixels[at, :, c] = _rounded(plane[at], source.dtype)
    return replace(picture, pixels=pixels)


def _resampled(
    rows: Callable[[slice], NDArray[Any]],
    picture: Picture,
    size: tuple[int, int],
    method: Image.Resampling,
) -> NDArray[Any]:
    """What `rows` gives of a picture, at another size; its pages are dropped on the way."""

    def and_drop(at: slice) -> NDArray[Any]:
        band = np.array(rows(at))
        for plane in (picture.pixels, picture.alpha):
            if plane is not None:
                drop(plane)
        return band

    given = rows if picture.scratch is None else and_drop
    shape = picture.height, picture.width
    return resampled(given, shape, size, method, Workspace(picture.scratch))


def _resized_visible(
    picture: Picture, alpha: NDArray[Any], size: tuple[int, int], method: Image.Resampling
) -> Picture:
    """Colour times visibility, filtered, divided by the filtered visibility.

    Bicubic and Lanczos also subtract, so next to an edge little may be left to divide by, and the
    quotient be any colour. Bilinear only adds: where the other leaves less visibility than it, its
    colours take over, and where it sees nothing (but Lanczos a ghost of an edge), `filled` does.
    """
    kind, top = alpha.dtype, np.iinfo(alpha.dtype).max
    workspace, smooth = Workspace(picture.scratch), Image.Resampling.BILINEAR

    def share(at: slice) -> NDArray[np.float32]:
        return alpha[at].astype(np.float32) / np.float32(top)

    coverage = _resampled(share, picture, size, method)
    support = _resampled(share, picture, size, smooth)
    visible = workspace.empty(size, kind)
    pixels = workspace.empty((*size, 3), kind)
    is_hidden = True
    for at in workspace.bands(*size, support, visible):
        visible[at] = _rounded(support[at] * top, kind)
        is_hidden = is_hidden and not visible[at].any()
    for c in range(3):

        def plane(at: slice, c: int = c) -> NDArray[np.float32]:
            return np.asarray(picture.pixels[at, :, c] * share(at), dtype=np.float32)

        colours = _resampled(plane, picture, size, smooth)
        sharps = None if method == smooth else _resampled(plane, picture, size, method)
        for at in workspace.bands(*size, colours, sharps, coverage, support, visible, pixels):
            is_visible = visible[at] > 0
            colour = np.array(colours[at])
            np.divide(colour, support[at], out=colour, where=is_visible)
            if sharps is not None:
                trust = np.zeros_like(coverage[at])
                np.divide(2 * coverage[at], support[at], out=trust, where=is_visible)
                trust = (trust - 1).clip(0, 1)
                sharp = np.array(sharps[at])
                np.divide(sharp, coverage[at], out=sharp, where=trust > 0)
                colour += trust * (sharp - colour)
            pixels[at, :, c] = _rounded(colour, kind)
    resized = replace(picture, pixels=pixels, alpha=visible)
    if not is_hidden:
        resized = filled(resized)
    opacity = workspace.empty(size, kind)
    for at in workspace.bands(*size, coverage, opacity):
        opacity[at] = _rounded(coverage[at] * top, kind)
    return replace(resized, alpha=opacity)


def _within(height: int, width: int, high: int, wide: int, upscale: bool) -> tuple[int, int]:
    """The largest (H, W) of the ratio height:width inside high x wide; exact integers."""
    if height <= high and width <= wide and not upscale:
        return height, width
    if high * width <= wide * height:
        return high, max(1, (2 * width * high + height) // (2 * height))
    return max(1, (2 * height * wide + width) // (2 * width)), wide


def _part(picture: Picture, high: int, wide: int, crop: str) -> Picture:
    """The largest part of `picture` with the ratio high:wide, where `crop` says.

    A point at some percent of the picture is at the same percent of the part, and so inside it.
    """
    try:
        x, y = parse_position(crop)
    except ValueError as error:
        raise SettingError(f"crop is {crop!r}: {error}") from None
    height, width = largest_part(picture.height, picture.width, high, wide)
    top, left = int((picture.height - height) * y / 100), int((picture.width - width) * x / 100)
    part = np.s_[top : top + height, left : left + width]
    copy = Workspace(picture.scratch).copy
    alpha = None if picture.alpha is None else copy(picture.alpha[part])
    return replace(picture, pixels=copy(picture.pixels[part]), alpha=alpha)


def _rounded(plane: NDArray[np.float32], kind: Any) -> NDArray[Any]:
    return np.rint(plane).clip(0, np.iinfo(kind).max).astype(kind)
