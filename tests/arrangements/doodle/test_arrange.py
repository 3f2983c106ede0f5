from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from impasto import imaging
from impasto.arrangements.doodle import quantise
from impasto.arrangements.doodle.arrange import SEEN_SIDE, arrange
from impasto.arrangements.doodle.options import DoodleOptions
from impasto.errors import InputError, PictureError, SettingError
from impasto.imaging import Picture
from impasto.settings import StyleSettings
from impasto.verbs import doodle

SETTINGS = StyleSettings(recipe="doodle", size=96)


def pictures(studio: Any, labels: bool = True) -> dict[str, Picture]:
    given = {"content": studio.drawing, "style": studio.painting}
    return given | ({"labels": studio.labels} if labels else {})


def test_each_colour_is_painted_where_it_is_drawn_of_what_it_means(studio: Any) -> None:
    task = arrange(pictures(studio), DoodleOptions(), SETTINGS)
    assert len(task.styles) == len(task.masks) == len(task.style_masks) == len(task.regions) == 3
    assert all(region.hard for region in task.regions)
    drawn = np.stack([imaging.shares(mask) for mask in task.masks])
    learnt = np.stack([imaging.shares(mask) for mask in task.style_masks])
    assert (drawn.sum(0) == 1).all()
    assert (learnt.sum(0) == 1).all()
    # The sand is drawn on the left and lies below; the sky is drawn in the middle and lies above.
    for column, row in ((10, 55), (48, 10), (85, 33)):
        assert drawn[:, 32, column].argmax() == learnt[:, row, 48].argmax()
    assert task.content.notes[0].endswith("of the painting")


def test_the_layout_is_as_large_as_the_painting_will_be(studio: Any) -> None:
    larger = StyleSettings(recipe="doodle", size=160)
    assert arrange(pictures(studio), DoodleOptions(), larger).content.width == 160
    square = StyleSettings(recipe="doodle", shape=(80, 80))
    content = arrange(pictures(studio), DoodleOptions(), square).content
    assert (content.height, content.width) == (80, 120)


def test_without_a_map_the_regions_are_found(studio: Any) -> None:
    task = arrange(pictures(studio, labels=False), DoodleOptions(), SETTINGS)
    assert len(task.styles) == 3
    assert len(task.content.notes) >= 3


def test_so_many_regions_are_found_as_asked_for(studio: Any) -> None:
    task = arrange(pictures(studio, labels=False), DoodleOptions(regions=3), SETTINGS)
    assert len(task.styles) == 3
    assert not any("not drawn" in note for note in task.content.notes)


def test_a_flat_layout_has_the_mean_colours(studio: Any) -> None:
    task = arrange(pictures(studio), DoodleOptions(layout="flat"), SETTINGS)
    assert len(np.unique(task.content.pixels.reshape(-1, 3), axis=0)) == 3


def test_what_nobody_drew_and_what_the_map_lacks_is_told(studio: Any) -> None:
    page = studio.drawing.pixels.copy()
    page[:, :48] = (255, 0, 255)
    page[:, 48:] = (255, 255, 255)
    given = pictures(studio) | {"content": replace(studio.drawing, pixels=page)}
    notes = arrange(given, DoodleOptions(), SETTINGS).content.notes
    assert any("the label map has no colour like #ff00ff purple" in note for note in notes)
    assert any("not drawn, so nothing is painted of it" in note for note in notes)


def test_a_photograph_and_transparent_paper_are_told(studio: Any) -> None:
    random = np.random.default_rng(0).integers(0, 255, (8, 12, 3), np.uint8)
    photograph = imaging.resized(Picture(random), 64, 96, resample="bicubic")
    photograph = replace(photograph, alpha=np.full((64, 96), 255, np.uint8))
    notes = arrange(pictures(studio) | {"content": photograph}, DoodleOptions(), SETTINGS)
    told = " ".join(notes.content.notes)
    assert "looks like a photograph, not like a drawing" in told
    assert "counts as white paper" in told


def test_what_makes_no_sense_is_refused(studio: Any) -> None:
    with pytest.raises(InputError, match="painted of one painting: leave style 2 out"):
        arrange(pictures(studio) | {"style 2": studio.painting}, DoodleOptions(), SETTINGS)
    with pytest.raises(SettingError, match="style_blend has no meaning"):
        arrange(pictures(studio), DoodleOptions(), SETTINGS.replace(style_blend=(1.0,)))
    square = Picture(np.zeros((64, 64, 3), np.uint8))
    with pytest.raises(PictureError, match="give a mask of that ratio"):
        arrange(pictures(studio) | {"labels": square}, DoodleOptions(), SETTINGS)


def test_a_colour_drawn_too_small_for_the_size_is_told(studio: Any) -> None:
    page = np.full((640, 960, 3), 255, np.uint8)
    page[:, 480:] = (0, 0, 255)
    page[100:108, ::24] = (255, 0, 0)
    page[100:130, 100:130] = (255, 0, 0)
    given = pictures(studio) | {"content": Picture(page)}
    task = arrange(given, DoodleOptions(), StyleSettings(recipe="doodle", size=16))
    assert any("drawn too small to be seen" in note for note in task.content.notes)


def test_the_verb_takes_what_the_command_takes(studio: Any) -> None:
    few = StyleSettings(recipe="doodle", method="one-pass", size=64)
    seen: list[str] = []
    doodle(
        studio.drawing,
        studio.painting,
        few,
        regions=2,
        layout="flat",
        on_event=lambda event: seen.extend(getattr(event, "notes", ())),
    )
    assert any("the edge between them is lost" in note for note in seen)  # 3 colours, 2 regions


def test_a_large_drawing_is_looked_at_no_larger_than_is_of_use(
    studio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def quantised(picture: Picture) -> Any:
        seen.append(max(picture.height, picture.width))
        return quantise.quantised(picture)

    monkeypatch.setattr("impasto.arrangements.doodle.arrange.quantised", quantised)
    pixels = studio.drawing.pixels.repeat(16, 0).repeat(16, 1)
    large = pictures(studio) | {"content": Picture(pixels)}
    task, usual = (arrange(given, DoodleOptions(), SETTINGS) for given in (large, pictures(studio)))
    assert seen == [SEEN_SIDE, max(studio.drawing.height, studio.drawing.width)]
    for mask, other in zip(task.masks, usual.masks, strict=True):
        assert abs(imaging.shares(mask) - imaging.shares(other)).mean() < 0.03
