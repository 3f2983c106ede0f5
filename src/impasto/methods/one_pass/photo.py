"""A photograph as a painter takes it, part by part: its frame is added to the part alone.

Letters used for shapes: H, W height and width of the photograph, h, w those of a part.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from impasto import imaging
from impasto.imaging.codecs.mapped import drop
from impasto.imaging.tensors import preprocess
from impasto.methods.planes import Planes, release
from impasto.networks.stylizers.painter import framed, reflected

__all__ = ["Photo"]

BAND_PX = 2**20


class Photo:
    """A photograph of any size, of which no more is made floats than is asked for.

    Args:
        source: a picture, in memory or in scratch files; or (1, 3, H, W), standardised.

    Attributes:
        shape: (H, W) in px.
        framed_shape: likewise with the frame, multiples of 8.

    Example:
        >>> photo = Photo(imaging.Picture(np.zeros((50, 70, 3), np.uint8)))
        >>> photo.framed_shape, photo.framed(slice(0, 32), slice(48, 96)).shape
        ((88, 104), torch.Size([1, 3, 32, 48]))
    """

    def __init__(self, source: imaging.Picture | Tensor) -> None:
        self._source = source
        if isinstance(source, Tensor):
            self.shape: tuple[int, int] = (source.shape[-2], source.shape[-1])
        else:
            self.shape = source.height, source.width
        self._places = [reflected(side) for side in self.shape]
        self.framed_shape = len(self._places[0]), len(self._places[1])

    def part(self, rows: slice, columns: slice) -> Tensor:
        """Some of it, (1, 3, h, w), standardised.

        Args:
            rows, columns: of the photograph, with a start and a stop.
        """
        if isinstance(self._source, Tensor):
            return self._source[..., rows, columns]
        part = preprocess(self._source.part(np.s_[rows, columns]))
        drop(self._source.pixels)
        return part

    def framed(self, rows: slice, columns: slice) -> Tensor:
        """Some of it with its frame, (1, 3, h, w), standardised.

        Args:
            rows, columns: of the framed photograph, with a start and a stop.
        """
        wished = (rows.start, rows.stop), (columns.start, columns.stop)
        if wished == tuple((0, side) for side in self.framed_shape):
            return framed(self.part(*(slice(0, side) for side in self.shape)))
        shown = [places[part] for places, part in zip(self._places, (rows, columns), strict=True)]
        firsts = [int(places.min()) for places in shown]
        ends = [int(places.max()) + 1 for places in shown]
        x = self.part(*(slice(*ends_of) for ends_of in zip(firsts, ends, strict=True)))
        for dim, places, first in zip((2, 3), shown, firsts, strict=True):
            if not torch.equal(places, torch.arange(first, first + len(places))):
                x = x.index_select(dim, places - first)
        return x

    def copy(self, planes: Planes) -> Tensor:
        """All of it, (1, 3, H, W), standardised, made some rows at a time.

        Args:
            planes: where it lies.
        """
        height, width = self.shape
        plane = planes.new(1, 3, height, width)
        step = max(1, BAND_PX // width)
        for top in range(0, height, step):
            rows = slice(top, min(top + step, height))
            plane[:, :, rows] = self.part(rows, slice(0, width))
            release()
        return plane
