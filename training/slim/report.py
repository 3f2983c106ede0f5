"""A training as one can see it: a line of JSON for every examination, and a plot of them all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from impasto.files import replacing

__all__ = ["append", "plot", "read", "rewrite"]

INK, GRID = "#2b2b2b", "#d9d5cc"


def append(path: Path, line: dict[str, Any]) -> None:
    """Add one examination to the log."""
    with path.open("a") as log:
        log.write(json.dumps(line) + "\n")


def read(path: Path, *, upto: int) -> list[dict[str, Any]]:
    """The log's lines up to a step; later ones belong to work that a stop has undone."""
    if not path.is_file():
        return []
    lines: list[dict[str, Any]] = []
    for text in path.read_text().splitlines():
        try:
            line = json.loads(text)
        except json.JSONDecodeError:
            break  # half written when the machine stopped, and so later than any checkpoint
        if line["step"] <= upto:
            lines.append(line)
    return lines


def rewrite(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    """Make the log these lines and no others."""
    with replacing(path) as draft:
        draft.write_text("".join(json.dumps(line) + "\n" for line in lines))


def plot(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    """Draw loss and unexplained shares against steps.

    Args:
        path: a .png or .svg.
        lines: as `append` was given them: step, loss, and unexplained, a share by match.
    """
    from matplotlib import colormaps
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.8), dpi=130, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    steps = [line["step"] for line in lines]
    left.plot(steps, [line["loss"] for line in lines], color=INK, lw=1.5)
    left.set(title="loss while learning", xlabel="step", yscale="log")
    names = list(lines[-1]["unexplained"]) if lines else []
    colours = colormaps["viridis"]
    for i, name in enumerate(names):
        points = [(s["step"], s["unexplained"][name]) for s in lines if name in s["unexplained"]]
        colour = "#c8553d" if name == "painted" else colours(i / max(1, len(names)))
        right.plot(*zip(*points, strict=True), color=colour, lw=1.3, label=name)
    right.set(title="unexplained, when examined", xlabel="step", ylim=(0, 1))
    if names:
        right.legend(fontsize=7, ncols=2, frameon=False)
    for axes in (left, right):
        axes.grid(color=GRID, lw=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    with replacing(path) as draft:
        figure.savefig(draft, format=path.suffix[1:])
