"""The cells of a grid, each a draft first: painted by this process, or by workers of a cluster."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from impasto import imaging, methods
from impasto.errors import ImpastoError
from impasto.events import Event, Started
from impasto.painting import run
from impasto.settings import StyleSettings
from impasto.task import files_of
from impasto.workflows import executors
from impasto.workflows.executors import Needs
from impasto.workflows.executors.ordered import Failed
from impasto.workflows.parcels import Parcel, unpacked

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["STYLE", "Cell", "cell_shape", "cells_away", "cells_here", "has_steps"]

STYLE = "style"
DRAFT_SIZE, DRAFT_SHARE = 128, 3


@dataclass(frozen=True)
class Cell:
    """One painting of the grid, or why there is none.

    Attributes:
        index: from 1, in reading order.
        count: of all cells.
        varied: what makes this cell: its value of each varied setting, by field name, and its
            `style` as it was given.
        settings: all of them; a draft has fewer pixels and steps than they say.
        picture: an 8-bit PIL image; None if it could not be painted.
        draft: whether it is the quick look that comes before.
        seconds: that painting took.
        error: why there is no picture.
    """

    index: int
    count: int
    varied: dict[str, Any]
    settings: StyleSettings
    picture: Image | None = field(repr=False)
    draft: bool
    seconds: float
    error: ImpastoError | None = None


def cells_here(
    content: imaging.Picture,
    style: imaging.Source | Sequence[imaging.Source] | None,
    planned: Sequence[tuple[dict[str, Any], StyleSettings]],
    on_event: Callable[[Event], None] | None,
    on_fetch: Callable[[int, int | None], None] | None,
) -> Iterator[Cell]:
    """Cells that this process paints: all drafts, then all paintings.

    Args:
        content: the photograph.
        style: of the cells that do not vary it.
        planned: what varies and all settings, of each cell.
        on_event, on_fetch: as for `impasto.workflows.explore.explore`.
    """
    for draft, index, varied, settings in _in_turn(planned):
        own: Any = varied.get(STYLE, style)
        seconds, picture, error = _painted(content, own, settings, draft, on_event, on_fetch)
        yield Cell(index, len(planned), varied, settings, picture, draft, seconds, error)


def _in_turn(
    planned: Sequence[tuple[dict[str, Any], StyleSettings]],
) -> Iterator[tuple[bool, int, dict[str, Any], StyleSettings]]:
    """All drafts, then all paintings; whether it is a draft, and the number of each cell."""
    for draft in (True, False):
        for index, (varied, settings) in enumerate(planned, 1):
            if not draft or has_steps(settings):
                yield draft, index, varied, settings


def _painted(
    content: imaging.Picture,
    style: Any,
    settings: StyleSettings,
    draft: bool,
    on_event: Callable[[Event], None] | None = None,
    on_fetch: Callable[[int, int | None], None] | None = None,
) -> tuple[float, Image | None, ImpastoError | None]:
    """The seconds that a cell took, and its picture or why there is none."""
    started_at = time.monotonic()
    picture, error = None, None
    try:
        chosen = _draft_settings(settings, content) if draft else settings
        painting = run(content, style, chosen, on_fetch=on_fetch)
        for event in painting:
            if on_event is not None:
                on_event(event)
        picture = painting.picture()
    except ImpastoError as failure:
        error = failure
    return time.monotonic() - started_at, picture, error


def cells_away(
    content: imaging.Picture,
    styles: list[imaging.Picture],
    vary: Mapping[str, Sequence[Any]],
    planned: Sequence[tuple[dict[str, Any], StyleSettings]],
    cluster: str,
    on_note: Callable[[str], None],
) -> Iterator[Cell]:
    """Cells that the workers of a cluster paint, which have none of the files.

    Args:
        content: the photograph.
        styles: in the order of the cells that vary them, or those that all cells have.
        vary: the values of what varies.
        planned: as for `cells_here`.
        cluster, on_note: as for `impasto.workflows.explore.explore`.

    Raises:
        ClusterError: it cannot be used.
    """
    parcel = Parcel.of(sorted({file for _, settings in planned for file in files_of(settings)}))
    alone = list(vary.get(STYLE, ()))
    asked = list(_in_turn(planned))
    # What varies is found again by its place: arrays are not compared.
    drawn = (
        (
            draft,
            settings,
            next(n for n, style in enumerate(alone) if style is varied[STYLE]) if alone else None,
        )
        for draft, _, varied, settings in asked
    )
    first = planned[0][1]
    each_bytes = 0 if first.force else _predicted_bytes(content, styles, planned)
    needs = Needs(first.threads, each_bytes, first.precision)
    paint = partial(_painted_away, parcel, content, styles)
    with executors.open(cluster, needs, on_note=on_note) as executor:
        results = executors.map_ordered(executor, paint, drawn)
        with closing(results):
            for (draft, index, varied, settings), result in zip(asked, results, strict=True):
                seconds, picture, failed = result
                error = None if failed is None else failed.error()
                yield Cell(index, len(planned), varied, settings, picture, draft, seconds, error)


def _predicted_bytes(
    content: imaging.Picture,
    styles: list[imaging.Picture],
    planned: Sequence[tuple[dict[str, Any], StyleSettings]],
) -> int:
    """The memory that the largest cell takes, in bytes; 0 where it cannot be painted at all."""
    largest = max((own for _, own in planned), key=lambda own: math.prod(cell_shape(content, own)))
    try:
        started = next(run(content, styles[:1] or None, largest.model_copy(update={"force": True})))
    except ImpastoError:  # of which its cell will tell
        return 0
    return started.predicted_bytes if isinstance(started, Started) else 0


def _painted_away(
    parcel: Parcel,
    content: imaging.Picture,
    styles: list[imaging.Picture],
    asked: tuple[bool, StyleSettings, int | None],
) -> tuple[float, Image | None, Failed | None]:
    """As `_painted`, in a worker of a cluster."""
    draft, settings, number = asked
    own: Any = (styles or None) if number is None else styles[number]
    with unpacked(parcel) as here:
        seconds, picture, error = _painted(content, own, here.settings(settings), draft)
        if error is None:
            return seconds, picture, None
        failed = Failed.of(error)
        return seconds, None, replace(failed, message=here.words(failed.message))


def has_steps(settings: StyleSettings) -> bool:
    """Whether fewer of them make a quick look; what paints at once needs none."""
    return "steps" in methods.choose(settings).reads


def _draft_settings(settings: StyleSettings, content: imaging.Picture) -> StyleSettings:
    """Settings of the quick look: fewer pixels, fewer steps."""
    height, width = cell_shape(content, settings)
    smaller = min(1.0, DRAFT_SIZE / max(height, width))
    steps = max(1, settings.steps // DRAFT_SHARE)
    if settings.shape is None or isinstance(settings.shape, str):
        return settings.replace(size=max(1, round(max(height, width) * smaller)), steps=steps)
    tall, wide = (max(1, round(side * smaller)) for side in settings.shape)
    return settings.replace(shape=(tall, wide), steps=steps)


def cell_shape(content: imaging.Picture, settings: StyleSettings) -> tuple[int, int]:
    """(height, width) of a cell's painting, in px."""
    return imaging.target_shape(
        content.height,
        content.width,
        size=settings.size,
        shape=settings.shape,
        fit=settings.fit,
        upscale=settings.upscale,
    )
