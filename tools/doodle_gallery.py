"""Paint the picture of docs/doodle.md: `python -m tools.doodle_gallery`.

Each row is a drawing by code, a bundled painting, and what was painted of both.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from impasto import samples
from impasto.settings import StyleOptions
from impasto.verbs import doodle
from samples.doodles import DOODLES, Doodle
from tools.page import FOLDER, MARGIN, WIDTH, Page, encode

__all__ = ["main", "page"]

SHOWN = ("night-bay", "island")
BYTES = 200_000
GAP, CAPTION = 18, 40

Row = tuple[Doodle, Image.Image]


def page(rows: Sequence[Row]) -> Image.Image:
    """Drawing, painting and doodle beside each other, a row for each doodle."""
    width = (WIDTH - 2 * MARGIN - 2 * GAP) // 3
    heights = [round(width * row[0].size[1] / row[0].size[0]) for row in rows]
    sheet = Page(2 * MARGIN + sum(heights) + CAPTION * len(rows) + GAP * (len(rows) - 1))
    top = MARGIN
    for (drawn, painted), height in zip(rows, heights, strict=True):
        painting = Image.open(samples.style(drawn.painting))
        cells = (("drawing", drawn.drawing()), (drawn.painting, painting), ("doodle", painted))
        for column, (text, picture) in enumerate(cells):
            left = MARGIN + column * (width + GAP)
            sheet.cell(picture, left, top, width, height)
            sheet.text(text, (left + width / 2, top + height + CAPTION * 0.55), 24)
        top += height + CAPTION + GAP
    return sheet.picture


def _painted(drawn: Doodle, size: int, steps: int | None) -> Row:
    start = time.monotonic()
    given: StyleOptions = {"size": size}
    if steps is not None:
        given["steps"] = steps
    painting = samples.style(drawn.painting)
    result = doodle(drawn.drawing(), painting, labels=drawn.labels(), **given)
    print(f"{drawn.name}: {time.monotonic() - start:.0f} s", file=sys.stderr)
    return drawn, result.picture


def main(arguments: Sequence[str] | None = None) -> None:
    """Paint and write the picture."""
    parser = argparse.ArgumentParser(prog="python -m tools.doodle_gallery")
    parser.add_argument("--size", type=int, default=512, help="longest side, in px")
    parser.add_argument("--steps", type=int, help="of each; the recipe's own if left out")
    parser.add_argument("--out", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    rows = [_painted(d, options.size, options.steps) for d in DOODLES if d.name in SHOWN]
    path: Path = options.out / "doodle.jpg"
    path.write_bytes(encode(page(rows), most=BYTES))
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
