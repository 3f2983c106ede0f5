"""The masks of a film: pictures, which hold for all of it, or films, frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from impasto import imaging
from impasto.errors import SettingError
from impasto.imaging.picture import Picture
from impasto.methods.remains import check_kept, check_masks
from impasto.text import format_path
from impasto.workflows.film.fitting import fitted
from impasto.workflows.film.order import Order
from impasto.workflows.film.where import EVERYWHERE, Where

__all__ = ["Places", "check_still", "places_of"]

Levels = NDArray[np.uint8]

CODED = 4  # levels from black or white within which a coded film means them


class Places:
    """The masks of an order, brought to the size of its painted frames.

    Args:
        order: whose masks they are; its `shape` counts.
        shape: (height, width) in px of the film's own frames, which masks are drawn for.

    Attributes:
        notes: what reading them has to say, in a sentence each.

    Raises:
        PictureError: one of them cannot be read, has another ratio, or is black everywhere, or
            nothing is left to paint.
    """

    def __init__(self, order: Order, shape: tuple[int, int]) -> None:
        # Bilinear: the other filters overshoot, and a white mask would be grey beside its edges.
        self._settings = order.settings.model_copy(update={"resample": "bilinear"})
        self._shape = order.shape
        still = np.broadcast_to(np.uint8(0), (*shape, 3))
        self._film = Picture(still, name=format_path(order.film))
        self._has_keep = order.keep is not None
        self.notes: list[str] = []
        moving = order.moving_masks()
        self._masks: list[Levels | None] = []  # in their order, what is kept at last; None: a film
        limit = order.settings.max_megapixels
        for mask in order.places:
            if mask in moving:
                self._masks.append(None)
                continue
            read = imaging.mask_for(mask, self._film, max_megapixels=limit)
            self.notes += read.notes
            self._masks.append(self._fitted(read))
        if self._masks:
            self._check(order.places)
        moves = any(mask is None for mask in self._masks)
        self._all_along = None if moves else self._where(self._masks)

    def at(self, beside: Sequence[Levels] = ()) -> Where:
        """The masks of a frame.

        Args:
            beside: (h, w, 3) of each mask that is a film, in their order, at the frame's time; or
                (h, w, 4) with its opacity.

        Raises:
            PictureError: one of them has another ratio than the film.
        """
        if self._all_along is not None:
            return self._all_along
        moving = iter(beside)
        return self._where(
            [
                self._fitted(self._seen(next(moving))) if mask is None else mask
                for mask in self._masks
            ]
        )

    def look(self, pixels: Levels, name: str) -> None:
        """Check the first frame of a mask that is a film, and note what may surprise in it.

        Args:
            pixels: (h, w, 3), or (h, w, 4) with its opacity.
            name: of the mask.

        Raises:
            PictureError: it has another ratio than the film.
        """
        self.notes += self._seen(pixels, name).notes

    def _seen(self, pixels: Levels, name: str = "the mask") -> Picture:
        levels, opacity = pixels[..., :3], pixels[..., 3] if pixels.shape[-1] > 3 else None
        levels = np.where(levels <= CODED, np.uint8(0), levels)
        levels = np.where(levels >= 255 - CODED, np.uint8(255), levels)
        mask = Picture(levels, opacity, name=name)
        imaging.check_ratio(mask, self._film)
        return imaging.by_its_kind(mask)

    def _fitted(self, mask: Picture) -> Levels:
        """How much each pixel of a painted frame counts, (H, W)."""
        levels = np.asarray(np.rint(imaging.shares(mask) * 255), np.uint8)
        grey = Picture(np.repeat(levels[..., None], 3, 2))
        height, width = self._film.height, self._film.width
        grey = imaging.resized(grey, height, width, resample="bilinear")
        return fitted(grey.pixels, self._shape, self._settings)[..., 0]

    def _where(self, masks: Sequence[Levels | None]) -> Where:
        levels = [mask for mask in masks if mask is not None]
        keep = levels.pop() if self._has_keep else None
        if not levels and keep is None:
            return EVERYWHERE
        return Where(np.stack(levels) if levels else None, keep)

    def _check(self, names: Sequence[str]) -> None:
        """Refuse masks that stand still and leave nothing to paint."""
        pictures = [
            None if mask is None else Picture(np.repeat(mask[..., None], 3, 2), name=name)
            for mask, name in zip(self._masks, map(format_path, names), strict=True)
        ]
        keep = pictures.pop() if self._has_keep else None
        frame = replace(self._film, pixels=np.broadcast_to(np.uint8(0), (*self._shape, 3)))
        masks = [mask for mask in pictures if mask is not None]
        check_masks(frame, masks)
        if keep is not None:
            check_kept(frame, keep, masks)


def places_of(order: Order) -> Places:
    """The masks of an order whose film says how large it is, checked before the long work.

    Raises:
        ImpastoError: as for `Places`, or the film cannot be read.
    """
    from impasto.media.film import open_source
    from impasto.media.sequences import SequenceReader

    with open_source(order.film, rate=order.rate, max_megapixels=order.max_megapixels) as film:
        info, name = film.info, film.name
    places = Places(order, (info.height, info.width))
    for mask in order.moving_masks():
        with open_source(mask, max_megapixels=order.max_megapixels, clear=True) as source:
            for frame in source:
                places.look(frame.pixels, source.name)
                break
            if info.variable and isinstance(source, SequenceReader):
                places.notes.append(
                    f"{name} shows its frames for unequal times, and the pictures of {source.name} "
                    f"are taken {float(info.rate):g} a second: a mask that is a film of the same "
                    "times follows it exactly"
                )
    return places


def check_still(order: Order) -> None:
    """Refuse films as the masks of a camera, which knows no times of theirs.

    Raises:
        SettingError: one of them is a film.
    """
    if moving := order.moving_masks():
        raise SettingError(
            f"{format_path(moving[0])} is a film, and a mask of what comes from a camera holds for "
            "all of it: give a picture"
        )
