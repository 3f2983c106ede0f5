"""Sheets of many pictures on warm paper: each with its caption, or labelled by row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

__all__ = ["CELL_PX", "INK", "PAPER", "Grid", "contact_sheet"]

CELL_PX = 256  # longest side of a cell that nobody gave a size
PAPER, INK = (250, 248, 243), (58, 54, 48)
FAINT, EMPTY = (138, 131, 120), (241, 237, 228)
LONGEST = 12_000  # px that a row or column of pictures may take: every format holds that
SMALLEST = 12  # size of text in px
LINE = 1.3  # height of a line of text, over its size

Colour = tuple[int, int, int]
Lines = list[tuple[str, int, Colour]]  # text, size in px, colour


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
        thumb = picture.convert("RGB")
        thumb.thumbnail(cell, Image.Resampling.LANCZOS)
        x = left + (cell[0] - thumb.width) // 2
        y = top + (cell[1] - thumb.height) // 2
        sheet.paste(thumb, (x, y))
        middle = left + cell[0] / 2, top + cell[1] + caption / 2
        draw.text(middle, text, font=font, fill=INK, anchor="mm")
    return sheet


class Grid:
    """A sheet that fills while its pictures are painted, with heads for columns and rows.

    The pictures that it is made from stand small in its corner.

    Args:
        columns: a label for each column.
        rows: the labels of each row, outermost first; those that the row above has as well are
            only hinted at. `[[]]` for a single row.
        cell: (width, height) in px that a picture may fill.
        sources: small in the corner, the photograph first.
        title, subtitle: beside them.
        captions: what stands below each picture, for a sheet whose rows and columns mean nothing;
            where these are fewer than its places, the last places stay empty paper.
        swatches: a small picture beside each caption.

    Attributes:
        picture: the sheet so far, an RGB PIL image.
        across, count: cells in a row, and in all that are to be filled.

    Example:
        >>> from PIL import Image
        >>> grid = Grid(["strength 0.2", "strength 0.8"], [[]], cell=(90, 60))
        >>> grid.put(2, Image.new("RGB", (90, 60), "teal"))
        >>> (0, 128, 128) in [colour for _, colour in grid.picture.getcolors()]
        True
    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        cell: tuple[int, int],
        sources: Sequence[Image] = (),
        title: str = "",
        subtitle: str = "",
        captions: Sequence[str] = (),
        swatches: Sequence[Image] = (),
    ) -> None:
        from PIL import Image, ImageDraw

        self.across, self.count = len(columns), len(captions) or len(columns) * len(rows)
        self._captions = captions
        shrink = min(1.0, LONGEST / (self.across * cell[0]), LONGEST / (len(rows) * cell[1]))
        self._width, self._height = (max(1, round(side * shrink)) for side in cell)
        longest = max(self._width, self._height)
        self._em = em = min(30, max(15, round(0.075 * max(self._width, 0.6 * self._height))))
        self._gap, margin = round(0.8 * em), 2 * em
        self._caption = round((3.2 if captions else 1.6) * em)
        tall = round(2.6 * em)
        self._swatches = [_fitted(swatch, 2 * tall, tall) for swatch in swatches]

        heads = [_wrapped(text, em, self._width) for text in columns]
        sides = list(_sides(rows, em))
        beside = max((_length(line, em) for side in sides for line, *_ in side), default=0)
        self._left = margin + (beside + em if beside else 0)

        corner = max(3 * em, round(0.36 * longest)) if sources else 0
        thumbs = [_fitted(source, 2 * corner, corner) for source in sources]
        words_at = margin + sum(thumb.width + em // 2 for thumb in thumbs) + em // 2
        right = self._left + self.across * (self._width + self._gap) - self._gap
        right = max(right, words_at + 14 * em if title else words_at)
        words: Lines = [(line, em + 6, INK) for line in _wrapped(title, em + 6, right - words_at)]
        words += [("", em // 3, FAINT)]
        words += [(line, em, FAINT) for line in _wrapped(subtitle, em, right - words_at)]
        band = max(corner, _rise(words) if title or subtitle else 0)
        above = round(LINE * em) * max(map(len, heads)) + em // 2
        self._tops = [margin + (band + em if band else 0) + above]
        for row, (one, other) in enumerate(pairwise(rows), 1):
            new_group = len(other) > 1 and one[:-1] != other[:-1]
            step = self._height + self._caption + self._gap // 2
            step += em if new_group or captions else 0
            self._tops.append(self._tops[row - 1] + step)

        size = right + margin, self._tops[-1] + self._height + self._caption + margin - em // 2
        self.picture: Image.Image = Image.new("RGB", size, PAPER)
        self._draw = ImageDraw.Draw(self.picture)
        left = margin
        for thumb in thumbs:
            self.picture.paste(thumb, (left, margin))
            left += thumb.width + em // 2
        self._write(words, (words_at, margin + band / 2), "lm")
        for column, lines in enumerate(heads):
            middle = self._left + column * (self._width + self._gap) + self._width / 2
            head: Lines = [(line, em, INK) for line in lines]
            self._write(head, (middle, self._tops[0] - em / 2 - _rise(head) / 2), "mm")
        for top, side in zip(self._tops, sides, strict=True):
            self._write(side, (self._left - em, top + self._height / 2), "rm")
        for index in range(1, self.count + 1):
            self.put(index, None)

    def put(self, index: int, picture: Image | None, note: str = "") -> None:
        """Put a picture in its place, fitted whole, in place of what is there.

        Args:
            index: of the cell, from 1, in reading order; it is written below.
            picture: of any size and mode; None for an empty cell.
            note: written beside the number.
        """
        left, top = self._place(index)
        right, bottom = left + self._width, top + self._height
        self._draw.rectangle((left, top, right - 1, bottom + self._caption - 1), fill=PAPER)
        if picture is None:
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=EMPTY)
        else:
            thumb = _fitted(picture, self._width, self._height)
            x = left + (self._width - thumb.width) // 2
            self.picture.paste(thumb, (x, top + (self._height - thumb.height) // 2))
        text = f"{index} · {note}" if note else f"{index}"
        size = max(13, round(0.85 * self._em))
        if self._captions:
            self._describe(index, (text, size, FAINT), left, bottom)
            return
        middle = (left + right) / 2, bottom + self._caption / 2 - 1
        self._draw.text(middle, text, font=_font(size), fill=FAINT, anchor="mm")

    def _describe(self, index: int, number: tuple[str, int, Colour], left: int, top: int) -> None:
        """The caption of a cell below it, over its number, its swatch beside both."""
        top += self._em // 4
        height = self._caption - self._em // 4
        if self._swatches:
            swatch = self._swatches[index - 1]
            self.picture.paste(swatch, (left, top + (height - swatch.height) // 2))
            left += swatch.width + self._em // 2
        name, room = self._captions[index - 1], self._place(index)[0] + self._width - left
        size = self._em
        while size > SMALLEST and not _fits(name, size, room):
            size -= 1
        while len(name) > 1 and not _fits(name, size, room):
            name = name[:-2] + "…"
        self._write([(name, size, INK), number], (left, top + height / 2), "lm")

    def _place(self, index: int) -> tuple[int, int]:
        """Left and top of a cell."""
        row, column = divmod(index - 1, self.across)
        return self._left + column * (self._width + self._gap), self._tops[row]

    def _write(self, lines: Lines, at: tuple[float, float], anchor: str) -> None:
        """Lines below each other whose block has its middle at a height."""
        y = at[1] - _rise(lines) / 2
        for text, size, colour in lines:
            place = at[0], y + LINE * size / 2
            self._draw.text(place, text, font=_font(size), fill=colour, anchor=anchor)
            y += LINE * size


def _sides(rows: Sequence[Sequence[str]], size: int) -> Iterator[Lines]:
    """The lines beside each row; what the row above says as well is faint."""
    above: Sequence[str] = []
    for row in rows:
        repeated = 0
        while repeated < min(len(row), len(above)) and row[repeated] == above[repeated]:
            repeated += 1
        yield [
            (line, size, FAINT if place < repeated else INK)
            for place, label in enumerate(row)
            for line in _wrapped(label, size, 12 * size)
        ]
        above = row


def _rise(lines: Lines) -> int:
    """Height of a block of lines in px."""
    return round(sum(LINE * size for _, size, _ in lines))


def _wrapped(text: str, size: int, width: float) -> list[str]:
    """A text in lines that fit in `width` px, broken at spaces and commas, else anywhere."""
    lines, line = [], ""
    for word in re.findall(r"[^\s,]*,|[^\s,]+\s*|\s+", text):
        if line and _length((line + word).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
        while len(line) > 1 and _length(line.rstrip(), size) > width:
            fits = next(
                n for n in range(len(line) - 1, 0, -1) if n == 1 or _fits(line[:n], size, width)
            )
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()] if line.strip() else lines


def _fits(text: str, size: int, width: float) -> bool:
    return _length(text, size) <= width


def _length(text: str, size: int) -> int:
    return int(_font(size).getlength(text)) + 1


def _fitted(picture: Image, width: int, height: int) -> Image:
    """A picture as large as fits, on paper where it is transparent."""
    from PIL import Image, ImageOps

    if "A" in picture.getbands() or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, PAPER)
        picture = Image.alpha_composite(paper, picture)
    return ImageOps.contain(picture.convert("RGB"), (width, height), Image.Resampling.LANCZOS)


@cache
def _font(size: int) -> FreeTypeFont:
    from matplotlib import get_data_path
    from PIL import ImageFont

    # The serif of the loss curves' package, so that every machine has it.
    face = Path(get_data_path()) / "fonts" / "ttf" / "STIXGeneralItalic.ttf"
    return ImageFont.truetype(face, size)
