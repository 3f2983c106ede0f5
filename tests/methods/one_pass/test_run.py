from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from impasto import imaging, samples
from impasto.errors import (
    CheckpointError,
    MemoryShortError,
    PictureError,
    SettingError,
    UnknownNameError,
    WeightsError,
)
from impasto.events import Finished, Part, Started
from impasto.imaging.bands import workspace
from impasto.methods.inputs import one_pass_shape
from impasto.methods.one_pass import engine as engines
from impasto.methods.one_pass import memory, tiles
from impasto.networks import stylizers
from impasto.networks.stylizers import OnePass, Plan
from impasto.painting import run, stylize
from impasto.settings import StyleSettings
from impasto.settings.heeded import HEEDED, refuse_unheeded

TINY = Plan(widths=(8, 8, 8, 16), blocks=1, trunk_kernels=1, top_kernels=2, code=6, hidden=8)


@pytest.fixture(scope="module")
def photo() -> Path:
    return samples.content("chelsea")


@pytest.fixture(scope="module")
def swirls() -> Path:
    return samples.style("swirls")


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    network = OnePass(TINY, reads=False, rows=("blue", "red"))
    torch.nn.init.normal_(network.codes)
    path = tmp_path_factory.mktemp("models") / "own.safetensors"
    stylizers.save(path, network, {})
    return path


def paint(photo: object, *styles: object, **settings: object) -> np.ndarray:
    settings = {"method": "one-pass", "size": 96, "precision": "float32", **settings}
    result = stylize(photo, list(styles) or None, **settings)  # type: ignore[arg-type]
    return np.asarray(result.pixels)


def test_it_tells_its_start_its_parts_and_its_end(photo: Path, swirls: Path) -> None:
    painting = run(photo, swirls, method="one-pass", size=96)
    count, events = len(painting), list(painting)
    assert [type(event) for event in events] == [Started, Part, Finished]
    assert len(events) == count
    assert events[0].method == "one-pass"
    assert events[-1].picture.size == (96, 64)


def test_the_styles_colours_come_in(photo: Path) -> None:
    """A style all of reds paints redder than one all of blues."""
    noise = np.random.default_rng(0).integers(0, 90, (128, 128, 3), dtype=np.uint8)
    red, blue = noise.copy(), noise.copy()
    red[..., 0] += 160
    blue[..., 2] += 160
    of_red, of_blue = (paint(photo, style).mean((0, 1)) for style in (red, blue))
    assert of_red[0] - of_red[2] > of_blue[0] - of_blue[2] + 0.1


def test_strength_moves_from_the_photograph_to_the_style(photo: Path, swirls: Path) -> None:
    own = imaging.resized(imaging.read(photo), 64, 96).floats
    weak, strong = (paint(photo, swirls, strength=s) for s in (0.0, 1.0))
    assert np.abs(weak - own).mean() < np.abs(strong - own).mean()


def test_a_share_of_one_paints_that_style_alone(photo: Path, swirls: Path) -> None:
    other = samples.style("starry-night")
    blended = paint(photo, swirls, other, style_blend=(1, 0))
    np.testing.assert_allclose(blended, paint(photo, swirls), atol=1e-5)
    assert np.abs(paint(photo, swirls, other) - blended).mean() > 0.01


def test_each_style_paints_where_its_mask_is_white(photo: Path, swirls: Path) -> None:
    other = samples.style("starry-night")
    left = np.zeros((64, 96), np.uint8)
    left[:, :48] = 255
    picture = imaging.resized(imaging.read(photo), 64, 96).pixels
    masks = [Image.fromarray(left), Image.fromarray(255 - left)]
    both = np.asarray(
        stylize(
            picture, [swirls, other], masks=masks, method="one-pass", size=96, precision="float32"
        ).pixels
    )
    np.testing.assert_allclose(both[:, :40], paint(picture, swirls)[:, :40], atol=2e-3)
    np.testing.assert_allclose(both[:, 56:], paint(picture, other)[:, 56:], atol=2e-3)


