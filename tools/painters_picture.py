"""Paint the picture of docs/library.md: every painter in its own colours and in others.

python -m tools.painters_picture --out docs/gallery/painters.jpg
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from PIL import Image

from impasto.painters import NAMES, PaintSource, paint
from impasto.reports import contact_sheet
from impasto.reports.sheet import PAPER

PAINTED, CELL = (400, 320), (200, 160)  # px
COLUMNS = 7
QUALITY = 70
# One below the other, with the words under them.
ROWS: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, ""),
    ({"palette": ("ochre", "navy", "ivory"), "scale": 1.6}, "ochre, navy, ivory, 1.6"),
    ({"palette": ("teal", "plum", "pink", "gold")}, "teal, plum, pink, gold"),
)


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    pictures = []
    for first in range(0, len(NAMES), COLUMNS):
        some = NAMES[first : first + COLUMNS]
        for values, words in ROWS:
            for name in some:
                source = PaintSource(name, width=PAINTED[0], height=PAINTED[1], **values)
                pictures.append((words or f"paint:{name}", Image.fromarray(paint(source))))
            pictures += [("", Image.new("RGB", PAINTED, PAPER))] * (COLUMNS - len(some))
    page = contact_sheet(pictures, columns=COLUMNS, cell=CELL)
    page.save(arguments.out, quality=QUALITY, optimize=True, progressive=True)


if __name__ == "__main__":
    main()
