"""What a painting in tiles begins from, made so that no more than a few rows are at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from impasto import imaging
from impasto.imaging.tensors import preprocess
from impasto.methods.optimization.tiles.enlarge import enlarged_rows
from impasto.methods.planes import Planes, release

__all__ = ["bands", "enlarged_plane", "is_finite", "picture_plane"]

BAND = 256  # rows


def bands(height: int) -> Iterator[slice]:
    """The rows of a picture, some at a time."""
    return (slice(top, min(top + BAND, height)) for top in range(0, height, BAND))


def picture_plane(picture: imaging.Picture, margin: int, planes: Planes) -> Tensor:
    """A picture with its mirrored margin, as `tensors.preprocess` and `canvas.mirrored` make it.

    Args:
        picture: at the size of its scale.
        margin: px added at each edge, below its sides.
        planes: where it lies.

    Returns:
        (1, 3, H, W), standardised.
    """
    height, width = picture.height + 2 * margin, picture.width + 2 * margin
    plane = planes.new(1, 3, height, width)
    mirrored = np.pad(np.arange(picture.height), margin, mode="reflect")
    for rows in bands(height):
        few = replace(picture, pixels=picture.pixels[mirrored[rows]], alpha=None)
        plane[:, :, rows] = F.pad(preprocess(few), (margin, margin, 0, 0), mode="reflect")
        release()
    return plane


def enlarged_plane(
    coarse: Tensor,
    content: Tensor,
    coarse_content: Tensor | None,
    share: float,
    planes: Planes,
) -> Tensor:
    """What a scale begins from: the coarser one's picture, and of the content what that lacks.

    Args:
        coarse: (1, 3, h, w), what the coarser scale painted.
        content: (1, 3, H, W).
        coarse_content: (1, 3, h, w); None where `share` is 0.
        share: of the content's detail.
        planes: where it lies.
    """
    height, width = content.shape[-2:]
    plane = planes.new(*content.shape)
    for rows in bands(height):
        begin = enlarged_rows(coarse, height, width, rows)
        if share and coarse_content is not None:
            detail = content[:, :, rows] - enlarged_rows(coarse_content, height, width, rows)
            begin.add_(detail, alpha=share)
        plane[:, :, rows] = begin
        release()
    return plane


def is_finite(x: Tensor) -> bool:
    """Whether all numbers of (1, C, H, W) are."""
    return all(bool(x[:, :, rows].isfinite().all()) for rows in bands(x.shape[-2]))
