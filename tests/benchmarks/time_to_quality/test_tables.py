from __future__ import annotations

import pytest

from benchmarks.time_to_quality.tables import averages, table


def row(plan: str, pair: str, seconds: float, style: float, *, held_out: bool = False) -> dict:
    return {
        "plan": plan,
        "pair": pair,
        "held_out": held_out,
        "scales": [[8, 6, 1], [16, 12, 3]],
        "cpu_seconds": seconds,
        "style": style,
        "content": 1.0,
    }


def test_plans_are_compared_pair_by_pair() -> None:
    rows = [
        row("before", "cat", 8.0, 0.1),
        row("before", "dog", 80.0, 0.2, held_out=True),
        row("now", "cat", 4.0, 0.2),
        row("now", "dog", 10.0, 0.1, held_out=True),
    ]
    now = averages(rows, "before")["now"]
    assert (now["pairs"], now["steps"]) == (2, 4.0)
    assert now["cpu_seconds"] == pytest.approx(0.25)  # of a half and an eighth
    assert now["style"] == pytest.approx(1.0)  # of twice and half
    assert now["held_out"] == {"cpu_seconds": 0.125, "style": 0.5, "content": 1.0}


def test_the_table_has_a_row_for_each_plan_and_a_dash_where_nothing_was_held_out() -> None:
    rows = [row("before", "cat", 8.0, 0.1), row("now", "cat", 4.0, 0.1)]
    lines = table(averages(rows, "before")).splitlines()
    assert lines[2] == "| before | 1 | 4.0 | 1.000 | 1.000 | 1.000 | – | – |"
    assert lines[3] == "| now | 1 | 4.0 | 0.500 | 1.000 | 1.000 | – | – |"
