"""A drawing in flat colours becomes a task: each colour is painted of a region of the painting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto import imaging
from impasto.arrangements.doodle.match import matched
from impasto.arrangements.doodle.options import DoodleOptions
from impasto.arrangements.doodle.palette import Parts, parts_of
from impasto.arrangements.doodle.patchwork import FINEST, laid_out
from impasto.arrangements.doodle.planes import labels_at, middles
from impasto.arrangements.doodle.quantise import flat_hex, quantised
from impasto.arrangements.doodle.tables import notes_of
from impasto.errors import InputError, SettingError
from impasto.imaging import Picture
from impasto.imaging.color.oklab import from_oklab
from impasto.methods.inputs import style_shape
from impasto.settings import StyleSettings
from impasto.task import RegionOptions, StyleTask

__all__ = ["arrange"]

ONE_PASS = 3  # px of a picture that is painted in one pass to one of its layout
# Of a larger drawing so many px are looked at: to one of its layout, and of its longest side.
SEEN, SEEN_SIDE = 2, 1024


def arrange(
    pictures: Mapping[str, Picture],
    options: DoodleOptions,
    settings: StyleSettings,
) -> StyleTask[Any]:
    """The task of a doodle.

    Args:
        pictures: `content` is the drawing, `style` the painting, and `labels`, if there is one, a
            map of the painting in the drawing's colours.
        options: how many regions are found without a map, and what they begin with.
        settings: complete.

    Returns:
        The layout as the photograph, and the painting as a style for each colour of the drawing,
        with a mask in both; the tables of colours are among the layout's notes.

    Raises:
        InputError: more than one painting.
        SettingError: shares of several styles.
        PictureError: the map has another ratio than the painting.
    """
    if others := [role for role in pictures if role not in ("content", "style", "labels")]:
        raise InputError(f"a doodle is painted of one painting: leave {others[0]} out")
    if settings.style_blend is not None:
        raise SettingError("style_blend has no meaning for a doodle of one painting: leave it out")
    drawing, painting = pictures["content"], imaging.filled(pictures["style"])
    size = _size_of(drawing, settings)
    flat = quantised(_no_larger(drawing, max(SEEN_SIDE, SEEN * max(size))))
    fewest = {} if options.regions else {"fewest": max(4, len(flat.colours))}
    parts = parts_of(painting, pictures.get("labels"), regions=options.regions, **fewest)
    count = len(parts.colours)
    places = middles(flat.labels, len(flat.colours)), middles(parts.labels, count)
    matching = matched(flat.colours, parts.colours, places if parts.found else None)

    drawn = np.array(matching.regions)[flat.labels]
    drawn = labels_at(drawn, size, count)
    layout = _layout(painting, parts, drawn, options, settings)
    used = [int(n) for n in np.unique(drawn)]
    learnt = _learnt(painting, parts, used, size, settings)
    lost = set(matching.regions) - set(used)
    notes = (*parts.notes, *notes_of(drawing, flat, parts, matching, lost))
    return StyleTask(
        Picture((layout * 255).round().astype(np.uint8), name=drawing.name, notes=notes),
        tuple(
            replace(pictures["style"], name=f"{flat_hex(parts.colours[n])} of {painting.name}")
            for n in used
        ),
        tuple(imaging.mask_of(drawn == n, f"a region of {drawing.name}") for n in used),
        tuple(imaging.mask_of(learnt == n, f"a region of {painting.name}") for n in used),
        regions=tuple(RegionOptions(hard=True) for _ in used),
    )


def _no_larger(drawing: Picture, side: int) -> Picture:
    """A drawing made smaller where its longest side has more px than that."""
    share = side / max(drawing.height, drawing.width)
    if share >= 1:
        return drawing
    height, width = (max(1, round(share * px)) for px in (drawing.height, drawing.width))
    return imaging.resized(drawing, height, width, resample="bilinear")


def _size_of(drawing: Picture, settings: StyleSettings) -> tuple[int, int]:
    """(height, width) of the layout, in px: the drawing's ratio, and all that the painting needs.

    A drawing is enlarged where a photograph would not be: it has no detail to lose.
    """
    height, width = imaging.target_shape(
        drawing.height,
        drawing.width,
        size=settings.size,
        shape=settings.shape,
        fit=settings.fit,
        upscale=True,
    )
    share = max(height / drawing.height, width / drawing.width)
    return max(height, round(drawing.height * share)), max(width, round(drawing.width * share))


def _layout(
    painting: Picture,
    parts: Parts,
    drawn: NDArray[np.intp],
    options: DoodleOptions,
    settings: StyleSettings,
) -> NDArray[np.float32]:
    """What the painting begins with, (H, W, 3) in [0, 1]."""
    size = (drawn.shape[0], drawn.shape[1])
    if options.layout == "flat":
        colours = from_oklab(parts.paints[None])[0].astype(np.float32)
        return np.asarray(colours[drawn])

    def read_at(at: tuple[int, int]) -> tuple[int, int]:
        return style_shape(painting, size, at, settings)

    # What paints in one pass makes detail of its own.
    finest = FINEST if settings.method == "optimization" else max(size) // ONE_PASS
    return laid_out(painting, parts.labels, drawn, size, read_at, finest)


def _learnt(
    painting: Picture,
    parts: Parts,
    used: list[int],
    size: tuple[int, int],
    settings: StyleSettings,
) -> NDArray[np.intp]:
    """The map of the painting, no larger than it is looked at, with all regions that are used."""
    whole = (painting.height, painting.width)
    height, width = style_shape(painting, size, size, settings)
    if height < whole[0] and width < whole[1]:
        smaller = labels_at(parts.labels, (height, width), len(parts.colours))
        if set(used) <= set(np.unique(smaller).tolist()):
            return smaller
    return parts.labels
