"""The styles that a training learns: files read into pixels, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from impasto import imaging
from impasto.painters.painted import stem_of
from impasto.text import format_path
from impasto.training.pictures import check_size, read_pixels

__all__ = ["names_of", "read_styles"]

STYLE_PX = 512  # longest side that a style is learnt at: strokes as in a painting of that size


def names_of(paths: Sequence[Path]) -> list[str]:
    """A name for each style: that of its file or its painter, numbered where two have the same.

    Colons and commas, which `--model FILE:ROW,ROW` has its own use for, become dashes.

    Example:
        >>> names_of([Path("a/blue.jpg"), Path("b/blue.png"), Path("one, two.jpg")])
        ['blue', 'blue-2', 'one- two']
    """
    names: list[str] = []
    for path in paths:
        stem = stem_of(path).translate(str.maketrans(":,", "--"))
        name, number = stem, 2
        while name in names:
            name, number = f"{stem}-{number}", number + 1
        names.append(name)
    return names


def read_styles(paths: Sequence[Path]) -> tuple[list[Tensor], tuple[str, ...]]:
    """Styles as they are learnt.

    Args:
        paths: of their files.

    Returns:
        (1, 3, H, W), uint8, of each, its longest side at most 512 px; a sentence about each that
        is transparent in places.

    Raises:
        PictureError: one is too small, or transparent everywhere.
    """
    pictures = [imaging.read(path) for path in paths]
    notes = tuple(
        f"{format_path(path)} is transparent in places, which are learnt in the colours around"
        for path, picture in zip(paths, pictures, strict=True)
        if picture.alpha is not None
    )
    return [_pixels(*pair) for pair in zip(paths, pictures, strict=True)], notes


def _pixels(path: Path, picture: imaging.Picture) -> Tensor:
    pixels = read_pixels(picture, STYLE_PX)
    check_size(path, pixels, STYLE_PX)
    return pixels
