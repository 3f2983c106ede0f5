"""Landmarks of faces, read in several views."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.landmarks import LOOKS, Look, changes, main, steady, wandered
from impasto import faces, imaging, samples
from impasto.faces import Face


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_look_keeps_the_middle_and_right_angles(look: Look) -> None:
    size = (80, 60)
    a, b, c, d, e, f = look.back(size)
    assert a * b + d * e == pytest.approx(0)
    assert math.hypot(a, d) == pytest.approx(1 / look.share) == pytest.approx(math.hypot(b, e))
    assert (a * e - b * d < 0) is look.mirrored
    x, y = (side / 2 for side in look.size(size))
    middle = a * x + b * y + c + look.right, d * x + e * y + f + look.down
    assert middle == pytest.approx((40, 30))


def test_a_face_read_in_all_views_lies_where_it_is_read_in_one() -> None:
    with Image.open(samples.content("astronaut")) as file:
        photo = file.convert("RGB").crop((128, 0, 384, 256))
    (face, *_) = faces.find(imaging.read(photo))
    marks = steady(photo, face)
    assert marks is not None
    assert wandered(marks, face.landmarks, face.unit) < 0.03
    assert marks[0][0] < marks[1][0]  # no view has left and right exchanged
    assert steady(Image.new("RGB", photo.size), face) is None


def test_what_is_hardly_seen_changes_no_px_by_much_and_the_size_not_at_all() -> None:
    grey = Image.new("RGB", (24, 24), (120, 130, 140))
    for name, change in changes().items():
        changed = change(grey)
        assert (changed.size, changed.mode) == ((24, 24), "RGB"), name


def test_landmarks_wander_by_their_mean_distance() -> None:
    face = Face((0, 0, 9, 9), 1.0, (2, 3), (6, 3), (4, 5), (3, 7), (5, 7))
    assert wandered(face.moved(1, 1, 3, 4).landmarks, face.landmarks, 10) == pytest.approx(0.5)


def test_what_is_no_folder_of_faces_is_told_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none")]) == 2
    assert "none is no folder of photographs" in capsys.readouterr().err
    Image.new("RGB", (64, 64)).save(tmp_path / "black.png")
    assert main([str(tmp_path)]) == 2
    assert "no face is found in black: give photographs" in capsys.readouterr().err
