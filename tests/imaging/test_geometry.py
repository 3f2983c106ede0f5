from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import SettingError, UnknownNameError
from impasto.imaging import Picture, fitted, resized, target_shape

sides = st.integers(1, 20_000)
flags = st.booleans()


def _ratio_is_kept(before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Within a pixel: the true side lies at most 1 px from the rounded one."""
    (h, w), (high, wide) = before, after
    return abs(high * w / h - wide) <= max(1, w / h) or abs(wide * h / w - high) <= max(1, h / w)


@given(sides, sides, sides, flags)
def test_size_is_the_longest_side_and_keeps_the_ratio(
    height: int, width: int, size: int, upscale: bool
) -> None:
    target = target_shape(height, width, size=size, upscale=upscale)
    if upscale or size < max(height, width):
        assert max(target) == size
        assert _ratio_is_kept((height, width), target)
    else:
        assert target == (height, width)


@given(sides, sides, sides, sides, flags)
def test_contain_stays_inside_the_shape_and_touches_it(
    height: int, width: int, high: int, wide: int, upscale: bool
) -> None:
    target = target_shape(height, width, shape=(high, wide), fit="contain", upscale=upscale)
    assert 1 <= target[0] <= high
    assert 1 <= target[1] <= wide
    assert _ratio_is_kept((height, width), target)
    if upscale or height > high or width > wide:
        assert target[0] == high or target[1] == wide
    else:
        assert target == (height, width)


@given(sides, sides, sides, sides, flags, st.sampled_from(["cover", "stretch"]))
def test_cover_and_stretch_give_exactly_the_shape(
    height: int, width: int, high: int, wide: int, upscale: bool, fit: str
) -> None:
    shape = target_shape(height, width, shape=(high, wide), fit=fit, upscale=upscale)
    assert shape == (high, wide)


@given(sides, sides)
def test_without_a_wish_a_picture_stays_as_it_is(height: int, width: int) -> None:
    assert target_shape(height, width) == (height, width)


def test_the_thinnest_picture_keeps_one_pixel() -> None:
    assert target_shape(10_000, 1, size=100) == (100, 1)


@pytest.mark.parametrize(
    "wish",
    [{"size": 0}, {"size": -3}, {"shape": (0, 5)}, {"size": 5, "shape": (5, 5)}],
)
def test_impossible_wishes_are_refused(wish: dict[str, object]) -> None:
    with pytest.raises(SettingError):
        target_shape(10, 10, **wish)  # type: ignore[arg-type]


def test_unknown_fit_and_filter_list_the_known_ones(ramp: NDArray[np.uint8]) -> None:
    with pytest.raises(UnknownNameError, match="contain, cover, stretch"):
        target_shape(10, 10, shape=(5, 5), fit="squash")
    with pytest.raises(UnknownNameError, match="bilinear, bicubic, lanczos"):
        resized(Picture(ramp), 5, 5, resample="nearest")


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), flags)
def test_fitted_has_the_target_shape(h: int, w: int, high: int, wide: int, upscale: bool) -> None:
    picture = Picture(np.zeros((h, w, 3), np.uint8), np.zeros((h, w), np.uint8))
    for fit in ("contain", "cover", "stretch"):
        target = target_shape(h, w, shape=(high, wide), fit=fit, upscale=upscale)
        result = fitted(picture, shape=(high, wide), fit=fit, upscale=upscale)
        assert result.pixels.shape == (*target, 3)
        assert result.alpha is not None
        assert result.alpha.shape == target


def test_cover_keeps_the_middle() -> None:
    columns = np.broadcast_to(np.arange(9, dtype=np.uint8)[None, :, None], (3, 9, 3))
    picture = Picture(np.ascontiguousarray(columns), np.ascontiguousarray(columns[..., 0]))
    result = fitted(picture, shape=(3, 3), fit="cover")
    assert result.pixels[0, :, 0].tolist() == [3, 4, 5]
    assert result.alpha is not None
    assert result.alpha[0].tolist() == [3, 4, 5]


@pytest.mark.parametrize(
    ("crop", "columns"),
    [
        ("left", [0, 1, 2]),
        ("center", [3, 4, 5]),
        ("right", [6, 7, 8]),
        ("top", [3, 4, 5]),  # nothing hangs over above or below
        ("0%,0%", [0, 1, 2]),
        ("50%,90%", [3, 4, 5]),
        ("90%, 50%", [5, 6, 7]),
        ("100%,100%", [6, 7, 8]),
    ],
)
def test_a_crop_keeps_what_it_is_told_to(crop: str, columns: list[int]) -> None:
    wide = np.ascontiguousarray(
        np.broadcast_to(np.arange(9, dtype=np.uint8)[None, :, None], (3, 9, 3))
    )
    result = fitted(Picture(wide), shape="1:1", fit="cover", crop=crop)
    assert result.pixels[1, :, 0].tolist() == columns


@pytest.mark.parametrize(
    ("crop", "rows"), [("top", [0, 1]), ("center", [2, 3]), ("bottom", [4, 5])]
)
def test_a_crop_of_a_tall_picture_keeps_its_top_middle_or_bottom(
    crop: str, rows: list[int]
) -> None:
    tall = np.ascontiguousarray(
        np.broadcast_to(np.arange(6, dtype=np.uint8)[:, None, None], (6, 2, 3))
    )
    alpha = np.ascontiguousarray(tall[..., 0])
    result = fitted(Picture(tall, alpha), shape=(2, 2), fit="cover", crop=crop)
    assert result.pixels[:, 0, 0].tolist() == rows
    assert result.alpha is not None
    assert result.alpha[:, 0].tolist() == rows


def test_a_ratio_is_as_large_as_picture_and_size_allow() -> None:
    def target(ratio: str, **wish: Any) -> tuple[int, int]:
        return target_shape(600, 900, shape=ratio, **{"fit": "cover", **wish})

    assert target("1:1") == (600, 600)
    assert target("1:1", size=300) == (300, 300)
    assert target("1:1", size=1200) == (600, 600)
    assert target("1:1", size=1200, upscale=True) == (1200, 1200)
    assert target("16:9", size=480) == (270, 480)
    assert target("2:3") == (600, 400)
    assert target("1:1", fit="stretch", size=300) == (300, 300)
    assert target("1:1", fit="contain", size=300) == (200, 300)
    assert target("1:3", fit="contain", size=300) == (67, 100)
    assert target("1:1", fit="contain") == (600, 900)


@given(sides, sides, st.integers(1, 40), st.integers(1, 40), sides, flags)
def test_a_ratio_is_met_to_the_pixel_and_nothing_grows_unasked(
    height: int, width: int, wide: int, high: int, size: int, upscale: bool
) -> None:
    target = target_shape(
        height, width, size=size, shape=f"{wide}:{high}", fit="cover", upscale=upscale
    )
    assert _ratio_is_kept((high, wide), target)
    assert max(target) <= size
    if upscale:
        assert max(target) == size
    else:
        assert target[0] <= height + 1
        assert target[1] <= width + 1


def test_no_ratio_and_no_place_are_told(ramp: NDArray[np.uint8]) -> None:
    with pytest.raises(SettingError, match=r"shape is '0:1': give a ratio as width:height"):
        target_shape(10, 10, shape="0:1")
    with pytest.raises(SettingError, match=r"crop is 'middle': give one of center, top"):
        fitted(Picture(ramp), shape="1:1", fit="cover", crop="middle")


def test_same_size_returns_the_same_picture(ramp: NDArray[np.uint8]) -> None:
    picture = Picture(ramp)
    assert resized(picture, 20, 30) is picture
    assert fitted(picture, size=30) is picture


@pytest.mark.parametrize("name", ["bilinear", "bicubic", "lanczos"])
def test_8_bit_goes_through_one_rgb_resize(ramp: NDArray[np.uint8], name: str) -> None:
    wish = Image.fromarray(ramp).resize((11, 7), Image.Resampling[name.upper()])
    result = resized(Picture(ramp), 7, 11, resample=name)
    assert np.array_equal(result.pixels, np.asarray(wish))


def test_16_bit_resize_keeps_more_than_8_bits() -> None:
    steps = np.full((8, 8, 3), 1000, np.uint16)
    steps[:, 4:] = 1003  # one level of 255 would be 257
    result = resized(Picture(steps, steps[..., 0].copy()), 8, 4, resample="bilinear")
    assert result.pixels.dtype == np.uint16
    assert result.pixels[0, :, 0].tolist() == [1000, 1000, 1003, 1003]
    assert result.alpha is not None
    assert result.alpha[0].tolist() == [1000, 1000, 1003, 1003]


def test_16_bit_overshoot_is_clipped_not_wrapped() -> None:
    edge = np.zeros((16, 16, 3), np.uint16)
    edge[:, 8:] = 65535
    result = resized(Picture(edge), 32, 32, resample="lanczos").pixels
    assert result[:, :12].max() < 20_000
    assert result[:, 20:].min() > 45_000


def test_a_constant_picture_stays_constant() -> None:
    for dtype in (np.uint8, np.uint16):
        result = resized(Picture(np.full((5, 9, 3), 77, dtype)), 3, 2, resample="lanczos")
        assert (result.pixels == 77).all()


def test_fitting_keeps_name_and_origin(ramp: NDArray[np.uint8]) -> None:
    picture = Picture(ramp, name="a.png", sha256="ab", exif=b"Exif")
    result = fitted(picture, size=10)
    assert (result.name, result.sha256, result.exif) == ("a.png", "ab", b"Exif")


@pytest.mark.parametrize("name", ["bilinear", "bicubic", "lanczos"])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(11, 17), (64, 90), (211, 305)])
def test_hidden_green_does_not_leak_into_a_red_sticker(
    shape: tuple[int, int], kind: type, name: str
) -> None:
    top = np.iinfo(kind).max
    y, x = np.mgrid[0:60, 0:80]
    sticker = np.hypot(y - 30, x - 35) < 20
    pixels = np.where(sticker[..., None], (top, 0, 0), (0, top, 0)).astype(kind)
    alpha = np.where(sticker, top, 0).astype(kind)
    result = resized(Picture(pixels, alpha), *shape, resample=name)
    assert result.alpha is not None
    assert result.alpha.dtype == result.pixels.dtype == kind
    assert result.alpha.min() == 0
    assert result.alpha.max() == top
    assert (result.pixels == (top, 0, 0)).all()  # where it is visible, and where it is not


@pytest.mark.parametrize("name", ["bilinear", "bicubic", "lanczos"])
@pytest.mark.parametrize("shape", [(9, 13), (50, 71)])
def test_no_bit_of_a_resized_picture_depends_on_hidden_colours(
    shape: tuple[int, int], name: str
) -> None:
    rng = np.random.default_rng(0)
    visible = rng.integers(0, 256, (24, 31, 3), np.uint8)
    alpha = rng.integers(0, 256, (24, 31), np.uint8)
    alpha[rng.random((24, 31)) < 0.5] = 0
    results = []
    for under in (visible, np.zeros_like(visible), visible[:, ::-1]):
        pixels = np.where(alpha[..., None] == 0, under, visible)
        results.append(resized(Picture(pixels, alpha), *shape, resample=name).pixels)
    assert all(np.array_equal(results[0], result) for result in results[1:])


def test_half_visible_pixels_count_half() -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)
    alpha = np.full((4, 4), 255, np.uint8)
    pixels[:, 1::2], alpha[:, 1::2] = 240, 51  # a fifth visible: (1 * 0 + 0.2 * 240) / 1.2
    result = resized(Picture(pixels, alpha), 1, 1, resample="bilinear")
    assert result.alpha is not None
    assert result.alpha.tolist() == [[153]]
    assert result.pixels.tolist() == [[[40, 40, 40]]]


def test_lanczos_overshoot_beside_transparency_is_cut_not_wrapped() -> None:
    stripes = np.zeros((16, 16, 3), np.uint8)
    stripes[:, ::2] = 255
    alpha = np.zeros((16, 16), np.uint8)
    alpha[4:12, 4:12] = 255
    result = resized(Picture(stripes, alpha), 48, 48)
    assert result.alpha is not None
    dark = result.pixels[24, 16:33:6, 0]  # middles of the black stripes, px 5, 7 and 9 of the small
    light = result.pixels[24, 13:33:6, 0]
    assert dark.max() < 40
    assert light.min() > 215


def test_a_picture_hidden_everywhere_can_be_resized() -> None:
    green = np.full((8, 8, 3), (0, 255, 0), np.uint8)
    result = resized(Picture(green, np.zeros((8, 8), np.uint8)), 4, 4)
    assert result.alpha is not None
    assert not result.alpha.any()


def test_opaque_16_bit_pixels_go_through_float_filters(ramp: NDArray[np.uint8]) -> None:
    deep = ramp.astype(np.uint16) * 257
    plane = Image.fromarray(deep[..., 1].astype(np.float32)).resize(
        (11, 7), Image.Resampling.LANCZOS
    )
    wish = np.rint(np.asarray(plane)).clip(0, 65535)
    assert np.array_equal(resized(Picture(deep), 7, 11).pixels[..., 1], wish)


@pytest.mark.parametrize("name", ["bicubic", "lanczos"])
@pytest.mark.parametrize("shape", [(300, 240), (127, 101)])
def test_next_to_an_edge_no_colour_is_made_up(shape: tuple[int, int], name: str) -> None:
    texture = np.random.default_rng(0).integers(100, 150, (60, 48, 3)).astype(np.uint8)
    y, x = np.mgrid[0:60, 0:48]
    alpha = np.where(np.hypot(y - 30, x - 24) < 18, 255, 0).astype(np.uint8)
    result = resized(Picture(texture, alpha), *shape, resample=name)
    assert result.alpha is not None
    faint = result.pixels[result.alpha < 64]
    assert faint.min() > 70  # an overshoot of Lanczos, as anywhere in the picture
    assert faint.max() < 180
