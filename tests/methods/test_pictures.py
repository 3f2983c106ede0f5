from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import CheckpointError, PictureError
from impasto.imaging import Picture, tensors
from impasto.methods.checkpoint import input_files
from impasto.methods.inputs import Inputs
from impasto.methods.optimization.pyramid import Pyramid
from impasto.methods.optimization.schedule import Scale
from impasto.methods.optimization.targets import Scene
from impasto.methods.pictures import Pictures, check_kept, check_masks, check_visible
from impasto.settings import StyleSettings
from impasto.task import StyleTask, start_file

CPU = torch.device("cpu")


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)


def pictures(content: tuple[int, int], style: tuple[int, int], **options: Any) -> Pictures:
    return fit_pictures(noise(*content), noise(*style), StyleSettings(**options))


def fit_pictures(content: Any, styles: Any, settings: StyleSettings, **more: Any) -> Pictures:
    start = start_file(settings.init)
    task = StyleTask.of(content, styles, start=start, **more)
    return Pictures.fit(Inputs.read(task, settings), settings)


def at(sources: Pictures, scale: Scale, smallest_side: int = 8) -> Scene:
    return Pyramid(sources, [scale], smallest_side, CPU).at(scale)


def start_at(sources: Pictures, scale: Scale) -> torch.Tensor:
    start = Pyramid(sources, [scale], 8, CPU).start(scale)
    assert start is not None
    return start


def test_the_content_is_cut_to_the_final_size_and_the_style_kept() -> None:
    sources = pictures((80, 120), (90, 60), size=60)
    assert (sources.content.height, sources.content.width) == (40, 60)
    assert (sources.styles[0].height, sources.styles[0].width) == (90, 60)
    assert sources.init is None


def test_a_picture_is_enlarged_only_when_told() -> None:
    assert pictures((80, 120), (90, 60), size=240).content.width == 120
    assert pictures((80, 120), (90, 60), size=240, upscale=True).content.width == 240


def test_a_start_image_is_stretched_onto_the_content(tmp_path: Path) -> None:
    Image.fromarray(noise(50, 50)).save(tmp_path / "start.png")
    sources = pictures((80, 120), (90, 60), size=60, init=f"image:{tmp_path / 'start.png'}")
    assert sources.init is not None
    assert (sources.init.height, sources.init.width) == (40, 60)
    assert start_at(sources, Scale(20, 30, 1)).shape == (1, 3, 20, 30)


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
    assert pictures((60, 90), style).style_shape(scale) == shape


def test_the_style_is_enlarged_or_stretched_only_when_told() -> None:
    scale = (60, 90)
    assert pictures((60, 90), (45, 30), upscale=True).style_shape(scale) == (90, 60)
    assert pictures((60, 90), (45, 30), style_fit="stretch").style_shape(scale) == (60, 90)


def test_at_the_final_size_the_content_is_as_it_was_read() -> None:
    sources = pictures((60, 90), (90, 60), content_chroma=1)
    scene = at(sources, Scale(60, 90, 1), 8)
    (region,) = scene.regions
    assert torch.equal(scene.content, tensors.preprocess(sources.content))
    assert torch.equal(region.styles[0].pixels, tensors.preprocess(sources.styles[0]))
    assert (scene.painted, scene.visible, region.where) == (None, None, None)


def test_a_thin_style_never_vanishes_at_a_coarse_scale() -> None:
    sources = pictures((64, 64), (16, 3000))
    (region,) = at(sources, Scale(32, 32, 1), 16).regions
    assert min(region.styles[0].pixels.shape[-2:]) >= 16


def test_a_picture_too_small_for_the_layers_is_told() -> None:
    with pytest.raises(PictureError, match=r"15 px; the smallest picture slim can paint .* 16 px"):
        pictures((15, 40), (90, 60)).check_sizes(16, "slim")
    with pytest.raises(
        PictureError, match="60 x 15 px and would be read at 40 x 10 px; the smallest style"
    ):
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
    sources = fit_pictures("content.png", Path("style.png"), settings)
    files = input_files(sources.inputs.task)
    assert list(files) == ["content", "style", "init"]
    for role, file in files.items():
        path = on_disk / f"{role}.png"
        assert Path(file.path) == path
        assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    places = sources.inputs.located(settings)
    assert places.init == f"image:{on_disk / 'init.png'}"
    assert places.weights_file == str(on_disk / "weights.pth")


