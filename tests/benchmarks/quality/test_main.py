from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality import __main__ as quality
from benchmarks.quality import painting
from benchmarks.quality.contenders import IDENTITY

ONLY = f"slim-v0,squeezenet,components,{IDENTITY}"


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The jobs that were really painted."""
    jobs: list[Any] = []
    paint = painting.paint
    monkeypatch.setattr(painting, "paint", lambda job: jobs.append(job) or paint(job))
    return jobs


def run(stage: Any, *more: str) -> int:
    return quality.main(stage.command("--only", ONLY, "--reference", "slim-v0", *more))


def test_a_whole_run_is_told_and_a_second_one_paints_nothing(
    stage: Any, jobs: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, table = tmp_path / "quality.json", tmp_path / "quality.md"
    assert run(stage, "--out", str(out), "--table", str(table)) == 0
    assert len(jobs) == 3 * 3 + 1
    results = json.loads(out.read_text())
    assert list(results["contenders"]) == ONLY.split(",")
    assert len(results["paintings"]) == 10
    assert results["setting"]["strengths"] == [0.3, 0.5, 0.7]
    assert results["missing"] == 0
    assert "| squeezenet | guided by it |" in table.read_text()
    assert (stage.work / "sheets" / "compared.jpg").is_file()
    first = capsys.readouterr().out
    assert "10 of 10" in first

    assert run(stage, "--out", str(out)) == 0
    assert len(jobs) == 10
    assert json.loads(out.read_text())["paintings"] == results["paintings"]
    # The tables come last, and the same.
    assert capsys.readouterr().out.split("| contender")[1:] == first.split("| contender")[1:]


def test_a_run_goes_on_where_another_stopped(stage: Any, jobs: list[Any]) -> None:
    assert quality.main(stage.command("--only", IDENTITY, "--reference", "slim-v0")) == 0
    assert len(jobs) == 4
    (stage.work / "slim-v0" / "chicago-starry_night_google-0.7.json").unlink()
    assert run(stage) == 0
    assert len(jobs) == 4 + 1 + 6


def test_reporting_only_counts_what_is_missing(stage: Any, jobs: list[Any], tmp_path: Path) -> None:
    assert quality.main(stage.command("--only", "slim-v0", "--reference", "slim-v0")) == 0
    before, out = len(jobs), tmp_path / "quality.json"
    assert run(stage, "--report-only", "--out", str(out)) == 0
    assert len(jobs) == before
    assert json.loads(out.read_text())["missing"] == 3 + 3 + 1


def test_a_candidate_competes_with_the_others(stage: Any, tmp_path: Path) -> None:
    out = tmp_path / "quality.json"
    more = ["--only", "slim-v0", "--reference", "slim-v0", "--out", str(out)]
    more += [
        "--candidate",
        f"soft={stage.before},average",
        "--pairs",
        "2",
        "--strengths",
        "0.5,0.9",
    ]
    assert quality.main(stage.command(*more)) == 0
    results = json.loads(out.read_text())
    assert list(results["contenders"]) == ["slim-v0", "soft"]
    assert len(results["paintings"]) == 2 * 2 * 2
    soft = results["contenders"]["soft"]
    assert soft["weights"] == results["contenders"]["slim-v0"]["weights"]
    assert soft["strengths"] != results["contenders"]["slim-v0"]["strengths"]


def test_a_candidate_that_is_no_vgg_is_refused_before_anything_is_painted(
    stage: Any, jobs: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    teacher = stage.teachers / "vgg19_pca.safetensors"
    assert run(stage, "--candidate", f"odd={teacher}") == 2
    assert "not laid out like a VGG" in capsys.readouterr().err
    assert jobs == []


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (["--only", "slimm"], "'slimm' is not a contender"),
        (["--candidate", "wide"], "NAME=FILE"),
        (["--candidate", "wide=nowhere.safetensors"], "nowhere.safetensors"),
        (["--strengths", "0.3,0.7"], "0.5 among them"),
        (["--strengths", "0.5,weak"], "0.5 among them"),
        (["--strengths", "0.5,7"], "--strengths is"),
        (["--pairs", "0"], "--pairs is 0"),
        (["--jobs", "0"], "--jobs is 0"),
        (["--size", "0"], "size is 0"),
        (["--steps", "0"], "steps is 0"),
        (["--contents", "nowhere"], "no picture chicago"),
        (["--teachers", "nowhere"], "nowhere"),
        (["--report-only"], "none of these paintings"),
        (["--out", "nowhere/quality.json", "--steps", "1"], "nowhere/quality.json"),
    ],
)
def test_bad_input_is_told_in_one_line_with_exit_code_2(
    more: list[str], complaint: str, stage: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert quality.main(stage.command("--only", "slim-v0", "--reference", "slim-v0", *more)) == 2
    output = capsys.readouterr().err
    assert output.startswith("error: ")
    assert complaint in output
    assert output.count("\n") == 1


def test_an_interrupted_run_says_how_to_go_on(
    stage: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(painting, "paint", interrupt)
    assert run(stage) == 130
    assert "start again" in capsys.readouterr().err
