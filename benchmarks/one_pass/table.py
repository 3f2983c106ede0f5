"""What both sides have on average, and ours over the peer's, as JSON knows it and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, geometric_mean
from typing import Any

from benchmarks.one_pass.measure import FIGURES

__all__ = ["averages", "ratios", "render"]

Row = Mapping[str, Any]
SIDES = ("peer", "ours")


def ratios(row: Row) -> dict[str, float]:
    """Ours over the peer's, of one pair; nothing where a side is missing.

    Example:
        >>> peer, ours = dict.fromkeys(FIGURES, 0.5), dict.fromkeys(FIGURES, 0.25)
        >>> ratios({"peer": peer, "ours": ours})["cd_vgg_style"]
        0.5
    """
    if not row.keys() >= {*SIDES}:
        return {}
    return {name: round(row["ours"][name] / row["peer"][name], 4) for name in FIGURES}


def averages(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """What both sides have over all pairs.

    Args:
        rows: of each pair `peer` and `ours`, or one of them, as `measure.read` gives them.

    Returns:
        Arithmetic means by side; under `ours_over_peer` geometric means of the pairs' ratios, and
        under `ours_smaller` in how many pairs ours is smaller, where both sides are there.

    Example:
        >>> half, one, two = (dict.fromkeys(FIGURES, figure) for figure in (0.5, 1.0, 2.0))
        >>> both = averages([{"peer": one, "ours": half}, {"peer": one, "ours": two}])
        >>> [both[key]["cd_vgg_style"] for key in ("ours", "ours_over_peer", "ours_smaller")]
        [1.25, 1.0, 1]
    """
    result = {
        side: {name: round(fmean(row[side][name] for row in rows), 4) for name in FIGURES}
        for side in SIDES
        if side in rows[0]
    }
    pairs = [ratios(row) for row in rows]
    if all(pairs):
        result["ours_over_peer"] = {
            name: round(geometric_mean(pair[name] for pair in pairs), 4) for name in FIGURES
        }
        result["ours_smaller"] = {name: sum(pair[name] < 1 for pair in pairs) for name in FIGURES}
    return result


def render(results: Mapping[str, Any]) -> str:
    """The figures of a run as two Markdown tables.

    Args:
        results: as the JSON has them.
    """
    own = results["averages"]
    lines = [["", *FIGURES], ["---"] * (1 + len(FIGURES))]
    for key, figures in own.items():
        digits = 0 if key == "ours_smaller" else 3
        lines.append([key, *(f"{figures[name]:.{digits}f}" for name in FIGURES)])
    head = [
        "side",
        "threads",
        "CPU s a MP",
        "s a picture",
        "first picture, s",
        "MP/s at 2 MP",
        "peak, MB",
    ]
    costs = [head, ["---"] * len(head)]
    for threads, sides in results["costs"].items():
        costs += [[side, threads, *_cost(sides[side])] for side in own if side in SIDES]
    return "\n\n".join(
        "\n".join(f"| {' | '.join(cells)} |" for cells in table) for table in (lines, costs)
    )


def _cost(cost: Mapping[str, Any]) -> list[str]:
    large = cost["large"]
    spreads = [cost[name] for name in ("cpu_seconds_a_megapixel", "seconds", "first_seconds")]
    spreads.append({name: pixels / 1e6 for name, pixels in large["pixels_a_second"].items()})
    return [
        *(f"{each['median']:.2f} ({each['min']:.2f} to {each['max']:.2f})" for each in spreads),
        f"{large['peak_mb']:.0f}",
    ]
