"""From what is painted to the picture that is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from impasto import canvas, image
from impasto.engine import coloring
from impasto.engine.pictures import Pictures

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["pixels", "preview"]


def preview(pictures: Pictures, shown: Tensor) -> Image:
    """The picture so far at the size of its scale, 8 bit, without transparency.

    Args:
        pictures: of the run.
        shown: (1, 3, H, W), standardised, with the content where nothing is painted.
    """
    photo = image.resized(pictures.content, *shown.shape[-2:])
    painted = image.to_array(image.postprocess(shown))
    return image.array_to_pil(coloring.finished(painted, photo.floats, pictures.settings))


def pixels(pictures: Pictures, x: Tensor) -> NDArray[np.float32]:
    """The finished picture.

    Args:
        pictures: of the run.
        x: (1, 3, h, w), standardised, as it is painted, of any size.

    Returns:
        (H, W, 3) of the content's size, sRGB in [0, 1].
    """
    if pictures.settings.color == "only":
        return coloring.recoloured(
            pictures.content, pictures.inputs, pictures.masks, pictures.shares
        )
    whole = pictures.composed(canvas.resized(x, *pictures.shape))
    painted = image.to_array(image.postprocess(whole))
    return coloring.finished(painted, pictures.content.floats, pictures.settings)
