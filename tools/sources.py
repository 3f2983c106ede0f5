"""`SOURCES.md` beside the sample pictures, read off what is on record about them."""

from __future__ import annotations

from impasto.samples.catalogue import DRAWINGS, PHOTOGRAPHS
from impasto.samples.paintings import PAINTINGS
from tools.tables import code, table

__all__ = ["page"]

PHOTOGRAPHS_INTRODUCTION = """\
Those of NASA, SpaceX, Stefan van der Walt and Rachel Michetti are taken from the data folder of
[scikit-image](https://scikit-image.org) 0.26, and their licences are those that scikit-image
states for them. `samples/photographs.py` converted all to RGB, made them smaller where a side was
above 768 px, and saved them as JPEG."""

PAINTINGS_INTRODUCTION = """\
Scans of works whose artists have been dead for more than 70 years, which are in the public domain;
a faithful scan adds no protection of its own. `samples/paintings.py` cut off frames and margins and
made them smaller. Where the page that a scan comes from is not known, the collection that keeps the
work is named: those scans were found in three repositories, `lalala-23187/impressionist-gallery`
and `nhatquangph2/ethereal-art-gallery`, which name Wikimedia Commons as their source, and
`JBVenuto/arthistorygame`, which names The Met's open access collection. The title of `calavera` is
ours."""

DRAWINGS_INTRODUCTION = """\
Painted by this project with code, from random numbers and no other picture; MIT, like the code.
`python -m samples.paint --out src/impasto/samples/style` paints them again."""


def page(notice: str) -> str:
    """The page.

    Args:
        notice: the line that says how it is written.
    """
    photographs = [
        (_file(name), it.caption(), it.origin, it.licence) for name, it in PHOTOGRAPHS.items()
    ]
    paintings = [
        (_file(name), it.caption(), str(it.artist.died), it.origin)
        for name, it in PAINTINGS.items()
    ]
    drawings = [(_file(name), it.caption(), code(f"paint:{name}")) for name, it in DRAWINGS.items()]
    parts = [
        "# Sources of the sample pictures",
        notice,
        "## Photographs: `content/`",
        PHOTOGRAPHS_INTRODUCTION,
        table(("file", "shows", "from", "licence"), photographs),
        "## Works of the past: `style/`",
        PAINTINGS_INTRODUCTION,
        table(("file", "what", "artist died", "from, or kept by"), paintings),
        "## Painted with code: `style/`",
        DRAWINGS_INTRODUCTION,
        table(("file", "what", "source"), drawings),
    ]
    return "\n\n".join(parts) + "\n"


def _file(name: str) -> str:
    return code(f"{name}.jpg")
