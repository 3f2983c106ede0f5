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

PAINTED, CELL = (400, 320), (240, 192)  # px
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
    for half in (NAMES[:5], NAMES[5:]):
        for values, words in ROWS:
            for name in half:
                source = PaintSource(name, width=PAINTED[0], height=PAINTED[1], **values)
                pictures.append((words or f"paint:{name}", Image.fromarray(paint(source))))
    page = contact_sheet(pictures, columns=5, cell=CELL)
    page.save(arguments.out, quality=QUALITY, optimize=True, progressive=True)


if __name__ == "__main__":
    main()
