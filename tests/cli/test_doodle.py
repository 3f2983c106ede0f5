"""`impasto doodle` as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.cli import main
from impasto.settings.embedded import text_in

FAST = ["--size", "64", "--coarsest", "0", "--steps", "4"]


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str, str]:
    """A drawing, a painting of two textures, and its label map."""
    rows, columns = np.mgrid[:48, :64]
    above = (rows < 24)[..., None]
    stripes = (20 * np.sin(columns / 2) + 20 * np.sin(rows / 3))[..., None]
    painting = np.where(above, (90, 140, 210), (200, 170, 60)) + stripes
    labels = np.where(above, (0, 0, 255), (255, 255, 0))
    drawing = np.where((columns < 32)[..., None], (0, 0, 255), (255, 255, 0))
    paths = []
    for name, pixels in (("drawing", drawing), ("painting", painting), ("labels", labels)):
        path = tmp_path / f"{name}.png"
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)
        paths.append(str(path))
    return paths[0], paths[1], paths[2]


def test_a_drawing_is_painted_and_the_tables_are_told(
    files: tuple[str, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawing, painting, labels = files
    out = tmp_path / "out.png"
    arguments = ["doodle", drawing, painting, "--labels", labels, "-o", str(out), *FAST]
    assert main([*arguments, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["recipe"] == "doodle"
    assert "#0000ff blue, 50% of the drawing: painted of the region #0000ff" in told["notes"][0]
    left, right = np.split(np.asarray(Image.open(out).convert("RGB")).astype(float), 2, axis=1)
    assert left.mean((0, 1))[2] > right.mean((0, 1))[2]
    text = text_in(out.read_bytes())
    assert text is not None
    assert 'kind = "doodle"' in text
    assert "drawing.png" in text


def test_a_drawing_is_painted_at_once_without_a_map(
    files: tuple[str, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawing, painting, _ = files
    out = tmp_path / "out.png"
    assert main(["doodle", drawing, painting, "-o", str(out), "--fast", "--size", "64"]) == 0
    assert "note: #0000ff blue" in capsys.readouterr().err
    assert Image.open(out).size == (64, 48)


def test_its_file_is_called_after_both(
    files: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["doodle", files[0], files[1], "--fast", "--size", "64", "--quiet"]) == 0
    assert (tmp_path / "drawing-painting.png").exists()


def test_it_goes_on_from_a_checkpoint_to_the_same_picture(
    files: tuple[str, str, str], tmp_path: Path
) -> None:
    drawing, painting, labels = files
    whole, kept = tmp_path / "whole.png", tmp_path / "kept.safetensors"
    arguments = ["doodle", drawing, painting, "--labels", labels, "--quiet", *FAST, "--threads=1"]
    assert main([*arguments, "-o", str(whole)]) == 0
    arguments += ["-o", str(tmp_path / "half.png"), "--checkpoint", str(kept)]
    assert main([*arguments, "--checkpoint-every", "2"]) == 0
    again = tmp_path / "again.png"
    assert main(["resume", str(kept), "-o", str(again), "--quiet"]) == 0
    assert (np.asarray(Image.open(whole)) == np.asarray(Image.open(again))).all()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--labels", "no.png"], "no.png"),
        (["--regions", "1"], "regions is '1': give a whole number from 2 to 16"),
        (["--layout", "quilt"], "'quilt'"),
    ],
)
def test_wrong_input_is_told_in_a_line(
    files: tuple[str, str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    message: str,
) -> None:
    out = tmp_path / "out.png"
    assert main(["doodle", files[0], files[1], "-o", str(out), *FAST, *more]) == 2
    line = capsys.readouterr().err
    assert message in line
    assert "Traceback" not in line
    assert not out.exists()


def test_a_missing_painting_is_asked_for(
    files: tuple[str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doodle", files[0]]) == 2
    assert "Missing argument 'PAINTING': name a painting" in capsys.readouterr().err
