"""A page of pictures and captions for the docs, and the bytes it is kept as."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont, ImageOps

from impasto.reports.sheet import INK, PAPER

__all__ = ["BYTES", "FAINT", "FOLDER", "MARGIN", "WIDTH", "Page", "encode", "row"]

FOLDER = Path(__file__).parents[1] / "docs" / "gallery"
WIDTH = 1600
MARGIN = 56
BYTES = 500_000
QUALITY = 88
FAINT = (138, 131, 120)


class Page:
    """Warm paper to lay squares and captions on."""

    def __init__(self, height: int) -> None:
        self.picture = Image.new("RGB", (WIDTH, height), PAPER)
        self._draw = ImageDraw.Draw(self.picture)

    def square(self, picture: Image.Image, left: int, top: int, side: int) -> None:
        """A picture's middle as a square of `side` px."""
        self.cell(picture, left, top, side, side)

    def cell(self, picture: Image.Image, left: int, top: int, width: int, height: int) -> None:
        """A picture's middle as a rectangle."""
        middle = ImageOps.fit(picture.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
        self.picture.paste(middle, (left, top))

    def text(
        self,
        text: str,
        at: tuple[float, float],
        size: int,
        anchor: str = "mm",
        colour: tuple[int, int, int] = INK,
    ) -> None:
        """A line of text; `anchor` as Pillow has it."""
        self._draw.text(at, text, font=_font(size), fill=colour, anchor=anchor)


def row(cells: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    """Pictures as squares in one row, each above its caption."""
    gap, caption = 18, 44
    side = (WIDTH - 2 * MARGIN - (len(cells) - 1) * gap) // len(cells)
    page = Page(2 * MARGIN + side + caption)
    for column, (text, picture) in enumerate(cells):
        left = MARGIN + column * (side + gap)
        page.square(picture, left, MARGIN, side)
        page.text(text, (left + side / 2, MARGIN + side + caption * 0.6), 24)
    return page.picture


def encode(picture: Image.Image, quality: int = QUALITY, most: int | None = None) -> bytes:
    """JPEG bytes, with the quality lowered step by step until they fit in `most`, or `BYTES`."""
    while True:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() <= (BYTES if most is None else most):
            return buffer.getvalue()
        quality -= 1


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # A serif that every machine has that can draw the loss curves.
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return ImageFont.truetype(fonts / "STIXGeneralItalic.ttf", size)
