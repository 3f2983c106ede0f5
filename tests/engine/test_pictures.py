from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from impasto import image
from impasto.engine.pictures import Pictures
from impasto.engine.schedule import Scale
from impasto.errors import CheckpointError, PictureError
from impasto.settings import StyleSettings

CPU = torch.device("cpu")


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)


def pictures(content: tuple[int, int], style: tuple[int, int], **given: Any) -> Pictures:
    return Pictures.read(noise(*content), noise(*style), StyleSettings(**given), CPU)


def test_the_content_is_cut_to_the_final_size_and_the_style_kept() -> None:
    read = pictures((80, 120), (90, 60), size=60)
    assert (read.content.height, read.content.width) == (40, 60)
    assert (read.style.height, read.style.width) == (90, 60)
    assert read.init is None


def test_a_picture_is_enlarged_only_when_told() -> None:
    assert pictures((80, 120), (90, 60), size=240).content.width == 120
    assert pictures((80, 120), (90, 60), size=240, upscale=True).content.width == 240


def test_a_start_image_is_stretched_onto_the_content(tmp_path: Path) -> None:
    Image.fromarray(noise(50, 50)).save(tmp_path / "start.png")
    read = pictures((80, 120), (90, 60), size=60, init=f"image:{tmp_path / 'start.png'}")
    assert read.init is not None
    assert (read.init.height, read.init.width) == (40, 60)
    assert read.start_at(Scale(20, 30, 1)).shape == (1, 3, 20, 30)


def test_a_start_image_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"gone.png"):
        pictures((80, 120), (90, 60), init=f"image:{tmp_path / 'gone.png'}")


@pytest.mark.parametrize(
    ("style", "scale", "shape"),
    [
        ((200, 100), (60, 90), (90, 45)),  # longest sides alike
        ((200, 100), (30, 45), (45, 22)),
        ((45, 30), (60, 90), (45, 30)),  # half as long as the picture: never enlarged …
        ((45, 30), (30, 45), (22, 15)),  # … and half as long at every scale
    ],
)
def test_the_style_meets_the_picture_longest_side_to_longest(
    style: tuple[int, int], scale: tuple[int, int], shape: tuple[int, int]
) -> None:
    assert pictures((60, 90), style).style_shape(Scale(*scale, 1)) == shape


def test_the_style_is_enlarged_or_stretched_only_when_told() -> None:
    scale = Scale(60, 90, 1)
    assert pictures((60, 90), (45, 30), upscale=True).style_shape(scale) == (90, 60)
    assert pictures((60, 90), (45, 30), style_fit="stretch").style_shape(scale) == (60, 90)


def test_at_the_final_size_the_content_is_as_it_was_read() -> None:
    read = pictures((60, 90), (90, 60))
    content, style = read.at(Scale(60, 90, 1), 8)
    assert torch.equal(content, image.preprocess(read.content))
    assert torch.equal(style, image.preprocess(read.style))


def test_a_thin_style_never_vanishes_at_a_coarse_scale() -> None:
    read = pictures((64, 64), (16, 3000))
    _, style = read.at(Scale(32, 32, 1), 16)
    assert min(style.shape[-2:]) >= 16


def test_a_picture_too_small_for_the_layers_is_told() -> None:
    with pytest.raises(PictureError, match=r"15 px; the smallest picture slim can paint .* 16 px"):
        pictures((15, 40), (90, 60)).check_sizes(16, "slim")
    with pytest.raises(PictureError, match="60 x 15 px; the smallest style slim can learn"):
        pictures((40, 40), (15, 60)).check_sizes(16, "slim")
    pictures((16, 40), (16, 60)).check_sizes(16, "slim")


@pytest.fixture
def on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, which is the current one, with pictures named by their role."""
    for role in ("content", "style", "init"):
        Image.fromarray(noise(40, 50)).save(tmp_path / f"{role}.png")
    (tmp_path / "weights.pth").write_bytes(b"weights")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_checkpoint_finds_every_input_again(on_disk: Path) -> None:
    settings = StyleSettings(init="image:init.png", weights_file="weights.pth")
    read = Pictures.read("content.png", Path("style.png"), settings, CPU)
    files = read.files()
    assert list(files) == ["content", "style", "init"]
    for role, file in files.items():
        path = on_disk / f"{role}.png"
        assert Path(file.path) == path
        assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    located = read.located(settings)
    assert located.init == f"image:{on_disk / 'init.png'}"
    assert located.weights_file == str(on_disk / "weights.pth")


def test_settings_without_files_are_located_as_they_are() -> None:
    settings = StyleSettings(strength=0.7)
    assert pictures((40, 40), (40, 40)).located(settings) == settings


@pytest.mark.usefixtures("on_disk")
def test_a_checkpoint_cannot_find_an_array_again() -> None:
    read = Pictures.read("content.png", noise(40, 40), StyleSettings(), CPU)
    with pytest.raises(CheckpointError, match=r"the style image is not a file.* pass its path"):
        read.files()


def test_content_and_start_get_their_margin_and_the_style_none(tmp_path: Path) -> None:
    Image.fromarray(noise(50, 50)).save(tmp_path / "start.png")
    read = pictures((60, 90), (60, 90), init=f"image:{tmp_path / 'start.png'}")
    scale = Scale(60, 90, 1, margin=7)
    content, style = read.at(scale, 8)
    assert content.shape == read.start_at(scale).shape == (1, 3, 74, 104)
    assert style.shape == (1, 3, 60, 90)
