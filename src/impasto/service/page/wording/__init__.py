"""What the engine and the API say, and the page's sentence for it in English and in Chinese.

A row has the engine's sentence, with `<places>` for its values and `…` for what the page leaves
out, and the page's two sentences, which fill in the values they want. `{label[size]}` is what the
page calls a setting. Of two rows that fit a sentence the first counts.
"""

from __future__ import annotations

from impasto.service.page.wording import masks, notes, pictures, settings, studio
from impasto.service.page.wording.pieces import PIECES

__all__ = ["PIECES", "ROWS"]

ROWS: tuple[tuple[str, str, str], ...] = (
    *masks.ROWS,
    *settings.ROWS,
    *studio.ROWS,
    *notes.ROWS,
    *pictures.ROWS,  # begin with any name at all
)
