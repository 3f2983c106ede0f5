from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from training.slim import report


def line(step: int, **shares: float) -> dict[str, Any]:
    return {"step": step, "loss": 1 / step, "unexplained": {"relu1_1:vgg": 0.5 / step, **shares}}


def test_what_was_appended_is_read_back_up_to_a_step(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    for step in (1, 2, 3):
        report.append(log, line(step))
    assert report.read(log, upto=2) == [line(1), line(2)]
    assert report.read(log, upto=9) == [line(1), line(2), line(3)]
    assert [json.loads(text)["step"] for text in log.read_text().splitlines()] == [1, 2, 3]


def test_a_log_that_was_never_begun_is_empty(tmp_path: Path) -> None:
    assert report.read(tmp_path / "none.jsonl", upto=9) == []


def test_a_line_that_a_crash_left_half_written_is_passed_over(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    report.append(log, line(1))
    with log.open("a") as file:
        file.write('{"step": 2, "lo')
    assert report.read(log, upto=9) == [line(1)]


def test_a_rewritten_log_holds_those_lines_alone(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    report.append(log, line(1))
    report.rewrite(log, [line(5)])
    report.append(log, line(6))
    assert report.read(log, upto=9) == [line(5), line(6)]
    assert [path.name for path in tmp_path.iterdir()] == ["log.jsonl"]


@pytest.mark.parametrize(
    "lines",
    [[], [line(1)], [line(1), line(2, painted=0.9), line(3, painted=0.7)]],
    ids=["none", "one", "painted later"],
)
def test_any_log_can_be_drawn(tmp_path: Path, lines: list[dict[str, Any]]) -> None:
    report.plot(tmp_path / "plot.png", lines)
    with Image.open(tmp_path / "plot.png") as plot:
        assert plot.format == "PNG"
        assert plot.size == (1170, 624)


def test_a_plot_names_every_match(tmp_path: Path) -> None:
    report.plot(tmp_path / "plot.svg", [line(1, painted=0.9), line(2, painted=0.8)])
    drawing = (tmp_path / "plot.svg").read_text()
    # Matplotlib draws letters as paths, and says beside each text what it reads.
    for text in ("relu1_1:vgg", "painted", "loss while learning"):
        assert f"<!-- {text} -->" in drawing
