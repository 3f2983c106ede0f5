from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import Tensor

from impasto.errors import PictureError
from impasto.imaging import read
from impasto.imaging.tensors import preprocess
from impasto.training.crops import generator_for
from training.slim.data import Crops, Folder, standardise


def one_colour(colour: tuple[int, int, int], height: int = 64, width: int = 64) -> Tensor:
    return torch.tensor(colour, dtype=torch.uint8).view(1, 3, 1, 1).expand(1, 3, height, width)


def of(*pictures: Tensor) -> Folder:
    return Folder(tuple(f"p{i}" for i in range(len(pictures))), pictures)


def save(folder: Path, name: str, size: tuple[int, int] = (40, 30)) -> None:
    Image.new("RGB", size, (200, 100, 50)).save(folder / name)


def ramp(side: int) -> Tensor:
    """As bright as its column is far right, in red; as its row is far down, in green."""
    line = torch.linspace(0, 255, side)
    across, down = line.expand(side, side), line.view(-1, 1).expand(side, side)
    return torch.stack((across, down, torch.zeros(side, side))).byte().unsqueeze(0)


def test_the_same_numbers_draw_the_same_and_others_others() -> None:
    one, again, other, reverse = (
        torch.rand(4, generator=generator_for(*numbers))
        for numbers in ((0, 7), (0, 7), (0, 8), (7, 0))
    )
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert not torch.equal(one, reverse)


def test_a_folder_is_read_by_name_and_nothing_but_pictures(tmp_path: Path) -> None:
    for name in ("b.png", "a.jpg", "c.webp"):
        save(tmp_path, name)
    (tmp_path / "notes.txt").write_text("not a picture")
    folder = Folder.read(tmp_path, smallest=16, longest=64)
    assert folder.names == ("a", "b", "c")
    for picture in folder.pictures:
        assert picture.shape == (1, 3, 30, 40)
        assert picture.dtype == torch.uint8
    assert folder.pictures[1][0, :, 0, 0].tolist() == [200, 100, 50]


def test_pictures_are_reduced_to_the_longest_side_and_enlarged_to_the_smallest(
    tmp_path: Path,
) -> None:
    save(tmp_path, "large.png", (200, 100))
    save(tmp_path, "small.png", (20, 10))
    large, small = Folder.read(tmp_path, smallest=32, longest=80).pictures
    assert large.shape == (1, 3, 40, 80)
    assert small.shape == (1, 3, 32, 64)


def test_a_name_may_be_left_out(tmp_path: Path) -> None:
    for name in ("a.png", "b.png", "c.png"):
        save(tmp_path, name)
    folder = Folder.read(tmp_path, smallest=16, longest=64, without=lambda name: name == "b")
    assert folder.names == ("a", "c")


def test_pictures_of_other_modes_become_rgb(tmp_path: Path) -> None:
    Image.new("L", (32, 32), 90).save(tmp_path / "grey.png")
    Image.new("RGBA", (32, 32), (90, 80, 70, 255)).save(tmp_path / "clear.png")
    clear, grey = Folder.read(tmp_path, smallest=16, longest=64).pictures
    assert clear[0, :, 5, 5].tolist() == [90, 80, 70]
    assert grey[0, :, 5, 5].tolist() == [90, 90, 90]


@pytest.mark.parametrize(
    ("names", "wish"),
    [
        ([], "holds no picture to learn from"),
        (["notes.txt"], "holds no picture to learn from"),
        (["only.png"], r"holds only only\.png: pass a folder of at least two \(\.jpg"),
    ],
)
def test_a_folder_with_too_few_pictures_is_refused(
    tmp_path: Path, names: list[str], wish: str
) -> None:
    for name in names:
        save(tmp_path, name) if name.endswith("png") else (tmp_path / name).write_text("")
    with pytest.raises(PictureError, match=f"{tmp_path} {wish}"):
        Folder.read(tmp_path, smallest=16, longest=64)


