"""Where each part of some words goes, and the mask that all of them make.

Lengths are in em, the size of the font, until a mask is drawn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFont

from impasto.arrangements.letter.fonts import Face, Run, is_wide, runs_of
from impasto.arrangements.letter.options import NO_WORDS
from impasto.errors import PictureError, SettingError
from impasto.imaging.picture import Picture

__all__ = ["Glyphs", "OwnGlyphs", "Words"]

REFERENCE_PX = 100  # of an em, at which words are measured
LINE_EM = 1.15  # from one line to the next
COLUMN_EM = 1.2  # from one column of vertical writing to the next
BASELINE_EM = 0.88  # from the top of a square to the line its letter stands on, as in CJK fonts
CAPITAL_EM = 0.7  # of letters that lie on their side in a column
PAPER = 0.5  # of full darkness: what is darker of a drawing without transparency is a glyph
LARGEST_PX = 4096  # side of a drawing that is taken as it is; larger ones are made smaller
RIGHT_TO_LEFT = ("R", "AL")
PLAIN = (
    "Pillow finds no FriBiDi here and sets letters one after another: letters that are joined or "
    "read from right to left and the punctuation of columns come out wrong; install it (Debian: "
    "apt install libfribidi0)"
)


class Glyphs(Protocol):
    """Shapes that can be drawn at any size."""

    reference: NDArray[np.float32]
    """(h, w) in [0, 1], cut to what is drawn, at the size they are measured at."""

    def drawn(self, scale: float) -> NDArray[np.float32]:
        """The same at so many times that size."""


class OwnGlyphs:
    """Lettering or a logo from a picture.

    Args:
        picture: a cut-out counts where it is opaque, any other by how dark it is.

    Raises:
        PictureError: there is nothing on it.

    Example:
        >>> bar = np.full((4, 8, 3), 255, np.uint8)
        >>> bar[1:3, 2:6] = 0
        >>> OwnGlyphs(Picture(bar)).reference.shape
        (2, 4)
    """

    def __init__(self, picture: Picture) -> None:
        opacity = picture.opacity
        shares = 1 - picture.floats.mean(2) if opacity is None else opacity
        if (longest := max(shares.shape)) > LARGEST_PX:
            shares = _resized(shares, LARGEST_PX / longest)
        if not (shares >= PAPER).any():
            raise PictureError(
                f"{picture.name} shows no glyphs: draw them dark on white, or opaque on nothing"
            )
        self.reference = _cut(shares)

    def drawn(self, scale: float) -> NDArray[np.float32]:
        """The glyphs at so many times the size of the picture."""
        return _resized(self.reference, scale)


@dataclass(frozen=True)
class _Piece:
    """Text of one font at a place: where its baseline begins, in em from the top left."""

    text: str
    face: Face
    x: float
    y: float
    turned: bool = False
    features: tuple[str, ...] = ()


class Words:
    """Words that fonts draw.

    Args:
        text: with line breaks.
        font: file of the only font; None for those of this machine.
        vertical: from top to bottom, lines from right to left.
        align: of short lines, "left", "center" or "right"; of columns left is the top.

    Attributes:
        fonts: the names of those that draw them.
        notes: what may surprise, in a sentence each.

    Raises:
        SettingError: nothing to draw, or a character that no font has.

    Example:
        >>> Words("||").reference.shape[0] > Words("-").reference.shape[0]
        True
    """

    def __init__(
        self, text: str, font: str | None = None, vertical: bool = False, align: str = "center"
    ) -> None:
        lines = unicodedata.normalize("NFC", text).replace("\t", " ").splitlines()
        runs = [runs_of(line.strip(), font) for line in lines]
        faces = dict.fromkeys(run.face for line in runs for run in line)
        self.fonts = tuple(" ".join(filter(None, _font(f, REFERENCE_PX).getname())) for f in faces)
        wants_shaping = vertical or any(map(_is_shaped, text))
        self.notes = (PLAIN,) if wants_shaping and not all(map(_shapes, faces)) else ()
        place = _columns if vertical else _rows
        self._pieces = list(place(runs, {"left": 0.0, "center": 0.5, "right": 1.0}[align]))
        if not self._pieces:
            raise SettingError(NO_WORDS)
        self.reference = self._mask(REFERENCE_PX)

    def drawn(self, scale: float) -> NDArray[np.float32]:
        """The words at so many times the size of the reference."""
        return self._mask(REFERENCE_PX * scale)

    def _mask(self, em: float) -> NDArray[np.float32]:
        right = max(piece.x + (0 if piece.turned else _length(piece)) for piece in self._pieces)
        bottom = max(piece.y + (_length(piece) if piece.turned else 0) for piece in self._pieces)
        # An em around is room for all that reaches beyond: tails, accents, swashes.
        sheet = Image.new("L", (round((right + 2) * em), round((bottom + 2) * em)))
        for piece in self._pieces:
            _draw(sheet, piece, em)
        shares = np.asarray(sheet, np.float32) / np.float32(255)
        if shares.max() < PAPER:
            raise SettingError("the words leave no ink: give some that do, or --glyphs FILE")
        return _cut(shares)


def _rows(lines: Sequence[Sequence[Run]], share: float) -> Iterator[_Piece]:
    """Pieces of lines from top to bottom, each in the order in which it is read."""
    lengths = [sum(_length_of(run.text, run.face) for run in line) for line in lines]
    for number, (line, length) in enumerate(zip(lines, lengths, strict=True)):
        x = share * (max(lengths) - length)
        for run in line[::-1] if _begins_right(line) else line:
            yield _Piece(run.text, run.face, x, BASELINE_EM + number * LINE_EM)
            x += _length_of(run.text, run.face)


def _begins_right(line: Sequence[Run]) -> bool:
    """Whether the first letter with a direction is read from right to left."""
    kinds = (unicodedata.bidirectional(c) for run in line for c in run.text)
    return next((k for k in kinds if k in ("L", *RIGHT_TO_LEFT)), "L") in RIGHT_TO_LEFT


def _columns(lines: Sequence[Sequence[Run]], share: float) -> Iterator[_Piece]:
    """Pieces of columns from right to left: squares upright, other words on their side."""
    parts = [[part for run in line for part in _stacked(run)] for line in lines]
    lengths = [sum(length for _, _, _, length in column) for column in parts]
    for number, (column, whole) in enumerate(zip(parts, lengths, strict=True)):
        x = (len(lines) - 1 - number) * COLUMN_EM
        y = share * (max(lengths) - whole)
        for text, face, upright, length in column:
            if upright:
                middle = x + (1 - _length_of(text, face)) / 2
                yield _Piece(text, face, middle, y + BASELINE_EM, features=("vert",))
            else:
                yield _Piece(text, face, x + (1 - CAPITAL_EM) / 2, y, turned=True)
            y += length


def _stacked(run: Run) -> Iterator[tuple[str, Face, bool, float]]:
    """Text, font, whether it stands upright, and how far it reaches down, in em."""
    lying = ""
    for character in run.text:
        if not is_wide(character):
            lying += character
            continue
        if lying:
            yield lying, run.face, False, _length_of(lying, run.face)
            lying = ""
        yield character, run.face, True, 1.0
    if lying:
        yield lying, run.face, False, _length_of(lying, run.face)


def _length(piece: _Piece) -> float:
    return _length_of(piece.text, piece.face)


def _length_of(text: str, face: Face) -> float:
    return float(_font(face, REFERENCE_PX).getlength(text)) / REFERENCE_PX


@lru_cache(maxsize=32)
def _font(face: Face, em: float) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(face.path, em, index=face.index)
    except OSError as error:
        raise SettingError(
            f"{face.path} cannot be drawn with ({error}): give another font"
        ) from None


def _shapes(face: Face) -> bool:
    """Whether letters are joined, ordered and replaced as the font says."""
    return _font(face, REFERENCE_PX).layout_engine == ImageFont.Layout.RAQM


def _is_shaped(character: str) -> bool:
    """Whether a character stands otherwise beside others than alone."""
    return (
        unicodedata.bidirectional(character) in RIGHT_TO_LEFT
        or unicodedata.category(character)[0] == "M"
    )


def _draw(sheet: Image.Image, piece: _Piece, em: float) -> None:
    font = _font(piece.face, em)
    features = list(piece.features) if piece.features and _shapes(piece.face) else None
    if not piece.turned:
        place = ((piece.x + 1) * em, (piece.y + 1) * em)
        ImageDraw.Draw(sheet).text(
            place, piece.text, fill=255, font=font, anchor="ls", features=features
        )
        return
    lying = Image.new("L", (round((_length(piece) + 2) * em), round(3 * em)))
    ImageDraw.Draw(lying).text((em, 2 * em), piece.text, fill=255, font=font, anchor="ls")
    standing = lying.transpose(Image.Transpose.ROTATE_270)
    # Its baseline, two em below the top, is now two em left of the right side.
    left = round((piece.x + 1) * em) - (standing.width - round(2 * em))
    top = round((piece.y + 1) * em) - round(em)
    box = (left, top, left + standing.width, top + standing.height)
    # What was drawn there before stays; beyond the sheet there is nothing to keep.
    sheet.paste(ImageChops.lighter(sheet.crop(box), standing), box)


def _cut(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """The part of a mask that is drawn."""
    rows, columns = (np.flatnonzero((shares >= PAPER).any(axis)) for axis in (1, 0))
    return shares[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _resized(shares: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    height, width = (max(1, round(side * scale)) for side in shares.shape)
    image = Image.fromarray(np.asarray(shares, np.float32))
    larger = image.resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(larger, np.float32).clip(0, 1)
