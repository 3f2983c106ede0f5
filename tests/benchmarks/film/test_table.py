from __future__ import annotations

from typing import Any

from benchmarks.film.table import RATIOS, ratios, render


def film(figure: float | None, **more: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(RATIOS, figure),
        "frames": 90,
        "ghost": None,
        "drift": None,
        "cost": {"seconds": 30.0, "cpu_seconds": 45.0, "peak_mb": 250.4},
        **more,
    }


def test_ratios_are_averaged_as_factors_over_the_clips_that_have_them() -> None:
    clips = [
        {"films": {"alone": film(2.0), "ours": film(1.0)}},
        {"films": {"alone": film(1.0), "ours": film(2.0)}},
        {"films": {"alone": film(None), "ours": film(None)}},
        {"films": {"ours": film(9.0)}},
    ]
    assert ratios(clips) == {"ours": dict.fromkeys(RATIOS, 1.0)}


def test_a_figure_that_no_clip_has_has_no_ratio() -> None:
    clips = [{"films": {"alone": film(2.0), "ours": film(1.0, style=None)}}]
    assert ratios(clips)["ours"]["style"] is None
    assert ratios(clips)["ours"]["tof"] == 0.5


def test_tables_show_clips_ghosts_drift_and_cost() -> None:
    card = film(1.0, ghost={1: 0.25, 2: 0.0625})
    long = film(None, drift={"L": [1.0, 0.5], "a": [-2.0, 0.25], "b": None})
    clips = [
        {"clip": "card", "films": {"film": film(0.5), "alone": film(4.0), "ours": card}},
        {"clip": "long", "films": {"film": film(None), "ours": long}},
    ]
    shown = render({"clips": clips, "over_alone": ratios(clips)})
    assert "| card | ours | 1.000 | 1.00 | 2.00 | 0.25 |" in shown
    assert "| ghost, by frames since | 1 | 2 |\n| --- | --- | --- |\n| ours | 0.250 |" in shown
    assert "| ours | +1.000 ± 0.500 | -2.000 ± 0.250 |  |" in shown
    assert "| card | ours | 3.00 | 2.00 | 250 |" in shown
    assert "| ours | 0.250 | 0.250 | 0.250 | 0.250 | 0.250 |" in shown
