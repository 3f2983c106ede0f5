"""Sheets of every tenth frame: the clip and all its paintings side by side."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path

from PIL import Image

from benchmarks.film import frames
from impasto.files import replacing
from impasto.reports.sheet import contact_sheet

__all__ = ["write"]

EVERY = 10
ROWS = 6
WIDE = 480  # px of a cell


def write(folder: Path, name: str, films: Mapping[str, Path], *, longest: int) -> list[Path]:
    """Write `NAME-01.png` and so on, six moments on each.

    Args:
        folder: of the sheets.
        name: of the clip.
        films: by what stands below their frames, the clip itself first.
        longest: side in px from which on a film is scaled down.

    Returns:
        The sheets.
    """
    folder.mkdir(parents=True, exist_ok=True)
    readers = [frames.read(path, longest=longest) for path in films.values()]
    sheets: list[Path] = []
    cells: list[tuple[str, Image.Image]] = []
    cell = (WIDE, WIDE)

    def finish() -> None:
        if cells:
            sheets.append(folder / f"{name}-{len(sheets) + 1:02}.png")
            with replacing(sheets[-1]) as draft:
                contact_sheet(cells, columns=len(films), cell=cell).save(draft, "PNG")
            cells.clear()

    for number, row in enumerate(zip_longest(*readers)):
        if number % EVERY == 0:
            cell = WIDE, round(WIDE * row[0].shape[0] / row[0].shape[1])
            cells += [
                (f"{film}, frame {number}", Image.fromarray(frame))
                for film, frame in zip(films, row, strict=True)
            ]
            if len(cells) == ROWS * len(films):
                finish()
    finish()
    return sheets
