"""Loss curves, as the chapter plots them: each weighted loss of a run, by its name, against steps.

Nothing here knows which losses there are: whatever names the steps have is drawn.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, cycle, repeat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from impasto.errors import OutputError
from impasto.files import replacing
from impasto.text import format_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from impasto.events import Step
    from impasto.methods.result import Result

__all__ = ["PLOT_FORMATS", "check_plot", "loss_colours", "loss_names", "plot_losses"]

PLOT_FORMATS = (".pdf", ".png", ".svg")
INK, GRID = "#2b2b2b", "#d9d5cc"
TOTAL = "total"  # the sum of the others, which is not drawn
COLOURS = {"content": "#2f6f8f", "style": "#c8553d", "tv": "#7a7a52"}
OTHER_COLOURS = ("#8a5a83", "#4f8a5b", "#b8863b", "#5b6c8f", "#9c4f5a", "#3f8f8a")
LABELS = {"tv": "total variation loss"}  # of names that are no words


def loss_names(losses: Iterable[Mapping[str, float]]) -> list[str]:
    """The losses that are above 0 in some step, in the order in which they first come.

    Args:
        losses: of each step, by name.

    Example:
        >>> loss_names([{"content": 0.0, "style": 2.0, "total": 2.0}, {"content": 0.1, "sky": 1.0}])
        ['content', 'style', 'sky']
    """
    highest: dict[str, float] = {}
    for step in losses:
        for name, value in step.items():
            highest[name] = max(highest.get(name, 0.0), value)
    return [name for name, value in highest.items() if value > 0 and name != TOTAL]


def loss_colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for each loss: its own where it has one, else the next of a palette.

    Example:
        >>> list(loss_colours(["style", "sky", "sea"]).values())
        ['#c8553d', '#8a5a83', '#4f8a5b']
    """
    others = cycle(OTHER_COLOURS)
    return {name: COLOURS.get(name) or next(others) for name in names}


def check_plot(path: Path) -> None:
    """Refuse, before the long work, a plot that could not be written after it.

    Raises:
        OutputError: unknown format or missing folder.
    """
    if path.suffix.lower() not in PLOT_FORMATS:
        raise OutputError(
            f"{format_path(path)} has no format a plot can have: "
            f"end its name in {', '.join(PLOT_FORMATS)}"
        )
    if not path.absolute().parent.is_dir():
        raise OutputError(f"{format_path(path)}: its folder does not exist: make it first")


class _Row(NamedTuple):
    """A step: its number, its losses by name, and its scale if that is known."""

    step: int
    losses: Mapping[str, float]
    scale: tuple[int, int] | None = None


@contextmanager
def _without_warnings() -> Iterator[None]:
    """No lines of matplotlib's on a home that it cannot write its fonts and settings to."""
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def plot_losses(steps: Result | Sequence[Step | Mapping[str, float]], path: str | Path) -> Path:
    """Draw the weighted losses of a run, on a logarithmic axis, the scales marked.

    Args:
        steps: the events, in order; a result, which has them all; or the losses of each step
            alone, which know no scales.
        path: .png, .svg or .pdf.

    Raises:
        OutputError: if the place cannot be written.
    """
    path = Path(path)
    check_plot(path)
    rows = _rows(steps)
    # The figure by itself: pyplot would pick a window system and keep every figure alive.
    with _without_warnings():
        from matplotlib import rc_context
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.2), dpi=150, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    numbers = [row.step for row in rows]
    for name, colour in loss_colours(loss_names(row.losses for row in rows)).items():
        values = [row.losses.get(name, math.nan) for row in rows]
        label = LABELS.get(name, f"{name} loss".replace("_", " "))
        axes.plot(numbers, values, color=colour, linewidth=1.8, label=label)
    if axes.lines:
        _mark_scales(axes, rows)
        axes.set_yscale("log")
    axes.set_xlabel("step", color=INK)
    axes.set_ylabel("weighted loss", color=INK)
    axes.grid(True, which="major", color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.01)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    try:
        # No date, no version, no random ids: equal runs make equal files.
        metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
        ending = path.suffix.lower()
        about = metadata.get(ending, {"Software": None})
        with rc_context({"svg.hashsalt": "impasto"}), replacing(path) as draft:
            figure.savefig(draft, format=ending[1:], metadata=about)
    except OSError as error:
        raise OutputError(
            f"the plot {format_path(path)} cannot be written ({error.strerror}): "
            "name a file you can write to"
        ) from None
    return path


def _rows(steps: Result | Sequence[Step | Mapping[str, float]]) -> list[_Row]:
    if isinstance(steps, Sequence):
        return [
            _Row(number, step)
            if isinstance(step, Mapping)
            else _Row(step.step, step.losses, step.scale)
            for number, step in enumerate(steps, 1)
        ]
    known = (size for size, count in steps.scales for _ in range(count))
    sizes: Iterator[tuple[int, int] | None] = chain(known, repeat(None))
    return [
        _Row(number, losses, size)
        for number, (losses, size) in enumerate(zip(steps.losses, sizes, strict=False), 1)
    ]


def _mark_scales(axes: Axes, steps: Sequence[_Row]) -> None:
    """Name each scale at its first step."""
    before = None
    for step in steps:
        if step.scale is None or step.scale == before:
            continue
        if before is not None:
            axes.axvline(step.step - 0.5, color=INK, linewidth=0.7, linestyle=(0, (2, 3)))
        height, width = step.scale
        axes.annotate(
            f"{width} × {height}",
            (step.step, 1),
            xycoords=("data", "axes fraction"),
            xytext=(4, -4),
            textcoords="offset points",
            va="top",
            fontsize=8,
            color=INK,
        )
        before = step.scale
