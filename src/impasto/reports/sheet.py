"""Contact sheets: many pictures on one page, each with its caption."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["contact_sheet"]

PAPER, INK = (250, 248, 243), (58, 54, 48)


def contact_sheet(
    pictures: Sequence[tuple[str, Image]], *, columns: int, cell: tuple[int, int] = (320, 240)
) -> Image:
    """Pictures in rows on warm paper, each fitted whole into its cell above its caption.

    Args:
        pictures: (caption, picture), in reading order.
        columns: pictures in a row.
        cell: (width, height) in px that a picture may fill.

    Returns:
        An RGB PIL image.
    """
    from PIL import Image, ImageDraw, ImageFont

    margin, caption = max(8, cell[0] // 16), max(18, cell[0] // 14)
    font = ImageFont.load_default(size=caption * 0.55)
    rows = -(-len(pictures) // columns)
    width = margin + columns * (cell[0] + margin)
    height = margin + rows * (cell[1] + caption + margin)
    sheet = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    for place, (text, picture) in enumerate(pictures):
        row, column = divmod(place, columns)
        left = margin + column * (cell[0] + margin)
        top = margin + row * (cell[1] + caption + margin)
        shown = picture.convert("RGB")
        shown.thumbnail(cell, Image.Resampling.LANCZOS)
        x = left + (cell[0] - shown.width) // 2
        y = top + (cell[1] - shown.height) // 2
        sheet.paste(shown, (x, y))
        middle = left + cell[0] / 2, top + cell[1] + caption / 2
        draw.text(middle, text, font=font, fill=INK, anchor="mm")
    return sheet
