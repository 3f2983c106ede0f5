"""What a painting from a server is told about the files it was painted of, which stayed here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impasto.settings.embedded import text_in

__all__ = ["with_names"]


def with_names(png: bytes, given: Mapping[str, Any]) -> bytes:
    """A painting whose recipe has the names of our files, which the server was not told.

    Args:
        png: as the server gives it.
        given: what was sent, by role as text; pictures that are no paths stay without a name.
    """
    recipe = text_in(png)
    if recipe is None:
        return png
    from impasto.imaging.codecs.png_chunks import with_recipe
    from impasto.settings.recipe_writing import renamed

    names = {
        role: Path(picture).name
        for role, picture in given.items()
        if isinstance(picture, str | os.PathLike)
    }
    return with_recipe(png, renamed(recipe, names))
