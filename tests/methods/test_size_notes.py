from __future__ import annotations

from typing import Any

import pytest

from impasto.methods.size_notes import size_notes
from impasto.settings import StyleSettings


def notes(**options: Any) -> list[str]:
    """Of a photograph 712 px wide and 474 px high."""
    return list(size_notes("photo.jpg", 474, 712, StyleSettings(**options)))


def test_a_size_beyond_the_photograph_is_told_with_both_numbers() -> None:
    assert notes(size=1080) == [
        "photo.jpg has 712 px on its longer side, so the painting gets 712 and not 1080: "
        "--upscale enlarges it"
    ]
    assert notes(size=1080, upscale=True) == notes(size=712) == notes(size=512) == []


@pytest.mark.parametrize("fit", ["cover", "stretch"])
def test_a_photograph_enlarged_to_fill_a_shape_is_told(fit: str) -> None:
    assert notes(shape=(1080, 1080), fit=fit) == [
        "photo.jpg is enlarged 2.3 times to fill 1080 x 1080 px"
    ]
    assert notes(shape=(470, 470), fit=fit) == []
    assert notes(shape=(480, 480), fit=fit) == []  # by a hundredth: nobody sees it


def test_only_the_part_that_is_kept_is_counted_as_enlarged() -> None:
    assert notes(shape=(237, 712)) == []
    assert notes(shape=(948, 474)) == ["photo.jpg is enlarged 2.0 times to fill 474 x 948 px"]


def test_a_contained_picture_that_does_not_fill_its_shape_is_told() -> None:
    assert notes(shape=(384, 384), fit="contain") == [
        "--shape 384x384 with --fit contain gives 384 x 256 px: the whole picture inside it; "
        "--fit cover fills it"
    ]
    assert notes(shape=(948, 1424), fit="contain") == [
        "--shape 948x1424 with --fit contain gives 712 x 474 px: the whole picture inside it, "
        "not enlarged; --fit cover fills it"
    ]
    assert notes(shape=(237, 356), fit="contain") == []


def test_a_ratio_is_told_by_the_part_that_is_kept() -> None:
    assert notes(shape="1:1", size=474) == notes(shape="1:1", size=1080, upscale=True) == []
    assert notes(shape="1:1", size=512) == [
        "the largest part of photo.jpg with the ratio 1:1 has 474 px on its longer side, so the "
        "painting gets 474 and not 512: --upscale enlarges it"
    ]
    assert notes(shape="1:1", size=384, fit="contain") == [
        "--shape 1:1 with --fit contain gives 384 x 256 px: the whole picture inside it; "
        "--fit cover fills it"
    ]
    assert notes(shape="712:474", size=384, fit="contain") == []


def test_a_crop_that_cuts_nothing_is_told() -> None:
    assert notes(shape="1:1", size=300, crop="top") == []
    for options in ({}, {"shape": (237, 356), "fit": "stretch"}):
        (note,) = notes(crop="top", **options)
        assert note.startswith("--crop top changes nothing here: only --shape with --fit cover")
