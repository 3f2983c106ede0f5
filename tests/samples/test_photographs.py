from __future__ import annotations

from pathlib import Path

from PIL import Image

from impasto import samples
from samples.photographs import CLIP, LONGEST, SCIKIT_IMAGE


def test_every_photograph_has_its_source_and_every_source_its_photograph() -> None:
    assert sorted(Path(file).stem for file in (*SCIKIT_IMAGE, CLIP)) == [*samples.names("content")]


def test_the_shipped_photographs_are_as_small_as_the_program_makes_them() -> None:
    for name in samples.names("content"):
        with Image.open(samples.content(name)) as picture:
            assert max(picture.size) <= LONGEST
