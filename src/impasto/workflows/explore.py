"""Settings side by side: one photograph painted in many ways, small first.

What varies are settings, and the style itself, which goes by the name `style`.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto import imaging, methods
from impasto.errors import SettingError, UnknownNameError
from impasto.events import Event
from impasto.reports.sheet import CELL_PX, Grid
from impasto.samples.lookup import located
from impasto.settings import StyleSettings, load_settings
from impasto.settings.model_files import moved_model, split_model
from impasto.settings.resolve import LISTED
from impasto.task import StyleTask
from impasto.text import format_value, is_ratio
from impasto.workflows.explore_cells import (
    STYLE,
    Cell,
    cell_shape,
    cells_away,
    cells_here,
    has_steps,
)
from impasto.workflows.on_cluster import settings_of_workers

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["STYLE", "Cell", "explore", "labels", "plan", "sheet"]

MOST_CELLS = 64
MOST_ACROSS = 4  # styles side by side; more of them go on in the next row
MOST_SOURCES = 4  # pictures in the corner of a sheet


def explore(
    content: imaging.Source,
    style: imaging.Source | Sequence[imaging.Source] | None,
    vary: Mapping[str, Sequence[Any]],
    settings: StyleSettings | None = None,
    *,
    on_event: Callable[[Event], None] | None = None,
    on_fetch: Callable[[int, int | None], None] | None = None,
    cluster: str | None = None,
    on_note: Callable[[str], None] = lambda _: None,
    **overrides: Any,
) -> Iterator[Cell]:
    """Paint a grid: every cell as a draft first, then one after the other in full.

    A draft has at most 128 px on its longest side and a third of the steps, so that after seconds
    there is something to see. A cell that fails comes with its error, and the next one follows.

    Args:
        content, style: as for `impasto.run`; no style where it varies, or where the settings of
            every cell name a `model` that was taught its styles.
        vary: the values of each setting to vary; the first one makes the columns. `style` has
            pictures and names of samples, each in cells of its own.
        settings: all that the cells share; `default` at a size of 256 px if left out.
        overrides: single settings, in place of those in `settings`.
        on_event: called with every event of every painting, unless a cluster paints.
        on_fetch: as for `impasto.run`.
        cluster: where cells are painted, several at once, as `executors.open` takes it. Each worker
            has one thread unless `threads` is set.
        on_note: told, in a sentence each, of machines of it that are not used.

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
        >>> cells = explore("chelsea", None, {"style": ["swirls", "mosaic"]}, size=64, steps=3)
        >>> [cell.varied["style"] for cell in cells][:2]
        ['swirls', 'mosaic']
    """
    planned = plan(vary, settings, **overrides)
    photo, styles = _pictures(content, style, vary, planned)
    if cluster is not None:
        planned = [(v, settings_of_workers(own, cluster)) for v, own in planned]
        return cells_away(photo, styles, vary, planned, cluster, on_note)
    return cells_here(photo, style, planned, on_event, on_fetch)


def plan(
    vary: Mapping[str, Sequence[Any]], settings: StyleSettings | None = None, **overrides: Any
) -> list[tuple[dict[str, Any], StyleSettings]]:
    """What each cell varies and its complete settings, in reading order, all of them checked.

    Raises:
        SettingError: an unknown setting, a wrong value, one twice, nothing to vary, seeds where
            nothing is random, or more than 64 cells.

    Example:
        >>> [varied for varied, _ in plan({"strength": ["0.2", 0.8], "style": ["swirls"]})]
        [{'strength': 0.2, 'style': 'swirls'}, {'strength': 0.8, 'style': 'swirls'}]
    """
    for name, values in vary.items():
        if name not in StyleSettings.model_fields and name != STYLE:
            choices = [*StyleSettings.model_fields, STYLE]
            raise UnknownNameError("setting", name, choices, listed=LISTED)
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
    has_size = overrides.get("size") is not None or (
        overrides.get("shape") is not None and not is_ratio(overrides["shape"])
    )
    if settings is None and not has_size:
        overrides = {"size": CELL_PX, **overrides}
    rows = itertools.product(*(values for _, values in others))
    combinations = (
        {first[0]: value, **dict(zip((name for name, _ in others), row, strict=True))}
        for row in rows
        for value in first[1]
    )
    planned: list[tuple[dict[str, Any], StyleSettings]] = []
    for combination in combinations:
        complete = _cell_settings(settings, overrides, combination)
        # A style is no setting, and of a recipe the settings forget the file's name.
        kept = {name: combination[name] for name in (STYLE, "recipe") if name in combination}
        varied = {name: kept.get(name, getattr(complete, name, None)) for name in combination}
        if len(vary.get("seed", ())) > 1 and (reason := methods.seedless(complete)):
            raise SettingError(f"seed would paint the same in each of its cells: {reason}")
        if any(_same(varied, there) for there, _ in planned):
            raise SettingError(f"{', '.join(labels(varied))} is there twice: give each value once")
        planned.append((varied, complete))
    return planned


def labels(varied: Mapping[str, Any]) -> list[str]:
    """How a cell is labelled, one label for each varied setting; a style by its name alone.

    Example:
        >>> labels({"strength": 0.25, "style_layers": {"relu1_1": 1.0}, "style": "in/my_cat.jpg"})
        ['strength 0.25', 'style layers relu1_1', 'my cat']
    """
    return [
        _style_label(value)
        if name == STYLE
        else f"{name.replace('_', ' ')} {format_value(_short(name, value))}"
        for name, value in varied.items()
    ]


def _short(name: str, value: Any) -> Any:
    """A model without its folder; any other value as it is."""
    is_model = name == "model" and isinstance(value, str)
    return moved_model(value, lambda path: Path(path).name) if is_model else value


def _style_label(style: imaging.Source) -> str:
    if isinstance(style, str | os.PathLike):
        return Path(style).stem.replace("_", " ")
    return "a picture"  # without a name


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two cells vary alike; arrays are the same only if they are one."""

    def key(varied: Mapping[str, Any]) -> dict[str, Any]:
        style = varied.get(STYLE)
        plain = style if isinstance(style, str | os.PathLike) else id(style)
        return {**varied, STYLE: str(plain)}

    return key(one) == key(other)


