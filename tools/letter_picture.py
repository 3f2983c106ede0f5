"""Paint letterings for their page in the docs: `python -m tools.letter_picture EFFECTS`.

EFFECTS is a folder with `shu-flame.png` and `shu-text.png` of Text-Effects-Transfer, and
`tet-25.jpg` and `tet-40.jpg`, the numbers 25 and 40 of TET-GAN; both are by williamyang1991 and
under the MIT licence. The other styles are samples.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

import impasto
from impasto import samples
from impasto.errors import ImpastoError
from impasto.files import replacing
from tools.page import FOLDER, MARGIN, WIDTH, Page, encode

__all__ = ["LETTERINGS", "Lettering", "main", "sheet"]

COLUMNS, GAP, THUMBNAIL = 2, 40, 132


@dataclass(frozen=True)
class Lettering:
    """Words in a style: a file of the effects, with the mask of its letters, or a sample."""

    text: str
    style: str
    mask: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def files(self, effects: Path) -> tuple[Path, Path | None]:
        """Of the style and of its mask."""
        if "." not in self.style:
            return samples.style(self.style), None
        return effects / self.style, None if self.mask is None else effects / self.mask


LETTERINGS = (
    Lettering("春 Spring", "shu-flame.png", "shu-text.png"),
    Lettering("Ice 冰", "tet-40.jpg"),
    Lettering("永和九年", "tet-25.jpg"),
    Lettering("星夜 Night", "starry-night"),
    Lettering("彩窗 Glass", "stained-glass"),
    Lettering("Mosaic", "mosaic"),
    Lettering("浪 Wave", "great-wave", options={"ground": "painted"}),
    Lettering("木刻 Ink", "woodcut"),
)


def sheet(letterings: Sequence[Lettering], effects: Path, **settings: Any) -> Image.Image:
    """Letterings on one page, each beside its style.

    Args:
        letterings: in the order of reading.
        effects: the folder of the styles that are files.
        **settings: of all of them.

    Raises:
        ImpastoError: one cannot be painted.
    """
    wide = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) // COLUMNS
    room = wide - THUMBNAIL - GAP // 2
    pairs = []
    for lettering in letterings:
        style, mask = lettering.files(effects)
        asked = {"size": room, "style_text": mask, **lettering.options, **settings}
        result = impasto.letter(lettering.text, style, **asked)
        print(f"{lettering.text}: {result.seconds:.0f} s", file=sys.stderr)
        pairs.append((Image.open(style).convert("RGB"), result.picture.convert("RGBA")))
    rows = [pairs[n : n + COLUMNS] for n in range(0, len(pairs), COLUMNS)]
    heights = [max(THUMBNAIL, *(picture.height for _, picture in row)) for row in rows]
    page = Page(2 * MARGIN + sum(heights) + (len(rows) - 1) * GAP)
    top = MARGIN
    for row, height in zip(rows, heights, strict=True):
        for column, (style_picture, picture) in enumerate(row):
            left = MARGIN + column * (wide + GAP)
            page.square(style_picture, left, top + (height - THUMBNAIL) // 2, THUMBNAIL)
            place = left + THUMBNAIL + GAP // 2, top + (height - picture.height) // 2
            page.picture.paste(picture, place, picture)
        top += height + GAP
    return page.picture


def main() -> int:
    """Paint them into the docs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("effects", type=Path, help="a folder; see above")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    try:
        page = sheet(LETTERINGS, arguments.effects, threads=arguments.threads)
    except ImpastoError as error:
        print(f"letter_picture: {error}", file=sys.stderr)
        return error.exit_code
    with replacing(FOLDER / "letter.jpg") as draft:
        draft.write_bytes(encode(page))
    return 0


if __name__ == "__main__":
    sys.exit(main())
