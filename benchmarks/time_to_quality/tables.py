"""Averages over pairs, each plan over the reference, as JSON knows them and as Markdown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import geometric_mean
from typing import Any

__all__ = ["averages", "table"]

FIGURES = ("cpu_seconds", "style", "content")


def averages(rows: Sequence[Mapping[str, Any]], reference: str) -> dict[str, dict[str, Any]]:
    """Geometric means over pairs of what a plan has over what the reference has.

    Args:
        rows: see `measure.paint`, each with the name of its `plan`.
        reference: the plan all others are compared with; pairs that it has not are left out.

    Returns:
        By plan: `pairs`, `steps` (the mean), the three figures over the reference's, and
        `held_out` with those of the pairs whose style nothing of ours learnt from.

    Example:
        >>> row = {"pair": "cat", "held_out": False, "scales": [[64, 48, 10]]}
        >>> slow = {"plan": "slow", **row, "cpu_seconds": 8.0, "style": 0.2, "content": 0.5}
        >>> quick = {**slow, "plan": "quick", "cpu_seconds": 2.0}
        >>> averages([slow, quick], "slow")["quick"]["cpu_seconds"]
        0.25
    """
    known = {row["pair"]: row for row in rows if row["plan"] == reference}
    by_plan: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["pair"] in known:
            by_plan[row["plan"]].append(row)
    return {
        plan: {
            "pairs": len(own),
            "steps": round(sum(_steps(row) for row in own) / len(own), 1),
            **_over(own, known),
            "held_out": _over([row for row in own if row["held_out"]], known),
        }
        for plan, own in by_plan.items()
    }


def table(averages: Mapping[str, Mapping[str, Any]]) -> str:
    """The averages as Markdown."""
    lines = [
        "| plan | pairs | steps | CPU seconds | style | content | held out: style | content |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for plan, own in averages.items():
        figures = [*(own[name] for name in FIGURES), *map(own["held_out"].get, FIGURES[1:])]
        cells = ["–" if figure is None else f"{figure:.3f}" for figure in figures]
        lines.append(f"| {' | '.join([plan, str(own['pairs']), str(own['steps']), *cells])} |")
    return "\n".join(lines)


def _over(
    rows: Sequence[Mapping[str, Any]], known: Mapping[str, Mapping[str, Any]]
) -> dict[str, float]:
    return {
        name: round(geometric_mean(row[name] / known[row["pair"]][name] for row in rows), 4)
        for name in (FIGURES if rows else ())
    }


def _steps(row: Mapping[str, Any]) -> int:
    return sum(steps for _, _, steps in row["scales"])