def test_what_is_kept_stays_the_photograph(photo: Path, swirls: Path) -> None:
    picture = imaging.resized(imaging.read(photo), 64, 96).pixels
    keep = np.zeros((64, 96), np.uint8)
    keep[:32] = 255
    result = stylize(picture, swirls, keep=Image.fromarray(keep), method="one-pass", size=96)
    np.testing.assert_allclose(result.pixels[:30], picture[:30] / 255, atol=1e-3)
    assert np.abs(result.pixels[34:] - picture[34:] / 255).mean() > 0.02


def test_transparency_stays(swirls: Path) -> None:
    picture = np.full((64, 64, 4), 200, np.uint8)
    picture[:20, :, 3] = 0
    result = stylize(picture, swirls, method="one-pass", size=64)
    assert result.picture.mode == "RGBA"
    assert not np.asarray(result.picture)[:20, :, 3].any()


def test_luminance_keeps_the_photographs_colours(swirls: Path) -> None:
    grey = np.full((64, 64, 3), 90, np.uint8)
    grey[::7] = 180
    painted = paint(grey, swirls, color="luminance")
    assert np.ptp(painted, axis=2).max() < 0.02


def test_16_bits_stay_16_bits(swirls: Path) -> None:
    deep = (np.random.default_rng(0).random((64, 64, 3)) * 65535).astype(np.uint16)
    result = stylize(deep, swirls, method="one-pass", size=64)
    assert imaging.read(result.to_bytes("PNG")).bits == 16


def test_a_taught_network_paints_by_its_rows(photo: Path, taught: Path) -> None:
    blue, red = (paint(photo, model=f"{taught}:{row}") for row in ("blue", "2"))
    assert np.abs(blue - red).max() > 1e-3
    both = paint(photo, model=f"{taught}:blue,red", style_blend=(1, 0))
    np.testing.assert_allclose(both, blue, atol=1e-5)


def test_a_model_says_the_method_by_itself(photo: Path, taught: Path) -> None:
    painting = run(photo, model=f"{taught}:blue", size=64)
    assert painting.settings.method == "one-pass"


@pytest.mark.parametrize("color", ["match", "histogram", "only"])
def test_colours_of_a_style_picture_need_one(photo: Path, taught: Path, color: str) -> None:
    with pytest.raises(SettingError, match=f"color is {color}, which needs the style's picture"):
        paint(photo, model=f"{taught}:blue", color=color)


def test_a_row_that_was_not_taught_is_refused(photo: Path, taught: Path) -> None:
    with pytest.raises(UnknownNameError, match="green"):
        paint(photo, model=f"{taught}:green")


def test_several_rows_are_not_blended_unasked(photo: Path, taught: Path) -> None:
    with pytest.raises(SettingError, match="was taught blue, red: say which"):
        paint(photo, model=str(taught))


def test_a_taught_network_reads_no_other_style(photo: Path, taught: Path, swirls: Path) -> None:
    with pytest.raises(SettingError, match="paints blue, red and no other style"):
        paint(photo, swirls, model=str(taught))


def test_a_style_and_a_row_are_one_too_many(photo: Path, taught: Path, swirls: Path) -> None:
    with pytest.raises(SettingError, match="leave one of them out"):
        paint(photo, swirls, model=f"{taught}:blue")


def test_without_a_style_nothing_is_painted(photo: Path) -> None:
    with pytest.raises(SettingError, match="no style is given"):
        paint(photo)


def test_a_model_that_is_not_there_is_refused(photo: Path, swirls: Path) -> None:
    with pytest.raises(WeightsError, match="does not exist"):
        paint(photo, swirls, model="nowhere.safetensors")


