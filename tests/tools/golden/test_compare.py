from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import png
import pytest
from PIL import Image

from tools.golden.compare import compare, compare_folders, pixels

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Writes a grey picture whose first pixel is given: `save("a.png", first, value)`."""

    def save_one(name: str, value: int, first: int | None = None, mode: str = "RGB") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        picture = Image.new(mode, (5, 4), (value,) * len(mode))
        if first is not None:
            picture.putpixel((0, 0), (first, *(value,) * (len(mode) - 1)))
        picture.save(path)
        return path

    return save_one


def save_deep(path: Path, values: Any) -> Path:
    """Write an (H, W, 3) picture of 16 bits a channel."""
    array = np.asarray(values, np.uint16)
    with path.open("wb") as file:
        png.Writer(array.shape[1], array.shape[0], greyscale=False, bitdepth=16).write(
            file, array.reshape(array.shape[0], -1).tolist()
        )
    return path


def test_equal_pixels_are_equal_however_they_were_compressed(tmp_path: Path) -> None:
    picture = Image.linear_gradient("L").convert("RGB")
    for name, level in (("small.png", 9), ("large.png", 0)):
        picture.save(tmp_path / name, compress_level=level)
    assert (tmp_path / "small.png").read_bytes() != (tmp_path / "large.png").read_bytes()
    difference = compare(tmp_path / "small.png", tmp_path / "large.png")
    assert (difference.largest, str(difference)) == (0.0, "equal")


def test_a_difference_is_told_by_its_largest_level_and_its_share(save: Save) -> None:
    difference = compare(save("a.png", 100), save("b.png", 100, first=103))
    assert difference.largest == 3
    assert str(difference) == "3 of 255, 2% of all values"  # 1 of 4 x 5 x 3


def test_the_last_of_16_bits_is_seen(tmp_path: Path) -> None:
    grey = np.full((4, 5, 3), 0x1234)
    other = grey.copy()
    other[2, 3, 1] += 1
    paths = save_deep(tmp_path / "a.png", grey), save_deep(tmp_path / "b.png", other)
    assert pixels(paths[0])[0, 0, 0] == 0x1234
    assert compare(*paths).largest == pytest.approx(255 / 65535)


def test_the_tolerance_is_in_levels_of_255_at_any_depth(tmp_path: Path) -> None:
    grey = np.full((4, 5, 3), 1000)
    difference = compare(
        save_deep(tmp_path / "a.png", grey), save_deep(tmp_path / "b.png", grey + 257)
    )
    assert difference.largest == pytest.approx(1)
    assert difference.within(1.001)
    assert not difference.within(0.999)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda p: p.resize((6, 4)), "4 x 5 x 3 uint8 against 4 x 6 x 3 uint8"),
        (lambda p: p.convert("RGBA"), "4 x 5 x 3 uint8 against 4 x 5 x 4 uint8"),
    ],
)
def test_pictures_of_another_shape_are_within_no_tolerance(
    change: Callable[[Image.Image], Image.Image], expected: str, save: Save, tmp_path: Path
) -> None:
    one = save("a.png", 7)
    with Image.open(one) as picture:
        change(picture).save(tmp_path / "b.png")
    difference = compare(one, tmp_path / "b.png")
    assert str(difference) == expected
    assert not difference.within(255)


def test_other_depths_are_no_equals(tmp_path: Path, save: Save) -> None:
    deep = save_deep(tmp_path / "deep.png", np.full((4, 5, 3), 7))
    assert str(compare(save("a.png", 7), deep)) == "4 x 5 x 3 uint8 against 4 x 5 x 3 uint16"


def test_arrays_are_compared_as_they_are_and_a_nan_is_a_difference(tmp_path: Path) -> None:
    paths = tmp_path / "a.npy", tmp_path / "b.npy"
    np.save(paths[0], np.zeros((2, 2)))
    np.save(paths[1], np.array([[0, 0], [0, 1e-9]]))
    assert compare(*paths).largest == pytest.approx(255e-9)
    np.save(paths[1], np.array([[0, 0], [0, np.nan]]))
    assert not compare(*paths).within(255)


def test_the_worst_picture_of_two_folders_is_named(save: Save, tmp_path: Path) -> None:
    for name, before, after in (("x.png", 9, 10), ("y.png", 9, 14), ("z.png", 9, 9)):
        save(f"base/{name}", before)
        save(f"new/{name}", after)
    difference = compare_folders(tmp_path / "base", tmp_path / "new")
    assert (difference.largest, str(difference)) == (5.0, "y.png: 5 of 255, 100% of all values")


def test_a_picture_only_one_side_painted_is_a_difference(save: Save, tmp_path: Path) -> None:
    save("base/x.png", 9)
    save("base/y.png", 9)
    save("new/x.png", 9)
    difference = compare_folders(tmp_path / "base", tmp_path / "new")
    assert str(difference) == "only one side has y.png"
    assert not difference.within(255)


def test_two_empty_folders_are_no_success(tmp_path: Path) -> None:
    difference = compare_folders(tmp_path / "base", tmp_path / "new")
    assert str(difference) == "nothing was painted"
    assert not difference.within(255)