def sheet(
    content: imaging.Source,
    style: imaging.Source | Sequence[imaging.Source] | None,
    vary: Mapping[str, Sequence[Any]],
    settings: StyleSettings | None = None,
    **overrides: Any,
) -> Grid:
    """The empty sheet of a grid, with its labels and the pictures it is made from.

    Where the style varies and nothing else, each stands small below its painting.

    Args:
        content, style, vary, settings, overrides: as for `explore`.

    Returns:
        A grid; `grid.put(cell.index, cell.picture)` puts a picture in its place.
    """
    planned = plan(vary, settings, **overrides)
    columns = len(next(iter(vary.values())))
    photo, styles = _pictures(content, style, vary, planned)
    heads = [labels(varied) for varied, _ in planned]
    shapes = [cell_shape(photo, complete) for _, complete in planned]
    cell = max(width for _, width in shapes), max(height for height, _ in shapes)
    named = " and ".join(map(_title_of, styles) if styles else _taught(planned[0][1].model))
    title = f"{_title_of(photo)} in the style of {named}"
    if not styles and "model" in vary:
        title = _title_of(photo)
    if STYLE in vary and len(styles) > 1:
        title = f"{_title_of(photo)} in {len(styles)} styles"
    subtitle = _subtitle(planned[0][1], vary)
    if list(vary) == [STYLE]:
        across = min(columns, MOST_ACROSS)
        return Grid(
            [""] * across,
            [[]] * -(-columns // across),
            cell=cell,
            sources=[_pil_image(photo)],
            title=title,
            subtitle=subtitle,
            captions=[head[0] for head in heads],
            swatches=[_pil_image(picture) for picture in styles],
        )
    sources = (photo, *styles) if len(styles) < MOST_SOURCES or STYLE not in vary else (photo,)
    return Grid(
        [head[0] for head in heads[:columns]],
        [head[1:] for head in heads[::columns]],
        cell=cell,
        sources=[_pil_image(picture) for picture in sources],
        title=title,
        subtitle=subtitle,
    )


def _pictures(
    content: imaging.Source,
    style: imaging.Source | Sequence[imaging.Source] | None,
    vary: Mapping[str, Sequence[Any]],
    planned: Sequence[tuple[dict[str, Any], StyleSettings]],
) -> tuple[imaging.Picture, list[imaging.Picture]]:
    """The photograph and all styles, whether they vary or not.

    Raises:
        SettingError: no style, or one beside those that vary.
        PictureError: one that cannot be read.
    """
    if STYLE in vary and style is not None:
        raise SettingError("style is varied and given: leave one of them out")
    styles = list(vary.get(STYLE, ())) if style is None else style
    taught = all(settings.model is not None for _, settings in planned)
    task = located(StyleTask.of(content, styles, taught=taught))
    limit = planned[0][1].max_megapixels
    photo, *pictures = (
        imaging.read(source, max_megapixels=limit) for source in task.by_role().values()
    )
    return photo, pictures


def _cell_settings(
    settings: StyleSettings | None, overrides: dict[str, Any], combination: dict[str, Any]
) -> StyleSettings:
    """The settings of a cell, complete and checked as far as that needs no painting."""
    varied = {name: value for name, value in combination.items() if name != STYLE}
    if settings is None:
        start = {"recipe": varied.pop("recipe")} if "recipe" in varied else {}
        complete = load_settings({**overrides, **start})
    else:
        complete = settings.replace(**overrides)
    complete = complete.replace(**varied)
    methods.choose(complete).check(complete)
    return complete


def _title_of(picture: imaging.Picture) -> str:
    return picture.path.stem.replace("_", " ") if picture.path else picture.name


def _taught(model: str | None) -> Sequence[str]:
    """What the styles of a model are called: its rows, or it has but one and goes by its file."""
    file, rows = split_model(model or "")
    return rows or [file.stem.replace("_", " ")]


def _subtitle(settings: StyleSettings, vary: Mapping[str, Sequence[Any]]) -> str:
    """What all cells have in common, in a few words."""
    size = f"{settings.size} px" if settings.size else "full size"
    if is_ratio(settings.shape):
        size = f"{settings.shape}, {size}"
    elif settings.shape is not None:
        size = f"{format_value(settings.shape)} px"
    if has_steps(settings):
        words = {"recipe": settings.recipe, "size": size, "steps": f"{settings.steps} steps"}
    else:
        words = {"method": settings.method, "size": size}
    if "shape" in vary:
        del words["size"]
    return " · ".join(word for name, word in words.items() if name not in vary)


def _pil_image(picture: imaging.Picture) -> Image:
    from PIL.Image import fromarray

    visible = imaging.filled(picture)  # what is hidden has no colour to show
    shallow = visible.pixels if visible.bits == 8 else (visible.pixels / 257).round()
    return imaging.with_alpha(fromarray(shallow.astype("uint8")), visible.alpha)