@pytest.mark.parametrize("name", ["steps", "content_weight", "tv_weight", "init", "backbone"])
def test_what_only_an_optimisation_heeds_is_refused_by_name(
    photo: Path, swirls: Path, name: str
) -> None:
    value = {"init": "noise", "backbone": "vgg19"}.get(name, 3)
    with pytest.raises(SettingError, match=f"{name} means nothing to the method one-pass"):
        paint(photo, swirls, **{name: value})


def test_it_keeps_no_checkpoint(photo: Path, swirls: Path) -> None:
    painting = run(photo, swirls, method="one-pass", size=64)
    list(painting)
    with pytest.raises(CheckpointError, match="keeps no state"):
        painting.checkpoint()


def test_before_its_first_part_the_picture_is_the_photograph(photo: Path, swirls: Path) -> None:
    painting = run(photo, swirls, method="one-pass", size=64)
    next(iter(painting))
    own = imaging.resized(imaging.read(photo), *painting.shape)
    np.testing.assert_allclose(np.asarray(painting.picture()), own.pixels, atol=1)


def halves() -> np.ndarray:
    """A style whose left half is red, and whose right half is blue."""
    noise = np.random.default_rng(0).integers(0, 90, (128, 128, 3), dtype=np.uint8)
    noise[:, :64, 0] += 160
    noise[:, 64:, 2] += 160
    return noise


def test_a_style_is_learnt_from_where_its_mask_is_white(photo: Path) -> None:
    left = np.zeros((128, 128), np.uint8)
    left[:, :64] = 255
    means = []
    for mask in (left, 255 - left):
        result = stylize(
            photo, halves(), style_masks=Image.fromarray(mask), method="one-pass", size=96
        )
        means.append(np.asarray(result.pixels).mean((0, 1)))
    of_red, of_blue = means
    assert of_red[0] - of_red[2] > of_blue[0] - of_blue[2] + 0.1


def test_what_a_style_hides_is_not_learnt(photo: Path) -> None:
    shown, hidden = halves(), np.zeros((128, 128, 1), np.uint8)
    hidden[:, :64] = 255
    red = paint(photo, np.concatenate((shown, hidden), 2)).mean((0, 1))
    blue = paint(photo, np.concatenate((shown, 255 - hidden), 2)).mean((0, 1))
    assert red[0] - red[2] > blue[0] - blue[2] + 0.1


@pytest.mark.parametrize("name", ["style_scale", "style_fit"])
def test_how_a_picture_is_read_is_no_matter_of_a_taught_style(
    photo: Path, taught: Path, name: str
) -> None:
    value = {"style_scale": 2.0, "style_fit": "stretch"}[name]
    with pytest.raises(SettingError, match=f"{name} says how large a style picture is read"):
        paint(photo, model=f"{taught}:blue", **{name: value})


def test_a_style_too_small_to_be_read_is_named_before_anything_begins(photo: Path) -> None:
    narrow = np.zeros((200, 2000, 3), np.uint8)
    narrow[::3] = 200
    with pytest.raises(PictureError, match="2000 x 200 px and would be read at"):
        run(photo, narrow, method="one-pass", size=300, style_scale=0.3)


def test_a_style_is_never_read_larger_than_strokes_can_be() -> None:
    large = imaging.Picture(np.zeros((3000, 4000, 3), np.uint8))
    settings = StyleSettings(style_scale=10, upscale=True)
    assert max(one_pass_shape(large, (512, 512), settings)) == 1536


def test_a_picture_that_memory_cannot_hold_is_refused(
    photo: Path, swirls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory.devices, "free_bytes", lambda _device: 10_000_000)
    with pytest.raises(MemoryShortError, match="in one pass needs about"):
        run(photo, swirls, method="one-pass", size=256)
    assert run(photo, swirls, method="one-pass", size=256, force=True).shape == (170, 256)


