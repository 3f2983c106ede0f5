"""`impasto portrait`, as a person calls it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto import samples
from impasto.cli import main

FAST = ["--fast", "--size", "64"]


def head() -> Image.Image:
    photo = Image.open(samples.content("astronaut")).convert("RGB").resize((512, 512))
    return photo.crop((110, 0, 340, 230))


@pytest.fixture
def group(tmp_path: Path) -> str:
    wall = Image.new("RGB", (460, 230), (200, 200, 200))
    wall.paste(head(), (0, 0))
    wall.paste(head().resize((180, 180)), (240, 20))
    wall.save(tmp_path / "group.png")
    return str(tmp_path / "group.png")


def portrait(*arguments: str) -> int:
    return main(["portrait", *arguments, *FAST])


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_a_face_becomes_a_square(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "avatar.png"
    assert portrait("astronaut", "swirls", "-o", str(out), "--framing", "bust") == 0
    assert size_of(out) == (64, 64)
    assert "1 face is found" in capsys.readouterr().err


def test_all_faces_become_files_of_their_own(group: str, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    assert portrait(group, "swirls", "-o", str(out), "--face", "all", "-q") == 0
    one, other = (tmp_path / f"out-{number}.png" for number in (1, 2))
    assert size_of(one) == size_of(other) == (64, 64)
    assert not out.exists()
    assert one.read_bytes() != other.read_bytes()


def test_without_a_face_all_of_the_picture_is_painted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "cup.png"
    assert portrait("coffee", "swirls", "-o", str(out), "--face", "all") == 0
    assert size_of(out) == (64, 43)
    assert "no face is found" in " ".join(capsys.readouterr().err.split())


def test_a_folder_becomes_a_folder_and_what_is_there_is_left(
    group: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos, painted = tmp_path / "photos", tmp_path / "painted"
    photos.mkdir()
    head().save(photos / "a.jpg")
    (photos / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    Path(group).rename(photos / "c.png")
    assert portrait(str(photos), "swirls", "-o", str(painted), "-q") == 2
    assert "broken.png" in capsys.readouterr().err
    assert sorted(file.name for file in painted.iterdir()) == ["a.jpg", "c.png"]
    before = (painted / "a.jpg").stat().st_mtime_ns
    (photos / "broken.png").unlink()
    assert portrait(str(photos), "swirls", "-o", str(painted)) == 0
    assert (painted / "a.jpg").stat().st_mtime_ns == before
    assert "is there already: left as it is" in capsys.readouterr().err


def test_of_a_folder_faces_that_were_not_painted_yet_are_and_what_is_left_out_is_told(
    group: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos, painted = tmp_path / "photos", tmp_path / "painted"
    photos.mkdir()
    Path(group).rename(photos / "c.png")
    Image.new("RGB", (9, 9)).save(photos / "d.ico")
    line = [str(photos), "swirls", "-o", str(painted), "--face", "all"]
    assert portrait(*line, "-q") == 0
    one, other = (painted / f"c-{number}.png" for number in (1, 2))
    other.unlink()
    before = one.stat().st_mtime_ns
    capsys.readouterr()
    assert portrait(*line) == 0
    told = " ".join(capsys.readouterr().err.split())
    assert other.exists()
    assert one.stat().st_mtime_ns == before
    assert "c-1.png is there already: left as it is" in told
    assert "1 file left out: " in told
    assert "d.ico" in told
    # The largest alone has a name of its own, and is not there.
    assert portrait(*line[:-2], "-q") == 0
    assert (painted / "c.png").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["FOLDER", "swirls"], "give it with -o"),
        (["FOLDER", "swirls", "-o", "painted", "--plot", "loss.png"], "--plot is of one painting"),
        (["-", "swirls", "-o", "out.png", "--face", "all"], "name files"),
        (["astronaut", "swirls", "-o", "out.png", "--face", "9"], "give a smaller number"),
        (["astronaut", "swirls", "-o", "out.png", "--face", "left"], "a number from 1"),
        (["astronaut", "swirls", "-o", "out.png", "--framing", "foot"], "framing"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(
    arguments: list[str],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "photos").mkdir()
    monkeypatch.chdir(tmp_path)
    named = ["photos" if word == "FOLDER" else word for word in arguments]
    assert portrait(*named) == 2
    assert line in " ".join(capsys.readouterr().err.split())


def test_a_cartoon_is_flat_and_drawn(tmp_path: Path) -> None:
    out = tmp_path / "cartoon.png"
    head().save(tmp_path / "head.png")
    assert (
        main(
            [
                *("portrait", str(tmp_path / "head.png"), "swirls", "--recipe", "cartoon"),
                *("--size", "64", "--steps", "2", "-q", "-o", str(out)),
            ]
        )
        == 0
    )
    assert np.asarray(Image.open(out)).shape == (64, 64, 3)
