"""Colours under full transparency: nobody sees them, and nothing may depend on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from impasto.errors import PictureError
from impasto.imaging.bands.workspace import Workspace
from impasto.imaging.codecs.mapped import drop
from impasto.imaging.picture import Picture

__all__ = ["filled"]

_ENOUGH = 0.5  # of the visibility around it, with which a pixel keeps its colour


def filled(picture: Picture) -> Picture:
    """`picture` with its visible colours continued smoothly under what is hidden.

    What a file holds there (black, white, an old background) must not get into paint, statistics
    or filters. A pixel keeps its colour if it is at least half as visible as those around it, so
    always if its alpha is at least half, and in soft shadows too. Fainter ones, the last fringe of
    an edge, are drawn towards their neighbours by what they lack: so little alpha leaves their
    own colour coarsely rounded, or the old background's.

    Args:
        picture: any size, 8 or 16 bit.

    Returns:
        A picture with the same alpha, name and origin, that in no bit depends on hidden colours;
        `picture` itself if it is opaque or as good as that (alpha at least half everywhere).

    Raises:
        PictureError: hidden everywhere.

    Source: the pull-push algorithm of Gortler, Grzeszczuk, Szeliski and Cohen (1996), "The
    Lumigraph"; weighing each pixel against those around it is ours.

    Example:
        >>> pixels = np.array([[[200, 0, 0], [0, 255, 0]]], np.uint8)  # green, but hidden
        >>> filled(Picture(pixels, np.array([[255, 0]], np.uint8))).pixels.tolist()
        [[[200, 0, 0], [200, 0, 0]]]
    """
    alpha = picture.alpha
    if alpha is None:
        return picture
    whole = np.iinfo(alpha.dtype).max
    if int(alpha.min()) >= _ENOUGH * whole:
        return picture
    if not alpha.any():
        raise PictureError(
            f"{picture.name} is transparent everywhere; a picture needs something to be seen: "
            "pass another one, or take its alpha away"
        )
    workspace, kind = Workspace(picture.scratch), picture.pixels.dtype
    pixels = workspace.empty(picture.pixels.shape, kind)

    def take(at: slice, colours: NDArray[np.float32]) -> None:
        levels = np.rint(colours, out=colours).clip(0, whole, out=colours)
        pixels[at] = levels.transpose(1, 2, 0)
        for each in (pixels, picture.pixels, alpha):
            drop(each)

    def visible(at: slice) -> NDArray[np.float32]:
        return alpha[at].astype(np.float32) / np.float32(whole)

    def weighted(at: slice) -> NDArray[np.float32]:
        return np.asarray(picture.pixels[at].transpose(2, 0, 1) * visible(at))

    _continue(_Level(weighted, visible, *alpha.shape), take, workspace)
    return replace(picture, pixels=pixels)


class _Level(NamedTuple):
    """One size of the pyramid, by its rows.

    Attributes:
        weighted: gives rows of (3, H, W), colour times `visible`.
        visible: gives rows of (H, W), at least 0, somewhere above.
        height, width: of it.
    """

    weighted: Callable[[slice], NDArray[np.float32]]
    visible: Callable[[slice], NDArray[np.float32]]
    height: int
    width: int


def _continue(
    level: _Level, take: Callable[[slice, NDArray[np.float32]], object], workspace: Workspace
) -> None:
    """Give colours everywhere, from what is visible of them.

    Args:
        level: to be continued.
        take: gets rows (3, n, W) of colours, from the top.
        workspace: where it goes.
    """
    _, _, height, width = level
    if height * width == 1:  # the top of the pyramid, visible since the picture somewhere is
        only = slice(0, 1)
        take(only, np.asarray(level.weighted(only) / level.visible(only)))
        return
    # Pull: the same at half the size, where holes are smaller. Push: what that gives, twice as
    # large, is what a hidden pixel gets.
    high, wide = -(-height // 2), -(-width // 2)
    colours, far = (workspace.empty((3, high, wide), np.float32) for _ in range(2))
    fewer = workspace.empty((high, wide), np.float32)
    for at in workspace.bands(height, width, colours, fewer):
        half = slice(at.start // 2, -(-at.stop // 2))
        fewer[half] = _halved(level.visible(at))
        colours[:, half] = _halved(level.weighted(at))

    def take_far(at: slice, found: NDArray[np.float32]) -> None:
        far[:, at] = found

    below = _Level(lambda at: colours[:, at], lambda at: fewer[at], high, wide)
    _continue(below, take_far, workspace)
    for at in workspace.bands(height, width, colours, fewer, far):
        # One row more on each side, of which their neighbours have a quarter.
        around = slice(max(0, at.start // 2 - 1), min(high, -(-at.stop // 2) + 1))
        own = slice(at.start - 2 * around.start, at.stop - 2 * around.start)
        from_far, enough = (
            _doubled(planes[..., around, :], own.stop, width)[..., own, :]
            for planes in (far, fewer)
        )
        enough *= _ENOUGH
        take(at, _pushed(level.weighted(at), level.visible(at), from_far, enough))


def _pushed(
    weighted: NDArray[np.float32],
    visible: NDArray[np.float32],
    far: NDArray[np.float32],
    enough: NDArray[np.float32],
) -> NDArray[np.float32]:
    """What a pixel shows itself, and of `far` (changed) what it lacks of enough visibility."""
    is_visible = visible > 0
    # The share of a pixel's own colour, and by how much to multiply what is visible of it.
    share = np.divide(visible, enough, out=np.zeros_like(visible), where=is_visible)
    np.minimum(share, 1, out=share)
    gain = np.divide(share, visible, out=np.zeros_like(visible), where=is_visible)
    far *= 1 - share
    far += weighted * gain
    return far


def _halved(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """(..., H, W) at half the size: means of 2 x 2, with nothing visible beyond an odd edge."""
    height, width = planes.shape[-2:]
    if height % 2 or width % 2:
        beyond = [(0, 0)] * (planes.ndim - 2) + [(0, height % 2), (0, width % 2)]
        planes = np.pad(planes, beyond)
    down = planes[..., ::2, :] + planes[..., 1::2, :]
    return np.asarray((down[..., ::2] + down[..., 1::2]) * np.float32(0.25))


def _doubled(planes: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """(..., H, W) at twice the size, bilinear, cut to `height` x `width`."""
    tall = _stretched(planes, (slice(None),))[..., :height, :]
    return _stretched(tall, ())[..., :width]


def _stretched(planes: NDArray[np.float32], further: tuple[slice, ...]) -> NDArray[np.float32]:
    """Twice as long along the axis before the `further` ones: 3/4 a cell, 1/4 the next to it."""

    def along(start: int | None, stop: int | None, step: int = 1) -> tuple[Any, ...]:
        return (..., slice(start, stop, step), *further)

    # A pixel lies a quarter of a cell from its cell's middle, so three parts of it and one of the
    # nearest neighbour; at the ends, which have none on one side, the cell itself.
    out = np.repeat(planes * np.float32(0.75), 2, axis=-1 - len(further))
    beside = planes * np.float32(0.25)
    out[along(2, None, 2)] += beside[along(None, -1)]
    out[along(1, -1, 2)] += beside[along(1, None)]
    out[along(0, 1)] += beside[along(0, 1)]
    out[along(-1, None)] += beside[along(-1, None)]
    return out