def test_with_colours_alone_there_is_nothing_between_start_and_end(
    photo: Path, swirls: Path
) -> None:
    painting = run(photo, swirls, method="one-pass", size=64, color="only")
    count = len(painting)
    assert [type(event) for event in painting] == [Started, Finished]
    assert count == 2


@pytest.fixture
def tiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of 96 x 64 px are painted in six tiles."""
    monkeypatch.setattr(engines, "WHOLE_PX", 100)
    monkeypatch.setattr(tiles, "SIDE", 48)
    monkeypatch.setattr(tiles, "SAMPLE", 64)


def asked(photo: Path, swirls: Path, kind: str) -> dict[str, object]:
    """What is painted, with masks, colours or transparency."""
    shades = np.tile(np.linspace(0, 255, 96).astype(np.uint8), (64, 1))
    shades[:8] = 0
    given: dict[str, object] = {"content": photo, "style": swirls, "method": "one-pass", "size": 96}
    if kind == "masks":
        masks = [Image.fromarray(shades), Image.fromarray(shades[:, ::-1])]
        given |= {"style": [swirls, samples.style("starry-night")], "masks": masks}
    elif kind == "keep":
        given["keep"] = Image.fromarray(shades)
    elif kind == "luminance":
        given["color"] = "luminance"
    elif kind == "alpha":
        own = imaging.resized(imaging.read(photo), 64, 96).pixels
        given["content"] = np.dstack((own, shades))
    return given


@pytest.mark.usefixtures("tiled")
@pytest.mark.parametrize("kind", ["plain", "masks", "keep", "luminance", "alpha"])
def test_in_files_it_is_the_same_picture(
    photo: Path, swirls: Path, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "_SMALL_BYTES", 0)
    monkeypatch.setattr(workspace, "_BAND_PX", 1000)
    given = asked(photo, swirls, kind)
    in_memory, in_files = stylize(**given), stylize(**given, scratch=str(tmp_path))  # type: ignore[arg-type]
    assert np.array_equal(in_memory.pixels, in_files.pixels)
    assert in_memory.picture.tobytes() == in_files.picture.tobytes()
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("tiled")
def test_styles_are_laid_tile_by_tile_as_whole_paintings_would_be(
    photo: Path, swirls: Path
) -> None:
    own = imaging.resized(imaging.read(photo), 64, 96).pixels
    left = np.zeros((64, 96), np.uint8)
    left[:, :50] = 255
    given = asked(photo, swirls, "masks") | {"content": own}
    given["masks"] = [Image.fromarray(left), Image.fromarray(255 - left)]
    both = stylize(**given).pixels  # type: ignore[arg-type]
    swirled, starry = (
        stylize(own, style, method="one-pass", size=96).pixels
        for style in (swirls, samples.style("starry-night"))
    )
    np.testing.assert_allclose(both[:, :50], swirled[:, :50], atol=1e-6)
    np.testing.assert_allclose(both[:, 50:], starry[:, 50:], atol=1e-6)


@pytest.mark.usefixtures("tiled")
def test_every_tile_in_every_style_is_told(photo: Path, swirls: Path) -> None:
    given = asked(photo, swirls, "masks")
    painting = run(**given)  # type: ignore[arg-type]
    parts = [event for event in painting if isinstance(event, Part)]
    assert [part.number for part in parts] == [*range(1, 13)]
    assert {part.count for part in parts} == {12}
    assert len(painting) == 14


@pytest.mark.usefixtures("tiled")
def test_tile_off_paints_at_once(photo: Path, swirls: Path) -> None:
    assert len(run(photo, swirls, method="one-pass", size=96)) == 8
    assert len(run(photo, swirls, method="one-pass", size=96, tile="off")) == 3


@pytest.mark.parametrize("name", ["tile", "scratch"])
def test_a_graph_paints_at_once_in_memory(name: str) -> None:
    with pytest.raises(SettingError, match=f"{name} means nothing to the method onnx"):
        refuse_unheeded({name}, "onnx", HEEDED["onnx"])
