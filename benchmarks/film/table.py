"""What the films have, as JSON knows it and as Markdown, and each over painting frames alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import geometric_mean
from typing import Any

from benchmarks.film.measure import FILM

__all__ = ["over", "ratios", "render"]

ALONE = "alone"
RATIOS = ("warp_short", "warp_long", "tof", "still", "style")
"""The figures whose ratios mean something."""

Row = Mapping[str, Any]


def over(figure: float | None, other: float | None) -> float | None:
    """A ratio, None where there is none.

    Example:
        >>> over(1.0, 4.0), over(None, 4.0), over(1.0, 0.0)
        (0.25, None, None)
    """
    return None if figure is None or not other else round(figure / other, 4)


def ratios(clips: Sequence[Row]) -> dict[str, dict[str, float | None]]:
    """Geometric means over clips of each contender's figures over those of frames alone.

    Args:
        clips: each with its `films`, as `measure.measure` gives them.

    Returns:
        By contender and figure; None where no clip has it, or one is 0.

    Example:
        >>> films = {"alone": dict.fromkeys(RATIOS, 2.0), "ours": dict.fromkeys(RATIOS, 1.0)}
        >>> ratios([{"films": films}])["ours"]["warp_short"]
        0.5
    """
    names = dict.fromkeys(name for clip in clips for name in clip["films"])
    result: dict[str, dict[str, float | None]] = {}
    for name in names:
        if name in {FILM, ALONE}:
            continue
        result[name] = {}
        for figure in RATIOS:
            films = [clip["films"] for clip in clips if {name, ALONE} <= clip["films"].keys()]
            known = [over(each[name][figure], each[ALONE][figure]) for each in films]
            whole = [ratio for ratio in known if ratio]
            result[name][figure] = round(geometric_mean(whole), 4) if whole else None
    return result


def render(results: Row) -> str:
    """The figures of a run as Markdown tables: clips, ghosts and drift, cost, ratios.

    Args:
        results: as the JSON has them.
    """
    head = ["clip", "film", "style", "warp short", "over film's", "over alone's"]
    head += ["warp long", "over film's", "over alone's", "tOF, px", "still, levels"]
    films, ghosts, drifts, costs = [head], [], [], []
    for clip in results["clips"]:
        own, alone = clip["films"][FILM], clip["films"].get(ALONE, {})
        for name, row in clip["films"].items():
            cells = [clip["clip"], name, _cell(row["style"])]
            for figure in ("warp_short", "warp_long"):
                cells.append(_cell(row[figure], 2))
                cells += [_cell(over(row[figure], each.get(figure)), 2) for each in (own, alone)]
            films.append([*cells, _cell(row["tof"]), _cell(row["still"], 2)])
            if row["ghost"]:
                ghosts.append([name, *(_cell(share) for share in row["ghost"].values())])
            if row["drift"]:
                drifts.append([name, *map(_interval, row["drift"].values())])
            if "cost" in row:
                costs.append([clip["clip"], name, *_cost(row)])
    tables = [films]
    if ghosts:
        ages = next(r["ghost"] for c in results["clips"] for r in c["films"].values() if r["ghost"])
        tables.append([["ghost, by frames since", *map(str, ages)], *ghosts])
    if drifts:
        tables.append([["drift, levels a minute", "L", "a", "b"], *drifts])
    if costs:
        cost_head = ["clip", "film", "frames/s", "frames/CPU s", "peak, MB"]
        tables.append([cost_head, *costs])
    if results["over_alone"]:
        mean = [[name, *map(_cell, row.values())] for name, row in results["over_alone"].items()]
        tables.append([["over alone's, mean of clips", *RATIOS], *mean])
    return "\n\n".join(map(_markdown, tables))


def _markdown(table: Sequence[Sequence[str]]) -> str:
    lines = [table[0], ["---"] * len(table[0]), *table[1:]]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cell(figure: float | None, digits: int = 3) -> str:
    return "" if figure is None else f"{figure:.{digits}f}"


def _interval(slope: Sequence[float] | None) -> str:
    return "" if slope is None else f"{slope[0]:+.3f} ± {slope[1]:.3f}"


def _cost(row: Row) -> list[str]:
    cost, count = row["cost"], row["frames"]
    rates = [_cell(over(count, cost[name]), 2) for name in ("seconds", "cpu_seconds")]
    return [*rates, f"{cost['peak_mb']:.0f}"]
