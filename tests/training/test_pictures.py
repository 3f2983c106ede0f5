from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from impasto import imaging
from impasto.errors import PictureError
from impasto.training import pictures
from impasto.training.pictures import Photographs, read_pixels


def fill(folder: Path, count: int) -> Path:
    for number in range(count):
        Image.new("RGB", (96, 80), (number, 0, 0)).save(folder / f"{number:03}.png")
    return folder


def test_two_photographs_of_a_folder_are_judged_by_and_not_learnt_from(tmp_path: Path) -> None:
    photographs = Photographs.of_folder(fill(tmp_path, 6))
    assert len(photographs.learnt), len(photographs.aside) == (4, 2)
    assert [p[0, 0, 0, 0].item() for p in photographs.aside] == [4, 5]
    assert [Path(file.path).name for file in photographs.files][-1] == "005.png"


def test_of_two_photographs_one_is_judged_by(tmp_path: Path) -> None:
    photographs = Photographs.of_folder(fill(tmp_path, 2))
    assert (len(photographs.learnt), len(photographs.aside)) == (1, 1)


def test_of_many_photographs_an_even_choice_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST", 5)
    photographs = Photographs.of_folder(fill(tmp_path, 20))
    names = [Path(file.path).stem for file in photographs.files]
    assert names == ["000", "004", "008", "012", "016"]
    assert photographs.notes == (f"learns on 5 of the 20 photographs in {tmp_path}",)


def test_folders_within_count_and_other_files_do_not(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    fill(tmp_path / "more", 3)
    (tmp_path / "notes.txt").write_text("none")
    assert len(Photographs.of_folder(tmp_path).files) == 3


def test_a_folder_of_less_than_two_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="holds no photograph: pass a folder of at least two"):
        Photographs.of_folder(tmp_path)
    fill(tmp_path, 1)
    with pytest.raises(PictureError, match=r"holds only 000\.png"):
        Photographs.of_folder(tmp_path)
    with pytest.raises(PictureError, match="is not a folder"):
        Photographs.of_folder(tmp_path / "000.png")


def test_a_photograph_too_narrow_for_a_guide_is_refused(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    Image.new("RGB", (1500, 70)).save(tmp_path / "strip.png")
    with pytest.raises(PictureError, match=r"strip\.png is 512 x 24 px .* shorter side .* 64"):
        Photographs.of_folder(tmp_path)


def test_those_of_the_package_say_that_they_are_few() -> None:
    photographs = Photographs.of_package()
    assert photographs.bundled
    assert len(photographs.learnt) == 4
    assert photographs.notes[0].startswith("learns on 4 photographs that come with impasto")


def test_hidden_colours_are_those_around() -> None:
    pixels = np.full((8, 8, 4), (200, 100, 0, 255), np.uint8)
    pixels[2:5, 2:5] = (0, 255, 0, 0)
    learnt = read_pixels(imaging.read(Image.fromarray(pixels)), 8)
    assert (learnt == torch.tensor([200, 100, 0]).view(1, 3, 1, 1)).all()


def test_sixteen_bits_become_eight_and_long_sides_short() -> None:
    deep = imaging.read(np.full((40, 80, 3), 257 * 200, np.uint16))
    pixels = read_pixels(deep, 20)
    assert pixels.shape == (1, 3, 10, 20)
    assert pixels.unique().tolist() == [200]
