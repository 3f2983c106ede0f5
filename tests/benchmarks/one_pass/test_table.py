from __future__ import annotations

from typing import Any

from benchmarks.one_pass.measure import FIGURES
from benchmarks.one_pass.table import averages, ratios, render


def row(**sides: float) -> dict[str, Any]:
    return {side: dict.fromkeys(FIGURES, figure) for side, figure in sides.items()}


def test_ratios_are_averaged_as_factors() -> None:
    told = averages([row(peer=1.0, ours=0.5), row(peer=0.5, ours=1.0), row(peer=1.0, ours=1.0)])
    assert told["ours"]["colour"] == told["peer"]["colour"] == 0.8333
    assert told["ours_over_peer"]["colour"] == 1.0
    assert told["ours_smaller"]["colour"] == 1


def test_one_side_alone_has_no_ratios() -> None:
    assert ratios(row(peer=1.0)) == {}
    assert averages([row(peer=1.0), row(peer=3.0)]) == {"peer": dict.fromkeys(FIGURES, 2.0)}


def test_tables_have_a_line_for_each_side_and_number_of_threads() -> None:
    spread = {"median": 0.5, "min": 0.25, "max": 1.0}
    cost = dict.fromkeys(("cpu_seconds_a_megapixel", "seconds", "first_seconds"), spread)
    pixels = {name: 1e6 * seconds for name, seconds in spread.items()}
    cost |= {"large": {"pixels_a_second": pixels, "peak_mb": 150.4}}
    told = render(
        {
            "averages": averages([row(peer=1.0, ours=0.5)]),
            "costs": {"1": {"peer": cost, "ours": cost}, "2": {"peer": cost, "ours": cost}},
        }
    )
    assert "| ours_over_peer | 0.500 |" in told
    assert "| ours_smaller | 1 |" in told
    assert told.count("| 0.50 (0.25 to 1.00) | 150 |") == 4
    assert "| peer | 2 |" in told
