"""Finding settings by looking: one pair of pictures painted with many settings, small first."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from impasto import imaging, methods
from impasto.errors import ImpastoError, SettingError, UnknownNameError
from impasto.events import Event
from impasto.painting import run
from impasto.reports.sheet import Grid
from impasto.settings import StyleSettings, load_settings
from impasto.task import StyleTask
from impasto.text import format_value

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Cell", "explore", "labels", "plan", "sheet"]

SIZE = 256
MOST_CELLS = 64
DRAFT_SIZE, DRAFT_SHARE = 128, 3


@dataclass(frozen=True)
class Cell:
    """One painting of the grid, or why there is none.

    Attributes:
        index: from 1, in reading order.
        count: of all cells.
        varied: what makes this cell: its value of each varied setting, by field name.
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


def explore(
    content: imaging.Source,
    style: imaging.Source | Sequence[imaging.Source],
    vary: Mapping[str, Sequence[Any]],
    settings: StyleSettings | None = None,
    *,
    on_event: Callable[[Event], None] | None = None,
    on_fetch: Callable[[int, int | None], None] | None = None,
    **overrides: Any,
) -> Iterator[Cell]:
    """Paint a grid: every cell as a draft first, then one after the other in full.

    A draft has at most 128 px on its longest side and a third of the steps, so that after seconds
    there is something to see. A cell that fails comes with its error, and the next one follows.

    Args:
        content, style: as for `impasto.run`.
        vary: the values of each setting to vary; the first one makes the columns.
        settings: all that the cells share; `default` at a size of 256 px if left out.
        overrides: single settings, in place of those in `settings`.
        on_event: called with every event of every painting.
        on_fetch: as for `impasto.run`.

    Returns:
        An iterator of cells in reading order: all drafts, then all paintings.

    Raises:
        ImpastoError: a picture that cannot be read, or settings that are wrong by themselves,
            before anything is painted. What only shows beside the pictures (a size too small for
            the layers, shares that are not as many as the styles) is in its cell.

    Example:
        >>> from impasto import samples
        >>> pair = samples.content("chelsea"), samples.style("swirls")
        >>> cells = explore(*pair, {"strength": [0.2, 0.8]}, size=64, steps=3)
        >>> [(cell.index, cell.draft, cell.settings.strength) for cell in cells]
        [(1, True, 0.2), (2, True, 0.8), (1, False, 0.2), (2, False, 0.8)]
    """
    planned = plan(vary, settings, **overrides)
    limit = planned[0][1].max_megapixels
    photo = imaging.read(content, max_megapixels=limit)
    for one in StyleTask.of(content, style).styles:
        imaging.read(one, max_megapixels=limit)
    return _cells(photo, style, planned, on_event, on_fetch)


def plan(
    vary: Mapping[str, Sequence[Any]], settings: StyleSettings | None = None, **overrides: Any
) -> list[tuple[dict[str, Any], StyleSettings]]:
    """What each cell varies and its complete settings, in reading order, all of them checked.

    Raises:
        SettingError: an unknown setting, a wrong value, one twice, nothing to vary, or more than
            64 cells.

    Example:
        >>> [varied for varied, _ in plan({"strength": ["0.2", 0.8], "seed": [1]})]
        [{'strength': 0.2, 'seed': 1}, {'strength': 0.8, 'seed': 1}]
    """
    for name, values in vary.items():
        if name not in StyleSettings.model_fields:
            raise UnknownNameError("setting", name, StyleSettings.model_fields)
        if not len(values):
            raise SettingError(f"{name} has no value to take: give at least one")
    first, *others = vary.items() if vary else [("", [])]
    count = len(first[1])
    for _, values in others:
        count *= len(values)
    if not count:
        raise SettingError("nothing varies: give a setting and its values, as strength=0.2,0.8")
    if count > MOST_CELLS:
        raise SettingError(
            f"that makes {count} cells; a sheet has {MOST_CELLS} at most: vary fewer values"
        )
    has_size = any(overrides.get(name) is not None for name in ("size", "shape"))
    if settings is None and not has_size:
        overrides = {"size": SIZE, **overrides}
    rows = itertools.product(*(values for _, values in others))
    combinations = (
        {first[0]: value, **dict(zip((name for name, _ in others), row, strict=True))}
        for row in rows
        for value in first[1]
    )
    planned: list[tuple[dict[str, Any], StyleSettings]] = []
    for combination in combinations:
        complete = _cell_settings(settings, overrides, combination)
        varied = {name: getattr(complete, name) for name in combination}
        if "recipe" in varied:
            varied["recipe"] = combination["recipe"]  # a file's name, which the settings forget
        if varied in (there for there, _ in planned):
            raise SettingError(f"{', '.join(labels(varied))} is there twice: give each value once")
        planned.append((varied, complete))
    return planned


