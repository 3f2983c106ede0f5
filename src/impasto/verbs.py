"""The verbs of what is arranged before it is painted: drawings, words, faces."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Literal, Unpack

from impasto import imaging
from impasto.asked import Asked
from impasto.events import Event
from impasto.methods.result import Result
from impasto.painting import paint
from impasto.settings import StyleOptions, StyleSettings
from impasto.task import Role

__all__ = ["doodle", "letter", "portrait"]


def doodle(
    drawing: imaging.Source,
    painting: imaging.Source,
    settings: StyleSettings | None = None,
    *,
    labels: imaging.Source | None = None,
    regions: int | None = None,
    layout: Literal["patches", "flat"] = "patches",
    on_event: Callable[[Event], None] = lambda _event: None,
    **overrides: Unpack[StyleOptions],
) -> Result:
    """Paint a flat-coloured drawing of a painting's own parts.

    Args:
        drawing: in flat colours; as `impasto.stylize` takes a picture.
        painting: whose regions it is painted of, likewise.
        settings: all settings; those of the recipe `doodle` if left out.
        labels: what each colour of the drawing means in the painting, as a picture of that in the
            same flat colours; None to let the regions be found.
        regions: how many are found then, from 2 to 16; None for 4 to 8, or as many as the drawing
            has colours.
        layout: what each region begins with: patches of the painting, or its mean colour.
        on_event: called with every event.
        **overrides: single settings, in place of those in `settings`.

    Raises:
        ImpastoError: see `impasto.errors`.
    """
    pictures = {"content": drawing, "style": painting}
    if labels is not None:
        pictures["labels"] = labels
    options = {"regions": regions, "layout": layout}
    return _painted(Asked("doodle", options, pictures), settings, on_event, overrides)


def letter(
    text: str,
    style: imaging.Source,
    settings: StyleSettings | None = None,
    *,
    style_text: imaging.Source | None = None,
    glyphs: imaging.Source | None = None,
    font: str | os.PathLike[str] | None = None,
    vertical: bool = False,
    align: Literal["left", "center", "right"] = "center",
    reading: Literal["auto", "effect", "texture"] = "auto",
    ground: Literal["auto", "transparent", "painted"] = "auto",
    looseness: float = 0.3,
    on_event: Callable[[Event], None] = lambda _event: None,
    **overrides: Unpack[StyleOptions],
) -> Result:
    """Paint words in the effect of a style picture, or filled with it as a texture.

    Args:
        text: the words, with line breaks; empty where `glyphs` are given.
        style: letters with an effect on a ground, or a texture; as `impasto.stylize` takes a
            picture.
        settings: all settings; those of the recipe `letter` if left out.
        style_text: white where the letters of the style are, of its ratio; None to find them.
        glyphs: lettering or a logo in place of words: opaque on nothing, or dark on white.
        font: file of the font; None for bold ones of this machine.
        vertical: write from top to bottom, lines from right to left.
        align: where short lines stand; in vertical writing left is the top.
        reading: whether the style is letters with an effect or a texture; "auto" measures it.
        ground: what lies around the words; "auto" is nothing, unless the style's ground has a
            drawing of its own.
        looseness: how freely the style plays about the outline, from 0 to 1.
        on_event: called with every event.
        **overrides: single settings, in place of those in `settings`.

    Returns:
        The lettering; `picture` is RGBA where the ground is transparent.

    Raises:
        ImpastoError: see `impasto.errors`; `SettingError` names characters that no font has.

    Example:
        >>> lettering = letter("Ti", "swirls", size=96, steps=2)
        >>> lettering.picture.mode, max(lettering.picture.size)
        ('RGBA', 96)
    """
    options: dict[str, Any] = {
        "text": text,
        "font": None if font is None else os.fspath(font),
        "vertical": vertical,
        "align": align,
        "reading": reading,
        "ground": ground,
        "looseness": looseness,
    }
    given = {"content": glyphs, "style": style, "style mask": style_text}
    pictures = {role: picture for role, picture in given.items() if picture is not None}
    return _painted(Asked("letter", options, pictures), settings, on_event, overrides)


def portrait(
    photo: imaging.Source,
    style: imaging.Sources,
    settings: StyleSettings | None = None,
    *,
    framing: Literal["head", "bust"] = "head",
    face: int | Literal["largest"] = "largest",
    on_event: Callable[[Event], None] = lambda _event: None,
    **overrides: Unpack[StyleOptions],
) -> Result:
    """Paint a square about a face, upright, with the face kept like itself.

    Args:
        photo: with a face; as `impasto.stylize` takes a picture. Where none is found all of it is
            painted, and a note says so.
        style: likewise, or a list of several.
        settings: all settings; those of the recipe `portrait` if left out.
        framing: how much is in the picture.
        face: the largest, or a number from the largest, 1, on.
        on_event: called with every event.
        **overrides: single settings, in place of those in `settings`.

    Raises:
        MissingPackageError: the extra `portrait` is not installed.
        ImpastoError: see `impasto.errors`.
    """
    styles = style if isinstance(style, list | tuple) else [style]
    roles = [str(Role("style", number)) for number in range(1, len(styles) + 1)]
    pictures = {"content": photo, **dict(zip(roles, styles, strict=True))}
    options = {"framing": framing, "face": str(face)}
    return _painted(Asked("portrait", options, pictures), settings, on_event, overrides)


def _painted(
    asked: Asked[imaging.Source],
    settings: StyleSettings | None,
    on_event: Callable[[Event], None],
    overrides: StyleOptions,
) -> Result:
    painting = paint(asked, settings, **overrides)
    for event in painting:
        on_event(event)
    return painting.result()