def test_a_missing_folder_is_told_from_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="nowhere is not a folder"):
        Folder.read(tmp_path / "nowhere", smallest=16, longest=64)


@pytest.mark.parametrize("size", [0, 30, 200])
def test_a_broken_picture_is_named(tmp_path: Path, size: int) -> None:
    save(tmp_path, "good.png")
    torch.manual_seed(0)
    noisy = torch.randint(256, (40, 40, 3), dtype=torch.uint8).numpy()
    Image.fromarray(noisy).save(tmp_path / "torn.png")
    file = tmp_path / "torn.png"
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(PictureError, match=r"torn\.png cannot be read .*: mend or remove it"):
        Folder.read(tmp_path, smallest=16, longest=64)


@pytest.mark.parametrize(
    ("count", "last", "length"), [(10, 3, 3), (10, 9, 5), (5, 24, 2), (2, 4, 1)]
)
def test_a_split_shares_nothing_and_loses_nothing(count: int, last: int, length: int) -> None:
    whole = of(*(one_colour((i, 0, 0)) for i in range(count)))
    first, second = whole.split(last)
    assert first.names + second.names == whole.names
    assert len(second.names) == length
    both = first.pictures + second.pictures
    assert all(one is other for one, other in zip(both, whole.pictures, strict=True))


@pytest.mark.parametrize("side", [32, 96])
def test_crops_are_square_bytes_and_come_back_by_their_numbers(side: int) -> None:
    crops = Crops(of(ramp(64)), of(255 - ramp(48)), 0.5)
    one, again, other = (crops.draw(side, 3, generator_for(n)) for n in (1, 1, 2))
    assert one.shape == (3, 3, side, side)
    assert one.dtype == torch.uint8
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0, 0), (0.4, 0.25, 0.55), (1.0, 1, 1)])
def test_paintings_have_their_share_of_the_crops(share: float, low: float, high: float) -> None:
    red, blue = one_colour((255, 0, 0)), one_colour((0, 0, 255))
    batch = Crops(of(red), of(blue), share).draw(32, 100, generator_for(0))
    assert low <= float((batch[:, 2, 0, 0] == 255).float().mean()) <= high


def test_every_picture_is_cropped_sooner_or_later() -> None:
    crops = Crops(of(*(one_colour((i, 0, 0)) for i in range(6))), of(one_colour((9, 9, 9))), 0.0)
    assert set(crops.draw(32, 100, generator_for(0))[:, 0, 0, 0].tolist()) == set(range(6))


def test_crops_show_from_a_detail_up_to_the_whole_picture() -> None:
    batch = Crops(of(ramp(256)), of(ramp(256)), 0.0).draw(32, 200, generator_for(0)).float()
    # How much of the picture a crop shows is how far its brightness runs from left to right.
    extent = (batch[:, 0, 0, -1] - batch[:, 0, 0, 0]).abs() / 255
    assert extent.min() < 0.13
    assert extent.max() > 0.9
    # Evenly on a logarithmic scale between 0.8 · 32 / 256 and 1.
    assert 0.2 < extent.median() < 0.5
    down = (batch[:, 1, -1, 0] - batch[:, 1, 0, 0]) / 255
    torch.testing.assert_close(down, extent, atol=0.02, rtol=0)


def test_half_of_the_crops_are_flipped_and_none_stands_on_its_head() -> None:
    batch = Crops(of(ramp(64)), of(ramp(64)), 0.0).draw(32, 200, generator_for(0)).float()
    flips = batch[:, 0, 0, -1] < batch[:, 0, 0, 0]
    assert 80 < int(flips.sum()) < 120
    assert (batch[:, 1, -1, 0] > batch[:, 1, 0, 0]).all()


def test_standardised_pixels_are_those_that_preprocess_gives() -> None:
    pixels = torch.randint(256, (1, 3, 20, 30), dtype=torch.uint8)
    expected = preprocess(read(pixels[0].permute(1, 2, 0).numpy()))
    torch.testing.assert_close(standardise(pixels), expected)
