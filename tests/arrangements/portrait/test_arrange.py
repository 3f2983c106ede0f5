from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto import imaging, portrait, samples
from impasto.arrangements import arrange
from impasto.arrangements.portrait.arrange import count
from impasto.arrangements.portrait.options import PortraitOptions
from impasto.asked import Asked
from impasto.errors import SettingError
from impasto.settings import StyleSettings

FAST: dict[str, Any] = {"size": 64, "steps": 2, "coarsest": 0}


def photo(count: int = 1) -> imaging.Picture:
    """The astronaut's head, as many times as asked, each smaller than the one before."""
    head = Image.open(samples.content("astronaut")).convert("RGB").resize((512, 512))
    head = head.crop((110, 0, 340, 230))
    wall = Image.new("RGB", (230 * count, 230), (200, 200, 200))
    for number in range(count):
        side = 230 - 60 * number
        wall.paste(head.resize((side, side)), (230 * number, 0))
    return imaging.Picture(np.asarray(wall), name="group.jpg")


def arranged(picture: imaging.Picture, **options: Any) -> imaging.Picture:
    asked = Asked("portrait", options, {"content": picture, "style": "swirls"})
    task = arrange(asked, StyleSettings(size=128))
    assert len(task.styles) == 1
    content: imaging.Picture = task.content
    return content


def test_the_largest_face_is_arranged_and_that_there_are_others_is_told() -> None:
    content = arranged(photo(2))
    assert content.width == content.height
    assert "2 faces are found in group.jpg, and the largest is painted" in content.notes[0]
    assert (content.pixels == arranged(photo(2), face="1").pixels).all()
    assert (
        content.pixels.shape != arranged(photo(2), face="2").pixels.shape
        or (content.pixels != arranged(photo(2), face="2").pixels).any()
    )
    assert count(photo(2)) == 2


def test_a_picture_without_a_face_is_painted_whole_and_that_is_told() -> None:
    grey = imaging.Picture(np.full((40, 70, 3), 128, np.uint8), name="wall.jpg")
    content = arranged(grey)
    assert content.pixels.shape == grey.pixels.shape
    assert content.notes == ("no face is found in wall.jpg: all of it is painted",)


def test_a_face_that_is_not_there_and_all_of_them_are_refused() -> None:
    with pytest.raises(SettingError, match="face is 3, and 1 face is found in"):
        arranged(photo(), face="3")
    with pytest.raises(SettingError, match="ask for each by its number"):
        arranged(photo(), face="all")
    for wrong in ("0", "second", "-1"):
        with pytest.raises(SettingError, match="largest"):
            PortraitOptions.of(face=wrong)


def test_a_portrait_is_painted_with_its_recipe(tmp_path: Path) -> None:
    place = tmp_path / "group.png"
    Image.fromarray(photo().pixels).save(place)
    result = portrait(str(place), ["swirls", "woodcut"], framing="bust", **FAST)
    assert result.picture.size == (64, 64)
    assert (result.settings.recipe, result.settings.keep_faces) == ("portrait", True)
    assert result.inputs[0] == place
