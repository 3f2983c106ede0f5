"""Contact sheets of the paintings, in full size, and the list that blind sheets are laid from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from benchmarks.one_pass.paint import picture_of
from benchmarks.quality.pairs import Pair
from impasto.files import replacing
from impasto.imaging import Picture, read
from impasto.reports.sheet import contact_sheet

__all__ = ["blind_pairs", "write"]

ROWS = 4


def write(work: Path, pairs: Sequence[Pair], sides: Sequence[str], size: int) -> list[Path]:
    """Write `sheets/01.png` and so on: photograph, style and paintings, four pairs on each.

    Args:
        work: folder of the paintings.
        pairs: all of them painted.
        sides: whose paintings stand in a row.
        size: longest side of a painting, in px, which is that of a cell.

    Returns:
        The sheets.
    """
    folder = work / "sheets"
    folder.mkdir(parents=True, exist_ok=True)
    sheets = []
    for first in range(0, len(pairs), ROWS):
        cells: list[tuple[str, Image.Image]] = []
        for pair in pairs[first : first + ROWS]:
            cells += [(path.stem, _picture(path, size)) for path in (pair.content, pair.style)]
            cells += [(side, _picture(picture_of(work, side, pair), size)) for side in sides]
        sheets.append(folder / f"{first // ROWS + 1:02}.png")
        with replacing(sheets[-1]) as draft:
            contact_sheet(cells, columns=2 + len(sides), cell=(size, size)).save(draft, "PNG")
    return sheets


def blind_pairs(work: Path, pairs: Sequence[Pair]) -> Path:
    """Write `pairs.json` for `python -m benchmarks.blind lay`: the peer's as old, ours as new."""
    listed = [
        {
            "content": str(pair.content.absolute()),
            "style": str(pair.style.absolute()),
            "old": str(picture_of(work, "peer", pair).absolute()),
            "new": str(picture_of(work, "ours", pair).absolute()),
        }
        for pair in pairs
    ]
    path = work / "pairs.json"
    with replacing(path) as draft:
        draft.write_text(json.dumps(listed, indent=1) + "\n", "utf-8")
    return path


def _picture(path: Path, size: int) -> Image.Image:
    """A picture whose longest side is at most `size` px."""
    picture: Picture = read(path)
    image = Image.fromarray(picture.pixels)
    image.thumbnail((size, size), Image.Resampling.LANCZOS)
    return image
