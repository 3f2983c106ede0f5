"""The verbs of what is arranged before it is painted: drawings, words, faces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from impasto import imaging
from impasto.asked import Asked
from impasto.events import Event
from impasto.methods.result import Result
from impasto.painting import paint
from impasto.settings import StyleOptions, StyleSettings

__all__ = ["doodle"]


def doodle(
    drawing: imaging.Source,
    painting: imaging.Source,
    settings: StyleSettings | None = None,
    *,
    labels: imaging.Source | None = None,
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
        on_event: called with every event.
        **overrides: single settings, in place of those in `settings`.

    Raises:
        ImpastoError: see `impasto.errors`.
    """
    pictures = {"content": drawing, "style": painting}
    if labels is not None:
        pictures["labels"] = labels
    return _painted(Asked("doodle", {}, pictures), settings, on_event, overrides)


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
