from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import CheckpointError, PictureError, SettingError
from impasto.imaging import Picture
from impasto.methods.checkpoint import input_files
from impasto.methods.inputs import Inputs, style_shape
from impasto.settings import StyleSettings
from impasto.task import StyleTask


def noise(height: int, width: int, channels: int = 3) -> NDArray[np.uint8]:
    shape = (height, width, channels)
    return np.random.default_rng(height).integers(1, 256, shape, np.uint8)


def inputs_of(
    content: Any, styles: Any, settings: StyleSettings | None = None, **more: Any
) -> Inputs:
    return Inputs.read(StyleTask.of(content, styles, **more), settings or StyleSettings())


@pytest.mark.parametrize(
    ("options", "settings", "message"),
    [
        ({"masks": [noise(8, 8)]}, {}, "1 mask for 2 styles: give one mask for each"),
        ({"style_masks": [noise(8, 8)] * 3}, {}, "3 style masks for 2 styles"),
        ({}, {"style_blend": (1.0,)}, "style_blend has 1 share for 2 styles"),
        ({"masks": [noise(8, 8)] * 2}, {"style_blend": (1, 1)}, "give one of them"),
    ],
)
def test_masks_and_shares_are_as_many_as_the_styles(
    options: dict[str, Any], settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingError, match=message):
        inputs_of(noise(8, 8), [noise(8, 8)] * 2, StyleSettings(**settings), **options)


def test_no_style_at_all_is_told() -> None:
    with pytest.raises(SettingError, match="name at least one picture"):
        inputs_of(noise(8, 8), [], StyleSettings())


def test_bare_bytes_are_called_by_what_they_are_in_the_task() -> None:
    photo = noise(8, 8)
    for content, styles, name in (
        (b"", photo, "the content image"),
        (photo, [b""], "the style image"),
        (photo, [photo, b""], "style image 2"),
    ):
        with pytest.raises(PictureError, match=f"^{name} is empty"):
            inputs_of(content, styles)
    with pytest.raises(PictureError, match=r"^the mask is empty"):
        inputs_of(photo, photo, masks=[b""])
    named = inputs_of(photo, [photo, photo], start=photo)
    names = [picture.name for picture in named.task.by_role().values()]
    assert names == ["the content image", "the style image", "style image 2", "the start image"]


def test_a_style_counts_where_it_is_opaque_and_its_mask_is_white() -> None:
    style = noise(8, 8, 4)
    style[..., 3] = 255
    style[:, :4, 3] = 0
    mask = np.zeros((8, 8), np.uint8)
    mask[:4] = 255
    inputs = inputs_of(noise(8, 8), [style], StyleSettings(), style_masks=[mask])
    counts = inputs.style_counts(0, (8, 8))
    assert counts is not None
    assert counts.shape == (1, 1, 8, 8)
    assert counts[..., :4, 4:].min() == 1
    assert counts.sum() == 16
    plain = inputs_of(noise(8, 8), [noise(8, 8)], StyleSettings())
    assert plain.style_counts(0, (8, 8)) is None
    assert (inputs.regions(), plain.regions()) == (1, 0)


@pytest.mark.parametrize(
    ("scale", "upscale", "shape"),
    [
        (1.0, False, (60, 90)),
        (0.5, False, (30, 45)),
        (2.0, False, (80, 120)),  # as far as its own pixels go
        (2.0, True, (120, 180)),
    ],
)
def test_the_style_is_read_at_a_share_of_the_pictures_size(
    scale: float, upscale: bool, shape: tuple[int, int]
) -> None:
    style = Picture(noise(80, 120))
    settings = StyleSettings(style_scale=scale, upscale=upscale)
    assert style_shape(style, (60, 90), (60, 90), settings) == shape
    half = style_shape(style, (60, 90), (30, 45), settings)
    assert half == tuple(side // 2 for side in shape)


def test_a_style_that_would_have_to_be_enlarged_is_noted() -> None:
    def notes(**options: Any) -> list[str]:
        settings = StyleSettings(**{"size": 90, **options})
        return list(inputs_of(noise(60, 90), [noise(80, 120)], settings).notes(settings))

    assert notes() == []
    assert notes(style_scale=2, upscale=True) == []
    (note,) = notes(style_scale=2)
    assert "has 120 px on its longer side" in note
    assert "not enlarged to 180 px" in note


def test_every_picture_has_a_role_and_a_place(tmp_path: Path) -> None:
    for name in ("content", "style", "other", "mask", "init"):
        Image.fromarray(noise(8, 8)).save(tmp_path / f"{name}.png")
    at = {name: str(tmp_path / f"{name}.png") for name in ("content", "style", "other", "mask")}
    settings = StyleSettings(init=f"image:{tmp_path / 'init.png'}")
    start = str(tmp_path / "init.png")
    styles = [at["style"], at["other"]]
    inputs = inputs_of(at["content"], styles, settings, masks=[at["mask"]] * 2, start=start)
    files = input_files(inputs.task)
    assert list(files) == ["content", "style", "style 2", "mask", "mask 2", "init"]
    assert files["style 2"].path == at["other"]
    assert {str(path) for path in inputs.paths()} == {*at.values(), str(tmp_path / "init.png")}


def test_a_checkpoint_cannot_find_an_array_again() -> None:
    inputs = inputs_of(noise(8, 8), [noise(8, 8)], StyleSettings())
    with pytest.raises(CheckpointError, match="the content image is not a file"):
        input_files(inputs.task)


def test_a_style_whose_mask_shows_only_what_is_hidden_is_told() -> None:
    style = noise(8, 8, 4)
    style[:, :4, 3] = 0
    mask = np.zeros((8, 8), np.uint8)
    mask[:, :4] = 255
    inputs = inputs_of(noise(8, 8), [style], StyleSettings(), style_masks=mask)
    with pytest.raises(PictureError, match="left to learn from: what its mask shows is transp"):
        inputs.style_counts(0, (8, 8))


def test_no_masks_may_be_none() -> None:
    inputs = inputs_of(noise(8, 8), noise(8, 8), StyleSettings(), masks=None, style_masks=None)
    assert inputs.masks == inputs.style_masks == ()