def test_settings_without_files_are_located_as_they_are() -> None:
    settings = StyleSettings(strength=0.7)
    assert pictures((40, 40), (40, 40)).inputs.located(settings) == settings


@pytest.mark.usefixtures("on_disk")
def test_a_checkpoint_cannot_find_an_array_again() -> None:
    sources = fit_pictures("content.png", noise(40, 40), StyleSettings())
    with pytest.raises(CheckpointError, match=r"the style image is not a file.* pass its path"):
        input_files(sources.inputs.task)


def test_content_and_start_get_their_margin_and_the_style_none(tmp_path: Path) -> None:
    Image.fromarray(noise(50, 50)).save(tmp_path / "start.png")
    sources = pictures((60, 90), (60, 90), init=f"image:{tmp_path / 'start.png'}")
    scale = Scale(60, 90, 1, margin=7)
    scene = at(sources, scale, 8)
    assert scene.content.shape == start_at(sources, scale).shape == (1, 3, 74, 104)
    assert scene.regions[0].styles[0].pixels.shape == (1, 3, 60, 90)


def half(height: int, width: int) -> NDArray[np.uint8]:
    mask = np.zeros((height, width), np.uint8)
    mask[:, : width // 2] = 255
    return mask


def with_masks(*masks: NDArray[np.uint8], **options: Any) -> Pictures:
    settings = StyleSettings(**options)
    styles = [noise(90, 60), noise(70, 80)][: len(masks)]
    return fit_pictures(noise(80, 120), styles, settings, masks=list(masks))


def test_masks_make_a_region_of_each_style_on_the_canvas_of_the_scale() -> None:
    left = half(80, 120)
    sources = with_masks(left, 255 - left, size=60)
    scene = at(sources, Scale(20, 30, 1, margin=3), 8)
    first, second = (region.where for region in scene.regions)
    assert first is not None
    assert second is not None
    assert first.shape == second.shape == (1, 1, 26, 36)
    assert torch.allclose(first + second, torch.ones(1, 1, 26, 36), atol=1e-6)
    assert scene.painted is None  # all of it is


def test_what_no_mask_covers_is_not_painted() -> None:
    sources = with_masks(half(80, 120), size=60)
    scene = at(sources, Scale(40, 60, 1), 8)
    assert scene.painted is not None
    assert scene.painted[..., :28].min() == 1
    assert scene.painted[..., 32:].max() == 0


def test_masks_are_cropped_with_the_picture() -> None:
    sources = with_masks(half(80, 120), shape=(40, 40))  # the middle: from 20 to 100 of 120 px
    assert sources.masks[0].shape == (1, 1, 40, 40)
    assert sources.masks[0][..., :19].min() == 1
    assert sources.masks[0][..., 21:].max() == 0


def test_masks_that_overlap_share() -> None:
    white = np.full((80, 120), 255, np.uint8)
    scene = at(with_masks(white, white), Scale(80, 120, 1))
    for region in scene.regions:
        assert region.where is not None
        assert torch.equal(region.where, torch.full((1, 1, 80, 120), 0.5))


def test_without_masks_styles_are_one_region_with_the_shares_that_were_given() -> None:
    styles = [noise(90, 60), noise(70, 80)]
    blend = fit_pictures(noise(60, 60), styles, StyleSettings(style_blend=(3, 1)))
    (region,) = at(blend, Scale(60, 60, 1), 8).regions
    assert region.shares == (3, 1)
    assert len(region.styles) == 2
    assert not blend.regional


def test_hidden_colours_reach_no_tensor() -> None:
    scenes = []
    for colour in (0, 255):
        picture = np.dstack([noise(40, 40), half(40, 40)])
        picture[:, 20:, :3] = colour
        sources = fit_pictures(picture, picture, StyleSettings(size=30))
        scenes.append(at(sources, Scale(30, 30, 1), 8))
    one, other = scenes
    assert torch.equal(one.content, other.content)
    styles = [scene.regions[0].styles[0] for scene in scenes]
    assert torch.equal(styles[0].pixels, styles[1].pixels)
    assert one.visible is not None
    assert one.visible[..., 17:].max() == 0
    assert styles[0].counts is not None
    assert styles[0].counts[..., 17:].max() == 0


def test_a_style_scale_too_small_for_the_layers_is_told() -> None:
    with pytest.raises(PictureError, match=r"would be read at 12 x 9 px.*--style-scale"):
        pictures((60, 60), (90, 120), style_scale=0.2).check_sizes(16, "slim")


def bare(alpha: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] | None = None) -> Picture:
    return Picture(np.zeros((4, 6, 3), np.uint8), alpha, name="photo.png")


