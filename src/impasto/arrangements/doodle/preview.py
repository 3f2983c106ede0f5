"""A doodle as it will be, at once: painted in one pass, small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from impasto.arrangements import arrange
from impasto.asked import Asked

if TYPE_CHECKING:
    from PIL.Image import Image

    from impasto.imaging import Source

__all__ = ["preview"]

SIZE = 256  # px of the longest side


def preview(
    drawing: Source,
    painting: Source,
    labels: Source | None = None,
    *,
    size: int = SIZE,
    options: dict[str, Any] | None = None,
) -> Image:
    """A small picture of a doodle, in a second or two.

    Args:
        drawing, painting, labels: as for `impasto.doodle`.
        size: longest side, in px.
        options: of a doodle, as `impasto.arrangements.doodle.options` has them.

    Raises:
        ImpastoError: as for `impasto.doodle`.
    """
    # Here: the page and the library know this function where torch is not loaded.
    from impasto import methods
    from impasto.methods.protocol import RunOptions
    from impasto.settings import StyleSettings

    settings = StyleSettings(recipe="doodle", method="one-pass", size=size, embed_recipe=False)
    pictures = {"content": drawing, "style": painting}
    if labels is not None:
        pictures["labels"] = labels
    task = arrange(Asked("doodle", options or {}, pictures), settings)
    run = methods.choose(settings).prepare(task, settings, RunOptions())
    for _ in run:
        pass
    return run.picture()
