from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from benchmarks.quality.pairs import Pair
from benchmarks.time_to_quality import measure
from benchmarks.time_to_quality.judge import Judge
from benchmarks.time_to_quality.measure import Clock, paint
from impasto import samples

PAIR = Pair(samples.content("chelsea"), samples.style("swirls"))
PLAN = {"steps": 7, "coarsest": 60, "margin": 0.0, "coarse_share": 0.75}


def test_a_painting_is_read_at_its_finest_scale(judge_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "painted.png"
    row = paint(Judge(judge_file), PAIR, PLAN, size=120, every=2, out=out)
    assert row["pair"] == "chelsea in swirls"
    assert row["scales"] == [[60, 40, 3], [120, 80, 4]]
    assert len(row["curve"]) == 2
    seconds = [point[0] for point in row["curve"]]
    assert seconds == sorted(seconds)
    assert seconds[-1] <= row["cpu_seconds"]
    assert row["style"] > 0 < row["content"]
    with Image.open(out) as painted:
        assert painted.size == (120, 80)


def test_styles_that_nothing_learnt_from_are_told_apart(judge_file: Path, tmp_path: Path) -> None:
    wave = tmp_path / "great-wave.png"
    Image.open(PAIR.style).save(wave)
    judge, plan = Judge(judge_file), {"steps": 1, "coarsest": 0}
    known, unseen = (
        paint(judge, Pair(PAIR.content, style), plan, size=56, every=0)
        for style in (PAIR.style, wave)
    )
    assert (known["held_out"], unseen["held_out"]) == (False, True)
    assert known["curve"] == []


def test_a_clock_that_is_stopped_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [10.0]
    monkeypatch.setattr(measure.time, "process_time", lambda: now[0])
    clock = Clock()
    now[0] = 12.0
    with clock.stopped():
        now[0] = 50.0
        assert clock.seconds == 2.0
    now[0] = 51.0
    assert clock.seconds == 3.0
