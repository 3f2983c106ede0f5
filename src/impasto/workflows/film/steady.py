"""A film that was painted frame by frame, made steady: what stands still in the film stays painted.

The last painted frame is moved along the flow of the film and blended into the new one, but only
where flow can be trusted and the film itself looks as it did. It is a leaky filter: a fifth of each
frame is always fresh, so that nothing is carried on for long.

Letters used for shapes: H height, W width.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.errors import CheckpointError, InputError
from impasto.media.flow import agreement, flow, opencv, warp

__all__ = ["KEPT", "Steadying", "changed", "kept_share"]

Frame = NDArray[np.uint8]
Floats = NDArray[np.float32]

KEPT = 0.8  # of the last painting, where everything agrees
# Levels by which the film may differ from itself, moved, before little of the painting is kept; of
# differences that are averaged over a square, so that grain and glitter count for little.
DIFFERENCE, SQUARE = 20.0, 5
SOFT = 0.8  # px, standard deviation that the borders of trusted places are softened by
DRAWN = 0.2  # share of the way that mean and deviation of colours go back to the fresh ones
# What averaging takes from detail finer than this many px is given back, up to this factor, as seen
# over a square of so many px.
MOST_DETAIL, FINE, AROUND = 2.5, 1.6, 33
SUM = np.ones((1, 3), np.float32)  # of the channels


class Steadying:
    """Steadies painted frames one after the other.

    Args:
        kept: share of the last painting where everything agrees, from 0, nothing, below 1.

    Raises:
        InputError: such a share it cannot be.
        MissingPackageError: OpenCV is not installed.

    Source: the temporal filter follows Ruder, Dosovitskiy and Brox (2016) in where it trusts flow.
    The film's own likeness, the colours drawn back and the detail given back are ours.

    Example:
        >>> grey = np.full((32, 32, 3), 128, np.uint8)
        >>> steadying = Steadying(kept=0.5)
        >>> flicker = [np.full_like(grey, level) for level in (100, 120, 100)]
        >>> [int(steadying.steadied(grey, frame)[0, 0, 0]) for frame in flicker]
        [100, 112, 105]
    """

    def __init__(self, kept: float = KEPT) -> None:
        if not 0 <= kept < 1:
            raise InputError(
                f"{kept:g} of the last painting would be kept: it has to be at least 0 and below "
                f"1, such as {KEPT}"
            )
        opencv()  # a lack is told before the work
        self.kept = kept
        self._photo: Frame | None = None
        self._painted: Floats | None = None
        self._mixed: Floats | None = None

    def begin(self) -> None:
        """A shot begins: nothing of the last one is kept."""
        self._photo = self._painted = self._mixed = None

    def steadied(self, photo: Frame, fresh: Frame | Floats, mixed: Floats | None = None) -> Frame:
        """The next painted frame, steady.

        Args:
            photo: (H, W, 3) uint8, of the film.
            fresh: (H, W, 3), that frame painted alone: uint8, or float32 in [0, 1].
            mixed: (S, H, W) in [0, 1], what of it is painted in which style: nothing is kept of
                one where another paints. None where one paints all.

        Returns:
            (H, W, 3) uint8.

        Raises:
            InputError: frames of two sizes.
        """
        if photo.shape != fresh.shape:
            raise InputError(
                f"a painted frame is {fresh.shape[1]} x {fresh.shape[0]} px and the film's "
                f"{photo.shape[1]} x {photo.shape[0]}: they have to be of one size, so resize one"
            )
        new = fresh.astype(np.float32)
        if fresh.dtype == np.uint8:
            new /= 255
        before, painted = self._photo, self._painted
        if not self.kept or before is None or painted is None or before.shape != photo.shape:
            blended, shown = new, new
        else:
            blended = self._blended(before, painted, photo, new, mixed)
            shown = _detailed(blended, new)
        self._photo, self._painted, self._mixed = photo.copy(), blended, mixed
        return np.asarray(np.rint(shown.clip(0, 1) * 255), np.uint8)

    def _blended(
        self, before: Frame, painted: Floats, photo: Frame, new: Floats, mixed: Floats | None
    ) -> Floats:
        back = flow(photo, before)
        share = kept_share(before, photo, back, flow(before, photo)) * self.kept
        if mixed is not None and self._mixed is not None:
            share *= 1 - changed(self._mixed, mixed, back)
        moved = warp(painted, back)
        moved -= new
        moved *= share[..., None]
        moved += new
        # Nothing drifts: the little that bicubic places and rounding take goes back each time.
        mean, deviation = _colours(moved)
        wished_mean, wished = _colours(new)
        factor = 1 + DRAWN * (wished / np.maximum(deviation, 1e-3) - 1).clip(-0.5, 0.5)
        offset = mean + DRAWN * (wished_mean - mean) - factor * mean
        moved *= factor
        moved += offset
        return np.clip(moved, 0, 1, out=moved)

    def state(self) -> dict[str, NDArray[Any]]:
        """What the next frame depends on: nothing before a shot's first."""
        if self._photo is None or self._painted is None:
            return {}
        state: dict[str, NDArray[Any]] = {"photo": self._photo, "painted": self._painted}
        return state if self._mixed is None else state | {"mixed": self._mixed}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on from `state`, to the same bytes.

        Raises:
            CheckpointError: it is damaged.
        """
        photo, painted, mixed = (state.get(name) for name in ("photo", "painted", "mixed"))
        self._photo = self._painted = self._mixed = None
        if photo is None and painted is None:
            return
        if photo is None or painted is None or photo.shape != painted.shape or photo.ndim != 3:
            raise CheckpointError("the state of a shot is damaged: begin the shot anew")
        self._photo, self._painted = photo.astype(np.uint8), painted.astype(np.float32)
        self._mixed = None if mixed is None else mixed.astype(np.float32)


def kept_share(before: Frame, photo: Frame, back: Floats, forth: Floats) -> Floats:
    """How far what was painted at one frame may stand at the next.

    Args:
        before, photo: (H, W, 3) uint8, the film's frames, the earlier one first.
        back: (H, W, 2) in px, flow from `photo` to `before`.
        forth: (H, W, 2) in px, flow from `before` to `photo`.

    Returns:
        (H, W) in [0, 1]: 0 where flow disagrees with itself, or where the film does not look as it
        did; towards 1 where it looks the same.
    """
    cv = opencv()
    trusted = cv.GaussianBlur(agreement(back, forth).astype(np.float32), (0, 0), SOFT)
    moved = warp(before, back)
    apart = cv.subtract(photo, moved, dtype=cv.CV_32F)
    red, green, blue = cv.split(np.abs(cv.blur(apart, (SQUARE, SQUARE))))
    apart = cv.max(cv.max(red, green), blue)
    apart *= 1 / DIFFERENCE
    share: Floats = cv.exp(-(apart * apart))
    share *= trusted
    return share


def changed(before: Floats, now: Floats, back: Floats) -> Floats:
    """How far other styles paint than did where the film moved from.

    Args:
        before, now: (S, H, W) in [0, 1], of two frames.
        back: (H, W, 2) in px, flow from the later frame to the earlier one.

    Returns:
        (H, W) in [0, 1].
    """
    apart = [np.abs(warp(old, back) - new) for old, new in zip(before, now, strict=True)]
    return np.asarray(np.max(apart, axis=0).clip(0, 1), np.float32)


def _colours(picture: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each channel, (3,) each."""
    mean, deviation = opencv().meanStdDev(picture)
    return mean[:, 0].astype(np.float32), deviation[:, 0].astype(np.float32)


def _detailed(blended: Floats, new: Floats) -> Floats:
    """The blend with as much fine detail as the fresh painting has around each place.

    It is shown, and not blended on: what is given back does not add up.
    """
    cv = opencv()
    fine, wished = (x - cv.GaussianBlur(x, (0, 0), FINE) for x in (blended, new))
    energy, more = (cv.blur(cv.transform(x * x, SUM), (AROUND, AROUND)) for x in (fine, wished))
    gain = np.sqrt((more + 1e-7) / (energy + 1e-7)).clip(1, MOST_DETAIL)
    fine *= (gain - 1)[..., None]
    fine += blended
    return np.asarray(fine)
