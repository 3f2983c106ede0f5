from __future__ import annotations

from typing import Any

import pytest

from benchmarks import machine
from benchmarks.speed import forward_backward, time_to_loss, whole_program
from benchmarks.speed.__main__ import PARTS, table

PAIR = {
    "pair": ["coffee", "swirls"],
    "chapter_loss": 1.0,
    "chapter_s": 60.0,
    "plan_reached_s": 15.0,
    "plan_loss": 1.1,
    "plan_s": 30.0,
}
RATIO = {"median": 4.5, "min": 4.2, "max": 4.9}


def test_the_table_has_a_row_for_each_figure() -> None:
    size = {"seconds": 9.0, "seconds_a_finest_step": 0.1, "peak_mb": 400, "predicted_mb": 380}
    results: dict[str, Any] = {
        "a": {"times_faster": RATIO},
        "b": {"runs": [{**PAIR, "times_faster": 3.9}, {**PAIR, "times_faster": None}]},
        "c": {"seconds": {"median": 20, "min": 19, "max": 22}, "peak_mb": 600},
        "d": [{"size": 256, **size}, {"size": 512, **size}],
    }
    rows = table(results).splitlines()[2:]
    assert len(rows) == 6
    assert "4.5 times faster" in rows[0]
    assert "3.9 times faster" in rows[1]
    assert "not reached" in rows[2]
    assert results.keys() == PARTS.keys()


def test_a_machine_is_described() -> None:
    description = machine.describe()
    assert description["cores"] >= 1
    assert description["torch"].startswith("2.")


def test_both_passes_agree_before_they_are_compared() -> None:
    comparison = forward_backward.compare(repeats=1, shape=(48, 64))
    assert comparison["times_faster"]["median"] > 0


def test_the_plan_differs_from_the_chapter_only_in_how_it_gets_there() -> None:
    ways = {"optimizer", "lr", "lbfgs_history", "lbfgs_sobolev", "coarsest", "detail"}
    ways |= {"coarse_share", "steps", "channels_last"}
    plan, chapter = time_to_loss.PLAN.model_dump(), time_to_loss.CHAPTER.model_dump()
    assert {name for name in plan if plan[name] != chapter[name]} <= ways


def test_a_painting_is_measured_as_a_whole_process() -> None:
    row = whole_program.paint(48, "--steps", "3", "--coarsest", "0")
    assert row["seconds"] > 0
    assert row["peak_mb"] == pytest.approx(row["predicted_mb"], rel=0.3)