def labels(varied: Mapping[str, Any]) -> list[str]:
    """How a cell is labelled, one label for each varied setting.

    Example:
        >>> labels({"strength": 0.25, "style_layers": {"relu1_1": 1.0}})
        ['strength 0.25', 'style layers relu1_1']
    """
    return [f"{name.replace('_', ' ')} {format_value(value)}" for name, value in varied.items()]


def sheet(
    content: imaging.Source,
    style: imaging.Source | Sequence[imaging.Source],
    vary: Mapping[str, Sequence[Any]],
    settings: StyleSettings | None = None,
    **overrides: Any,
) -> Grid:
    """The empty sheet of a grid, with its labels and the pictures it is made from.

    Args:
        content, style, vary, settings, overrides: as for `explore`.

    Returns:
        A grid; `grid.put(cell.index, cell.picture)` puts a picture in its place.
    """
    planned = plan(vary, settings, **overrides)
    columns = len(next(iter(vary.values())))
    limit = planned[0][1].max_megapixels
    photo = imaging.read(content, max_megapixels=limit)
    heads = [labels(varied) for varied, _ in planned]
    shapes = [_shape(photo, complete) for _, complete in planned]
    styles = [
        imaging.read(one, max_megapixels=limit) for one in StyleTask.of(content, style).styles
    ]
    return Grid(
        [head[0] for head in heads[:columns]],
        [head[1:] for head in heads[::columns]],
        cell=(max(width for _, width in shapes), max(height for height, _ in shapes)),
        sources=[_pil_image(picture) for picture in (photo, *styles)],
        title=" in the style of ".join(
            [_title_of(photo), " and ".join(_title_of(picture) for picture in styles)]
        ),
        subtitle=_subtitle(planned[0][1], vary),
    )


def _cell_settings(
    settings: StyleSettings | None, overrides: dict[str, Any], combination: dict[str, Any]
) -> StyleSettings:
    """The settings of a cell, complete and checked as far as that needs no painting."""
    varied = dict(combination)
    if settings is None:
        start = {"recipe": varied.pop("recipe")} if "recipe" in varied else {}
        complete = load_settings({**overrides, **start})
    else:
        complete = settings.replace(**overrides)
    complete = complete.replace(**varied)
    methods.choose(complete).check(complete)
    return complete


def _cells(
    content: imaging.Picture,
    style: imaging.Source | Sequence[imaging.Source],
    planned: Sequence[tuple[dict[str, Any], StyleSettings]],
    on_event: Callable[[Event], None] | None,
    on_fetch: Callable[[int, int | None], None] | None,
) -> Iterator[Cell]:
    for draft in (True, False):
        for index, (varied, settings) in enumerate(planned, 1):
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
            seconds = time.monotonic() - started_at
            yield Cell(index, len(planned), varied, settings, picture, draft, seconds, error)


def _draft_settings(settings: StyleSettings, content: imaging.Picture) -> StyleSettings:
    """Settings of the quick look: fewer pixels, fewer steps."""
    height, width = _shape(content, settings)
    smaller = min(1.0, DRAFT_SIZE / max(height, width))
    steps = max(1, settings.steps // DRAFT_SHARE)
    if settings.shape is None:
        return settings.replace(size=max(1, round(max(height, width) * smaller)), steps=steps)
    tall, wide = (max(1, round(side * smaller)) for side in settings.shape)
    return settings.replace(shape=(tall, wide), steps=steps)


def _shape(content: imaging.Picture, settings: StyleSettings) -> tuple[int, int]:
    return imaging.target_shape(
        content.height,
        content.width,
        size=settings.size,
        shape=settings.shape,
        fit=settings.fit,
        upscale=settings.upscale,
    )


def _title_of(picture: imaging.Picture) -> str:
    return picture.path.stem.replace("_", " ") if picture.path else picture.name


def _subtitle(settings: StyleSettings, vary: Mapping[str, Sequence[Any]]) -> str:
    """What all cells have in common, in a few words."""
    size = f"{settings.size} px" if settings.shape is None else f"{format_value(settings.shape)} px"
    words = {"recipe": settings.recipe, "size": size, "steps": f"{settings.steps} steps"}
    if "shape" in vary:
        del words["size"]
    return " · ".join(word for name, word in words.items() if name not in vary)


def _pil_image(picture: imaging.Picture) -> Image:
    from PIL.Image import fromarray

    visible = imaging.filled(picture)  # what is hidden has no colour to show
    shallow = visible.pixels if visible.bits == 8 else (visible.pixels / 257).round()
    return imaging.with_alpha(fromarray(shallow.astype("uint8")), visible.alpha)
