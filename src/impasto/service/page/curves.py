"""The loss curves of a run as a small drawing that the page carries inside itself (SVG)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from impasto.reports.curves import loss_colours, loss_names
from impasto.service.page.texts import loss_label, phrase

__all__ = ["loss_curves"]

WIDTH, HEIGHT = 640, 168
LEFT, RIGHT, TOP, BOTTOM = 6, 6, 10, 22
MOST_POINTS = 240  # more cannot be told apart at this width


def loss_curves(steps: Sequence[Mapping[str, Any]], total: int, language: str) -> str:
    """Every loss of every step so far, by its name, on a logarithmic axis.

    Args:
        steps: the `step` events' data, in order: step, losses, scale.
        total: how many steps the whole run has; the axis ends there from the beginning.
        language: of the words, "en" or "zh".

    Returns:
        HTML in one line: a legend with the present values, and an SVG; empty before the second
        step. A loss that is never above 0 is left out.

    Example:
        >>> loss_curves([], 20, "en")
        ''
    """
    if len(steps) < 2:
        return ""
    thinned = _thinned(steps)
    colours = loss_colours(loss_names(step["losses"] for step in thinned))
    lines = {
        name: [(s["step"], s["losses"][name]) for s in thinned if s["losses"].get(name, 0) > 0]
        for name in colours
    }
    values = [value for points in lines.values() for _, value in points]
    low, high = (min(values), max(values)) if values else (1.0, 10.0)
    if high / low < 2:  # nearly level: keep the rounding from looking like mountains
        low, high = low / 1.5, high * 1.5
    parts = [_grid(low, high), _scales(steps, total)]
    for name, points in lines.items():
        path = " ".join(f"{_x(step, total):.1f},{_y(v, low, high):.1f}" for step, v in points)
        parts.append(
            f'<polyline class="curve" points="{path}" stroke="{colours[name]}" '
            f'data-loss="{escape(name)}"/>'
        )
    text = escape(phrase(language, "steps_axis", number=total))
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{text}</text>')
    legend = "".join(
        f'<span class="loss"><i style="background:{colours[name]}"></i>'
        f"{escape(loss_label(language, name))} <b>{points[-1][1]:.3g}</b></span>"
        for name, points in lines.items()
    )
    label = escape(phrase(language, "curves"))
    return (
        f'<div class="curves"><div class="legend">{legend}</div>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg></div>"
    )


def _thinned(steps: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """At most `MOST_POINTS` of them, evenly, the last one always among them."""
    stride = -(-len(steps) // MOST_POINTS)
    return [*steps[: len(steps) - 1 : stride], steps[-1]]


def _x(step: float, total: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (step - 1) / max(1, total - 1)


def _y(value: float, low: float, high: float) -> float:
    share = (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share


def _grid(low: float, high: float) -> str:
    """A line for each power of ten between the ends."""
    lines = []
    for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1):
        y = _y(10.0**power, low, high)
        lines.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        lines.append(f'<text x="{LEFT + 2}" y="{y - 3:.1f}">{10.0**power:g}</text>')
    return "".join(lines)


def _scales(steps: Sequence[Mapping[str, Any]], total: int) -> str:
    """Where each scale begins, and its size."""
    marks, before = [], None
    for step in steps:
        if step["scale"] == before:
            continue
        height, width = before = step["scale"]
        x = _x(step["step"], total)
        if step is not steps[0]:
            marks.append(
                f'<line class="scale" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
            )
        marks.append(f'<text x="{x + 2:.1f}" y="{HEIGHT - 6}">{width} × {height}</text>')
    return "".join(marks)
