from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from impasto import samples
from impasto.methods.one_pass import engine as engines
from impasto.methods.one_pass.kept_faces import PaintedFace, with_faces
from impasto.painting import stylize
from tests.taught import write_taught

FACE = slice(20, 75), slice(35, 75)  # of the picture at 120 px


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    head = Image.open(samples.content("astronaut")).convert("RGB").resize((512, 512))
    return head.crop((100, 10, 340, 250)).resize((120, 120))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_taught(tmp_path_factory.mktemp("model") / "tiny.safetensors")


def painted(photo: Image.Image, model: Path, **settings: Any) -> np.ndarray[Any, Any]:
    result = stylize(photo, model=f"{model}:blue", precision="float32", strength=1.0, **settings)
    return np.asarray(result.pixels)


def test_only_the_face_is_painted_otherwise(photo: Image.Image, model: Path) -> None:
    plain, kept = (painted(photo, model, keep_faces=keep) for keep in (False, True))
    assert (kept[:, :10] == plain[:, :10]).all()
    assert (kept[110:] == plain[110:]).all()
    assert (kept[FACE] != plain[FACE]).any()


def test_a_picture_in_tiles_has_its_face_too(
    photo: Image.Image, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "WHOLE_PX", 0)
    plain, kept = (painted(photo, model, keep_faces=keep, tile="128") for keep in (False, True))
    assert (kept[110:] == plain[110:]).all()
    assert (kept[FACE] != plain[FACE]).any()


def test_a_face_is_laid_where_a_part_shows_it() -> None:
    face = PaintedFace(
        slice(2, 6), slice(2, 6), torch.ones(1, 3, 4, 4), torch.full((1, 1, 4, 4), 0.5)
    )
    part = with_faces(torch.zeros(1, 3, 4, 4), (slice(0, 4), slice(4, 8)), [face])
    assert part[0, 0].tolist() == [[0] * 4, [0] * 4, [0.5, 0.5, 0, 0], [0.5, 0.5, 0, 0]]


def test_without_a_face_the_painting_is_the_same(model: Path) -> None:
    grey = Image.fromarray(np.full((60, 60, 3), 128, np.uint8))
    plain, kept = (painted(grey, model, keep_faces=keep) for keep in (False, True))
    assert (plain == kept).all()
