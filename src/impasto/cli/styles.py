"""`impasto styles`: what is a style by its name: pictures that come along, and painters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from impasto import samples
from impasto.cli.options import overwrite_option, verbose_option
from impasto.files import check_absent
from impasto.painters import SHOWS as PAINTERS
from impasto.painters.source import SCHEME
from impasto.text import format_path

__all__ = ["styles"]

CELL = (320, 256)  # px


def styles(
    sheet: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Draw them all on a sheet.", show_default=False),
    ] = None,
    overwrite: Annotated[bool, overwrite_option()] = False,
    verbose: Annotated[bool, verbose_option()] = False,
) -> None:
    """List the sample styles, and the painters that make new ones. Use a name in place of a style
    picture: impasto stylize photo.jpg starry-night. --verbose says where the files are.
    """
    shows = samples.SHOWS["style"]
    painters = {f"{SCHEME}{name}": words for name, (words, _) in PAINTERS.items()}
    width = max(map(len, [*shows, *painters]))
    for name, words in shows.items():
        print(f"{name:<{width}}  {words}")
        if verbose:
            print(f"{'':<{width}}  {samples.style(name)}")
    for name, words in painters.items():
        print(f"{name:<{width}}  {words}")
    print(f"A painter takes a palette and more: '{SCHEME}oil?palette=ochre,navy&scale=1.5&seed=3'")
    if sheet is not None:
        _draw(sheet, overwrite)
        print(format_path(sheet))


def _draw(path: Path, overwrite: bool) -> None:
    """Every style above its name, on one page."""
    import numpy as np
    from PIL import Image

    from impasto import imaging
    from impasto.reports import contact_sheet

    names = samples.names("style")
    imaging.check_output(path, inputs=map(samples.style, names))
    if not overwrite:
        check_absent(path)
    pictures = [(name, Image.open(samples.style(name))) for name in names]
    page = contact_sheet(pictures, columns=4, cell=CELL)
    imaging.write(path, np.asarray(page, np.float32) / 255)
