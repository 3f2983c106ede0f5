from pathlib import Path

import numpy as np
import pytest
import torch

from impasto import imaging
from impasto.imaging.tensors import preprocess
from impasto.methods.one_pass import photo as module
from impasto.methods.one_pass.photo import Photo
from impasto.methods.planes import Planes
from impasto.networks.stylizers.painter import framed


def picture(height: int, width: int, kind: type = np.uint8) -> imaging.Picture:
    samples = np.random.default_rng(0).integers(0, np.iinfo(kind).max, (height, width, 3), kind)
    return imaging.Picture(samples)


@pytest.mark.parametrize("shape", [(61, 90), (64, 64), (9, 300), (17, 5)])
def test_its_parts_are_those_of_the_framed_whole(shape: tuple[int, int]) -> None:
    own = picture(*shape)
    whole = framed(preprocess(own))
    height, width = whole.shape[-2:]
    for source in (own, preprocess(own)):
        photo = Photo(source)
        assert photo.framed_shape == (height, width)
        for top, bottom in ((0, height), (0, 8), (8, height - 8), (height - 16, height)):
            for left, right in ((0, width), (8, 24), (width - 8, width)):
                part = photo.framed(slice(top, bottom), slice(left, right))
                assert torch.equal(part, whole[..., top:bottom, left:right])


def test_16_bits_and_transparency_are_read_as_the_whole_is() -> None:
    deep = picture(40, 50, np.uint16)
    hidden = imaging.Picture(deep.pixels, np.zeros((40, 50), np.uint16))
    part = Photo(hidden).part(slice(3, 20), slice(7, 9))
    assert torch.equal(part, preprocess(deep)[..., 3:20, 7:9])


@pytest.mark.parametrize("is_in_files", [False, True])
def test_its_copy_is_all_of_it(
    is_in_files: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BAND_PX", 300)  # six rows
    own = picture(40, 50)
    copy = Photo(own).copy(Planes(tmp_path if is_in_files else None))
    assert torch.equal(copy, preprocess(own))
