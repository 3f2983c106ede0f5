"""Masks from picture files: white where something counts, black where it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from impasto.errors import PictureError
from impasto.imaging.bands import Workspace
from impasto.imaging.geometry import resized
from impasto.imaging.picture import Picture
from impasto.imaging.read import Source, read

__all__ = ["by_its_kind", "check_ratio", "mask_for", "mask_of", "shares"]

# Sides are whole pixels: a mask drawn on a picture made smaller misses its ratio by so much.
RATIO_TOLERANCE = 0.02
SAMPLED = 250_000  # px of a mask that are looked at to say what kind of picture it is
DARK, LIGHT = 0.1, 0.9  # beyond them a mask's drawing lies, but for its edges
COLOURFUL = 0.08  # mean difference of a pixel's channels: drawn masks have next to none
MANY_COLOURS = 64  # of 4096: more than maps of classes have
MOST_CLASSES = 32  # of 255: what is no lighter was hardly drawn as a mask


def mask_for(source: Source, picture: Picture, *, max_megapixels: float = 100.0) -> Picture:
    """Reads a mask and fits it onto the picture it was drawn for.

    Args:
        source: as for `read`; any size with the picture's ratio. A cut-out, which hides all but
            its subject, counts where it is opaque; other pictures by their brightness.
        picture: as it was read, before it was cut or made smaller; the mask lies where it does.
        max_megapixels: as for `read`.

    Returns:
        A picture of the size of `picture`, whose `shares` are not 0 everywhere; a note says where
        it looks like numbers of classes or like a photograph, or is read by its transparency.

    Raises:
        PictureError: it cannot be read, has another ratio, or is black everywhere.

    Example:
        >>> photo = Picture(np.zeros((4, 6, 3), np.uint8))
        >>> mask_for(np.full((2, 3), 255, np.uint8), photo).width
        6
    """
    if isinstance(source, str) and not source:
        raise PictureError("the name of a mask is empty: give the path of a file")
    scratch = picture.scratch
    mask = read(source, max_megapixels=max_megapixels, name="the mask", scratch=scratch)
    if mask.path is None:
        mask = replace(mask, name="the mask")
    check_ratio(mask, picture)
    mask = by_its_kind(mask)
    lightest = round(float(shares(mask).max()) * 255)
    if 0 < lightest <= MOST_CLASSES:
        note = (
            f"{mask.name}: its lightest value is {lightest} of 255, and next to nothing counts: "
            "multiply it by 255 if it holds classes, as segmentation tools write them"
        )
        mask = replace(mask, notes=(*mask.notes, note))
    mask = replace(mask, scratch=picture.scratch)
    mask = resized(mask, picture.height, picture.width, resample="bilinear")
    if not shares(mask).any():
        raise PictureError(
            f"{mask.name} is black everywhere: make it white where {picture.name} shall count, "
            "or leave it out"
        )
    return mask


def mask_of(where: NDArray[np.bool_], name: str = "the mask") -> Picture:
    """A mask that is white where `where` is true, and black elsewhere.

    Args:
        where: (H, W).
        name: in messages.

    Example:
        >>> shares(mask_of(np.array([[True, False]]))).tolist()
        [[1.0, 0.0]]
    """
    levels = np.where(where, np.uint8(255), np.uint8(0))
    return Picture(np.repeat(levels[..., None], 3, 2), name=name)


def check_ratio(mask: Picture, picture: Picture) -> None:
    """Refuse a mask or a map that was drawn for a picture of another shape.

    Raises:
        PictureError: their ratios differ by more than whole pixels explain.
    """
    ratio = (mask.width / mask.height) / (picture.width / picture.height)
    if max(ratio, 1 / ratio) > 1 + RATIO_TOLERANCE:
        raise PictureError(
            f"{mask.name} is {mask.width} x {mask.height} px, and {picture.name}, which it is "
            f"for, {picture.width} x {picture.height} px: give a mask of that ratio, of any size"
        )


def by_its_kind(mask: Picture) -> Picture:
    """A mask as it is drawn; of a cut-out its opacity. Both are told where they may surprise."""
    step = max(1, round((mask.height * mask.width / SAMPLED) ** 0.5))
    part = np.s_[::step, ::step]
    sample = mask.part(part)
    pixels, opacity = sample.floats, sample.opacity
    seen = np.ones(pixels.shape[:2], bool) if opacity is None else opacity > 0
    if not seen.any():
        return mask
    visible = pixels[seen]  # (N, 3)
    light = visible.mean(-1)
    colourful = (visible.max(-1) - visible.min(-1)).mean() > COLOURFUL
    if mask.alpha is not None and mask.alpha.min() < np.iinfo(mask.alpha.dtype).max:
        drawn = ((light < DARK) | (light > LIGHT)).mean() > LIGHT and (light > LIGHT).any()
        if drawn and not colourful:
            return mask
        note = f"{mask.name} is a cut-out: what is opaque in it counts as white"
        workspace, kind = Workspace(mask.scratch), mask.pixels.dtype
        white = workspace.empty(mask.pixels.shape, kind)
        for at in workspace.bands(mask.height, mask.width, white):
            white[at] = np.iinfo(kind).max
        return replace(mask, pixels=white, notes=(*mask.notes, note))
    colours = np.unique((visible * 15).round().astype(np.int32) @ (256, 16, 1)).size
    if not (colourful and colours > MANY_COLOURS):
        return mask
    note = f"{mask.name} looks like a photograph, not a mask: its brightness is used"
    return replace(mask, notes=(*mask.notes, note))


def shares(mask: Picture) -> NDArray[np.float32]:
    """How much each pixel counts: the mean of its channels, times its own opacity.

    A grey value is a share as it stands, so that 128 is a half, as in picture editors.

    Returns:
        (H, W) float32 in [0, 1].

    Example:
        >>> grey = Picture(np.full((1, 2, 3), 51, np.uint8), np.array([[255, 0]], np.uint8))
        >>> [round(float(share), 3) for share in shares(grey)[0]]
        [0.2, 0.0]
    """
    workspace = Workspace(mask.scratch)
    counts = workspace.empty((mask.height, mask.width), np.float32)
    for at in workspace.bands(mask.height, mask.width, mask.pixels, mask.alpha, counts):
        rows = mask.part(at)
        light = rows.floats.mean(-1)
        counts[at] = light if rows.opacity is None else light * rows.opacity
    return counts
