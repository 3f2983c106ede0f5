from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.doodle import Regions, iou, main, nearness, resegmented
from benchmarks.time_to_quality.judge import Judge
from impasto.imaging import Picture


@pytest.fixture
def drawn() -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    rows, columns = np.mgrid[:96, :128]
    return np.where(rows < 40, 0, np.where(columns < 60, 1, 2))


def noise(shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return 25 * np.random.default_rng(0).standard_normal((*shape, 3))


def test_a_drawing_under_noise_is_split_as_it_was_drawn(
    drawn: np.ndarray[tuple[int, ...], np.dtype[np.intp]],
) -> None:
    flat = np.array([(200, 60, 60), (60, 160, 80), (70, 80, 190)])[drawn] + noise(drawn.shape)
    split = resegmented(Picture(flat.clip(0, 255).astype(np.uint8)), drawn)
    assert min(iou(split, drawn)) > 0.93


def test_edges_are_found_where_colours_change_and_not_where_they_were_meant(
    drawn: np.ndarray[tuple[int, ...], np.dtype[np.intp]],
) -> None:
    moved = np.roll(drawn, 4, 0)
    moved[:4] = 0
    flat = np.array([(200, 60, 60), (60, 160, 80), (70, 80, 190)])[moved] + noise(drawn.shape)
    split = resegmented(Picture(flat.clip(0, 255).astype(np.uint8)), drawn)
    assert min(iou(split, moved)) > 0.93
    assert iou(split, drawn)[1] < iou(split, moved)[1]


def test_a_region_is_nearest_to_itself(
    drawn: np.ndarray[tuple[int, ...], np.dtype[np.intp]], judge_file: Path
) -> None:
    flat = np.array([(200, 60, 60), (60, 160, 80), (70, 80, 190)])[drawn] + noise(drawn.shape)
    picture = Picture(flat.clip(0, 255).astype(np.uint8))
    at = Regions(("red", "green", "blue"), drawn, drawn)
    distances = nearness(Judge(judge_file), picture, picture, at)
    assert np.diag(distances).max() < 1e-6
    assert (distances + 9 * np.eye(3)).min() > 0.1


def test_a_doodle_is_painted_and_read(
    tmp_path: Path, judge_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples, work, out = tmp_path / "samples", tmp_path / "work", tmp_path / "out.json"
    samples.mkdir()
    rows = np.mgrid[:48, :64][0]
    painting = (
        np.where((rows < 24)[..., None], (90, 140, 210), (200, 170, 60)) + noise((48, 64)) / 2
    )
    labels = np.where((rows < 24)[..., None], (0, 0, 255), (255, 255, 0)).astype(np.uint8)
    Image.fromarray(painting.clip(0, 255).astype(np.uint8)).save(samples / "Monet.jpg")
    Image.fromarray(labels).save(samples / "Monet_sem.png")
    Image.fromarray(labels[::-1].copy()).save(samples / "Coastline_sem.png")
    arguments = ["--samples", str(samples), "--judge", str(judge_file), "--work", str(work)]
    arguments += ["--only", "coastline", "--set", "method=one-pass", "--set", "size=64"]
    assert main([*arguments, "--out", str(out)]) == 0
    results = json.loads(out.read_text())
    assert results["summary"]["regions"] == 2
    assert [row["region"] for row in results["doodles"][0]["regions"]] == ["#0000ff", "#ffff00"]
    assert (work / "coastline.png").exists()
    assert '"iou"' in capsys.readouterr().out


def test_a_judge_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--samples", str(tmp_path), "--judge", str(tmp_path / "no"), "--work"]
    assert main([*arguments, str(tmp_path / "work")]) == 2
    assert capsys.readouterr().err.startswith("doodle: ")
