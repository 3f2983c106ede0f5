"""From what is painted to the picture that is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from impasto import imaging
from impasto.imaging import tensors
from impasto.imaging.tensors import masks
from impasto.methods import coloring
from impasto.methods.pictures import Pictures

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["pixels", "preview"]


def preview(pictures: Pictures, x: Tensor) -> Image:
    """The picture so far at the size of its scale, 8 bit, without transparency.

    Args:
        pictures: of the run.
        x: (1, 3, H, W), standardised, as it is painted.
    """
    photo = imaging.resized(pictures.content, *x.shape[-2:])
    return imaging.array_to_pil(_composed(pictures, x, photo.floats))


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
            pictures.content, pictures.inputs, pictures.counts, pictures.masks, pictures.shares
        )
        photo = pictures.content.floats
        return coloured if pictures.masks else _laid(pictures, coloured, photo)
    return _composed(pictures, tensors.resized(x, *pictures.shape), pictures.content.floats)


def _composed(pictures: Pictures, x: Tensor, photo: NDArray[np.float32]) -> NDArray[np.float32]:
    """What is painted in its colours, and the photograph, untouched, where nothing is."""
    painted = tensors.to_array(tensors.postprocess(x))
    return _laid(pictures, coloring.finished(painted, photo, pictures.settings), photo)


def _laid(
    pictures: Pictures, coloured: NDArray[np.float32], photo: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What is coloured where something is painted, and the photograph elsewhere."""
    if pictures.painted is None:
        return coloured
    share = masks.resized(pictures.painted, *photo.shape[:2])[0, 0, ..., None].numpy()
    return np.asarray(photo + share * (coloured - photo), np.float32)