def stripes(columns: slice) -> Picture:
    pixels = np.zeros((4, 6, 3), np.uint8)
    pixels[:, columns] = 255
    return Picture(pixels, name="mask.png")


LEFT = stripes(slice(0, 3)).pixels[..., 0]


def test_a_picture_of_which_nothing_is_seen_is_told_with_its_size() -> None:
    check_visible(bare())
    check_visible(bare(LEFT))
    with pytest.raises(PictureError, match=r"nothing of photo.png is visible at 6 x 4 px"):
        check_visible(bare(np.zeros((4, 6), np.uint8)))


def test_a_mask_of_which_nothing_is_left_is_told_by_its_cause() -> None:
    check_masks(bare(LEFT), [stripes(slice(2, 4))])
    with pytest.raises(PictureError, match=r"mask.png is black on the part of photo.png"):
        check_masks(bare(), [stripes(slice(0, 3)), stripes(slice(0, 0))])
    with pytest.raises(PictureError, match=r"mask.png is white only where photo.png is transp"):
        check_masks(bare(LEFT), [stripes(slice(3, 6))])


@pytest.mark.parametrize(
    ("shape", "options", "remedy"),
    [
        ((100, 3000), {}, "pass a larger --size, here 960 or more"),
        ((20, 600), {"upscale": True}, "pass a larger --size, here 960 or more"),
        ((20, 600), {}, "pass a larger picture, or --upscale with --size 960 or more$"),
        ((96, 128), {"size": None, "shape": (16, 40)}, "side: pass a larger --shape$"),
        ((3, 3), {}, "pass a larger picture, or --upscale$"),
    ],
)
def test_the_remedy_for_a_thin_picture_works(
    shape: tuple[int, int], options: dict[str, Any], remedy: str
) -> None:
    thin = pictures(shape, (96, 128), **{"size": 128, **options})
    with pytest.raises(PictureError, match=remedy):
        thin.check_sizes(32, "slim")


@pytest.mark.parametrize("options", [{"upscale": True}, {"style_fit": "stretch"}])
def test_a_thin_style_is_enlarged_or_stretched(options: dict[str, Any]) -> None:
    pictures((96, 128), (20, 600), size=128, **options).check_sizes(32, "slim")
    with pytest.raises(PictureError, match="or --upscale"):
        pictures((96, 128), (20, 600), size=128).check_sizes(32, "slim")


def test_all_that_is_kept_leaves_nothing_to_paint() -> None:
    check_kept(bare(), stripes(slice(0, 3)), [stripes(slice(2, 4))])
    with pytest.raises(PictureError, match=r"mask.png keeps all of photo.png: make it black"):
        check_kept(bare(), stripes(slice(0, 6)), [])
    with pytest.raises(PictureError, match=r"keeps all of photo.png"):
        check_kept(bare(LEFT), stripes(slice(0, 3)), [])
    with pytest.raises(PictureError, match=r"keeps all that mask.png would paint"):
        check_kept(bare(), stripes(slice(0, 3)), [stripes(slice(1, 2))])


def test_what_is_kept_is_the_inverse_of_a_mask() -> None:
    white = half(40, 40)
    kept = fit_pictures(noise(40, 40), noise(40, 40), StyleSettings(), keep=white)
    masked = fit_pictures(noise(40, 40), noise(40, 40), StyleSettings(), masks=[255 - white])
    assert kept.masks == ()
    assert kept.painted is not None
    assert masked.painted is not None
    assert torch.equal(kept.painted, masked.painted)
    (region,), (other,) = (at(p, Scale(40, 40, 1)).regions for p in (kept, masked))
    assert region.where is not None
    assert other.where is not None
    assert torch.equal(region.where, other.where)


def test_what_is_kept_is_blended_in_no_style_and_cut_out_of_every_mask() -> None:
    white, styles = half(40, 40), [noise(40, 40), noise(50, 40)]
    blend = fit_pictures(noise(40, 40), styles, StyleSettings(style_blend=(3, 1)), keep=white)
    (region,) = at(blend, Scale(40, 40, 1)).regions
    assert (len(region.styles), region.shares) == (2, (3, 1))
    everywhere = np.full((40, 40), 255, np.uint8)
    masked = fit_pictures(
        noise(40, 40), styles, StyleSettings(), masks=[everywhere] * 2, keep=white
    )
    assert all(torch.equal(mask, blend.free) for mask in masked.masks if blend.free is not None)
