"""From words and a style to a task."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from impasto.arrangements import arrange
from impasto.asked import Asked
from impasto.errors import InputError, SettingError
from impasto.imaging import Picture
from impasto.painting import paint
from impasto.settings import StyleSettings
from impasto.task import StyleTask
from tests.arrangements.letter.lettered import FONT, bar, effect, mask, texture

SETTINGS = StyleSettings(recipe="letter", size=120, steps=2, threads=1)


def arranged(text: str, style: Picture, mask_: Picture | None = None, **options: Any) -> Any:
    pictures = {"style": style} | ({} if mask_ is None else {"style mask": mask_})
    asked = Asked("letter", {"text": text, "font": FONT, **options}, pictures)
    task: StyleTask[Picture] = arrange(asked, SETTINGS)
    return task


def test_the_letters_of_an_effect_become_bands_on_nothing() -> None:
    task = arranged("Hi", effect(), mask(bar()))
    assert max(task.content.height, task.content.width) == 120
    assert len(task.styles) == len(task.masks) == len(task.style_masks) == len(task.regions) > 1
    assert all(region.hard for region in task.regions)
    assert task.content.alpha is not None
    assert task.content.alpha[0].max() == 0  # the rim is nothing
    assert task.content.alpha.max() == 255
    assert any("DejaVu Sans Bold" in note for note in task.content.notes)


def test_the_ground_may_be_painted() -> None:
    task = arranged("Hi", effect(), mask(bar()), ground="painted")
    assert task.content.alpha is None
    covered = np.stack([m.pixels[..., 0] > 0 for m in task.masks]).any(0)
    assert covered.all()


def test_letters_look_like_those_of_the_style() -> None:
    task = arranged("I", effect(), mask(bar()), ground="painted")
    inside = task.masks[0].pixels[..., 0] > 0
    assert np.abs(task.content.pixels[inside].mean(0) - (255, 220, 120)).max() < 40
    assert task.content.pixels[0].max() < 60  # the ground is black


def test_a_texture_fills_the_words() -> None:
    task = arranged("Hi", texture())
    assert len(task.styles) == 1
    assert task.content.alpha is not None
    share = (task.content.alpha > 127).mean()
    tight = arranged("Hi", texture(), looseness=0.0).content.alpha
    assert share == pytest.approx((tight > 127).mean(), abs=0.1)
    whole = arranged("Hi", texture(), ground="painted")
    assert whole.content.alpha is None
    assert len(whole.styles) == 2


def test_own_glyphs_stand_in_place_of_words() -> None:
    logo = np.full((30, 60, 3), 255, np.uint8)
    logo[5:25, 10:50] = 0
    pictures = {"style": effect(), "style mask": mask(bar()), "content": Picture(logo)}
    task = arrange(Asked("letter", {}, pictures), SETTINGS)
    assert task.content.width == 120
    with pytest.raises(SettingError, match="leave one of them out"):
        arrange(Asked("letter", {"text": "Hi"}, pictures), SETTINGS)


def test_two_styles_are_one_too_many() -> None:
    pictures = {"style": effect(), "style 2": texture()}
    with pytest.raises(InputError, match="one style"):
        arrange(Asked("letter", {"text": "Hi", "font": FONT}, pictures), SETTINGS)


def test_the_same_words_are_arranged_alike() -> None:
    one, other = (arranged("Hi", effect(), mask(bar())) for _ in range(2))
    assert np.array_equal(one.content.pixels, other.content.pixels)
    assert np.array_equal(one.content.alpha, other.content.alpha)


def test_finer_strokes_are_read_as_they_are_asked_for() -> None:
    pictures = {"style": effect(), "style mask": mask(bar())}
    asked = Asked("letter", {"text": "Hi", "font": FONT}, pictures)
    settings = SETTINGS.replace(style_scale=0.5)
    style = arrange(asked, settings).styles[0]
    assert max(style.height, style.width) == 60


def test_a_lettering_is_painted_on_nothing_and_its_strokes_are_as_asked_for() -> None:
    pictures = {"style": effect(), "style mask": mask(bar())}
    run = paint(Asked("letter", {"text": "Hi", "font": FONT}, pictures), SETTINGS)
    started = next(run)
    assert not any("strokes come out finer" in note for note in started.notes)  # type: ignore[union-attr]
    for _ in run:
        pass
    result = run.result()
    assert result.picture.mode == "RGBA"
    assert np.asarray(result.picture.getchannel("A"))[0].max() == 0


def test_networks_that_paint_at_once_look_at_layers_of_their_own() -> None:
    asked = Asked("letter", {"text": "Hi", "font": FONT}, {"style": texture()})
    task = arrange(asked, SETTINGS.replace(method="one-pass"))
    assert task.regions == ()


def test_a_style_of_one_shade_is_learnt_from_in_the_words_and_around_them() -> None:
    plain = Picture(np.full((64, 64, 3), 90, np.uint8), name="plain.png")
    options = {"text": "H", "font": FONT, "reading": "texture", "ground": "painted"}
    asked = Asked("letter", options, {"style": plain})
    task = arrange(asked, StyleSettings(recipe="letter", size=64))
    assert all(mask.pixels.any() for mask in (*task.masks, *task.style_masks))
