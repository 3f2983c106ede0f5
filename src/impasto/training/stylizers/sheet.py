"""A contact sheet of a training: what it makes of two photographs so far, in each style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from impasto import imaging
from impasto.networks.stylizers import OnePass
from impasto.reports.sheet import PAPER, contact_sheet
from impasto.training.pictures import as_picture
from impasto.training.stylizers.comparison import paint

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

__all__ = ["training_sheet"]

CELL_PX = (384, 288)
ROWS = 8


def training_sheet(
    title: str, network: OnePass, styles: Mapping[str, Tensor], photographs: Sequence[Tensor]
) -> Image:
    """Photographs, and each style beside what it makes of them; of many styles eight.

    Args:
        title: of the sheet, in its corner.
        network: with a row for each style, by its name.
        styles: (1, 3, H, W), uint8, by name.
        photographs: (1, 3, H, W) each, uint8.
    """
    from PIL import Image

    pictures = [as_picture(photograph) for photograph in photographs]
    cells = [(title, Image.new("RGB", (1, 1), PAPER))]
    cells += [("photograph", _image(picture)) for picture in pictures]
    for name, style in [*styles.items()][:ROWS]:
        cells.append((name, _image(as_picture(style))))
        for picture in pictures:
            cells.append(("", _image(paint(network, network.code(name), picture))))
    return contact_sheet(cells, columns=1 + len(pictures), cell=CELL_PX)


def _image(picture: imaging.Picture) -> Image:
    """A picture of 8 bits."""
    from PIL import Image

    return Image.fromarray(picture.pixels)
