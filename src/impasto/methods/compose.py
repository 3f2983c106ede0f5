"""From what is painted to the picture that is seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from impasto import imaging
from impasto.imaging import color, tensors
from impasto.imaging.codecs.mapped import drop_all
from impasto.imaging.tensors import masks
from impasto.methods import coloring
from impasto.methods.pictures import Pictures
from impasto.methods.planes import release

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["photograph", "pixels", "preview"]

SHOWN_PX = 2048  # longest side of what is shown on the way, in px


def preview(pictures: Pictures, x: Tensor) -> Image:
    """The picture so far at the size of its scale, 8 bit, without transparency.

    Args:
        pictures: of the run.
        x: (1, 3, H, W), standardised, as it is painted; a larger one is shown at `SHOWN_PX`.
    """
    if (longest := max(x.shape[-2:])) > SHOWN_PX:
        x = tensors.resized(x, *(max(1, round(side * SHOWN_PX / longest)) for side in x.shape[-2:]))
    photo = imaging.resized(pictures.content, *x.shape[-2:])
    return imaging.array_to_pil(_composed(pictures, x, photo))


def pixels(pictures: Pictures, x: Tensor) -> NDArray[np.float32]:
    """The finished picture.

    Args:
        pictures: of the run.
        x: (1, 3, h, w), standardised, as it is painted, of any size.

    Returns:
        (H, W, 3) of the content's size, sRGB in [0, 1].
    """
    if pictures.settings.color == "only":
        coloured = coloring.recoloured(
            pictures.content,
            pictures.inputs,
            pictures.counts,
            pictures.masks,
            pictures.shares,
            pictures.settings,
        )
        if pictures.masks:
            return coloured
        return _laid(coloured, pictures.content.floats, _painted(pictures, pictures.shape))
    return _composed(pictures, tensors.resized(x, *pictures.shape), pictures.content)


def photograph(pictures: Pictures) -> NDArray[np.float32]:
    """The picture before anything is painted, (H, W, 3), sRGB in [0, 1]."""
    content = pictures.content
    workspace = imaging.Workspace(content.scratch)
    out = workspace.empty((content.height, content.width, 3), np.float32)
    for rows in workspace.bands(content.height, content.width, content.pixels, out):
        out[rows] = content.part(rows).floats
    return out


def _composed(pictures: Pictures, x: Tensor, photo: imaging.Picture) -> NDArray[np.float32]:
    """What is painted in its colours, and the photograph, untouched, where nothing is."""
    height, width = x.shape[-2:]
    out = imaging.Workspace(photo.scratch).empty((height, width, 3), np.float32)
    painted = _painted(pictures, (height, width))
    for rows in color.bands(out):
        own = tensors.to_array(tensors.postprocess(x[:, :, rows]))
        under = replace(photo, pixels=photo.pixels[rows], alpha=None).floats
        coloured = coloring.finished(
            own, under, pictures.settings, from_pictures=bool(pictures.styles)
        )
        out[rows] = _laid(coloured, under, None if painted is None else painted[rows])
        drop_all()
    release()
    return out


def _painted(pictures: Pictures, shape: tuple[int, int]) -> NDArray[np.float32] | None:
    """The share that is painted, (H, W, 1); None for all of it."""
    if pictures.painted is None:
        return None
    return np.asarray(masks.resized(pictures.painted, *shape)[0, 0, ..., None].numpy())


def _laid(
    coloured: NDArray[np.float32], photo: NDArray[np.float32], share: NDArray[np.float32] | None
) -> NDArray[np.float32]:
    """What is coloured where something is painted, and the photograph elsewhere."""
    if share is None:
        return coloured
    return np.asarray(photo + share * (coloured - photo), np.float32)
