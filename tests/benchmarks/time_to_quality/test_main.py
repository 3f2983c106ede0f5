from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.time_to_quality import plans
from benchmarks.time_to_quality.__main__ import main
from impasto import samples

PAIR = [str(samples.content("chelsea")), str(samples.style("swirls"))]


def test_every_plan_paints_every_pair_and_is_written_down(
    judge_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    short = {"before": {"steps": 3, "coarsest": 0}, "default": {"steps": 2, "coarsest": 0}}
    monkeypatch.setattr(plans, "PLANS", short)
    out, work = tmp_path / "out.json", tmp_path / "work"
    options = ["--size", "56", "--out", str(out), "--work", str(work)]
    assert main(["--judge", str(judge_file), "--pair", *PAIR, *options]) == 0
    results = json.loads(out.read_text())
    assert [row["plan"] for row in results["rows"]] == ["before", "default"]
    assert results["averages"]["default"]["steps"] == 2
    assert "| default | 1 | 2.0 |" in capsys.readouterr().out
    assert len(list(work.glob("chelsea-swirls-*.png"))) == 2

    def paint_again(*_: object, **__: object) -> None:
        raise AssertionError("it was painted already")

    monkeypatch.setattr("benchmarks.time_to_quality.__main__.paint", paint_again)
    assert main(["--judge", str(judge_file), "--pair", *PAIR, *options]) == 0
    assert json.loads(out.read_text())["rows"] == results["rows"]


def test_results_that_cannot_be_gone_on_with_are_told(
    judge_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.json").write_text("{}")
    options = ["--out", str(tmp_path / "out.json")]
    assert main(["--judge", str(judge_file), "--pair", *PAIR, *options]) == 2
    assert "holds no results that could be gone on with" in capsys.readouterr().err


def test_a_judge_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--judge", str(tmp_path / "gone"), "--pair", *PAIR]) != 0
    assert "cannot be read as a judge" in capsys.readouterr().err
