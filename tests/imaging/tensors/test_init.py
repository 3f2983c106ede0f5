import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from impasto.imaging import Picture, array_to_pil
from impasto.imaging.tensors import MEAN, STD, postprocess, preprocess, resized, to_array


def test_preprocess_is_the_formula_of_the_chapter(ramp: NDArray[np.uint8]) -> None:
    x = preprocess(Picture(ramp))
    wish = (ramp / 255 - np.array(MEAN)) / np.array(STD)
    assert x.shape == (1, 3, 20, 30)
    assert x.dtype == torch.float32
    assert np.allclose(x[0].permute(1, 2, 0).numpy(), wish, atol=1e-6)


def test_16_bit_white_is_8_bit_white() -> None:
    eight = preprocess(Picture(np.full((1, 1, 3), 255, np.uint8)))
    sixteen = preprocess(Picture(np.full((1, 1, 3), 65535, np.uint16)))
    assert torch.equal(eight, sixteen)


def test_postprocess_undoes_preprocess(ramp: NDArray[np.uint8]) -> None:
    back = to_array(postprocess(preprocess(Picture(ramp))))
    assert np.abs(back - ramp / 255).max() < 1e-6


def test_every_8_bit_level_comes_back_from_the_tensors() -> None:
    levels = np.arange(256, dtype=np.uint8).repeat(3).reshape(16, 16, 3)
    image = array_to_pil(to_array(postprocess(preprocess(Picture(levels)))))
    assert np.array_equal(np.asarray(image), levels)


def test_postprocess_clamps_and_leaves_the_graph() -> None:
    x = torch.tensor([-50.0, 50.0], requires_grad=True).view(1, 1, 1, 2).expand(1, 3, 1, 2)
    result = postprocess(x)
    assert result.unique().tolist() == [0, 1]
    assert not result.requires_grad


def test_postprocess_takes_batches() -> None:
    assert postprocess(torch.zeros(4, 3, 2, 2)).shape == (4, 3, 2, 2)


def test_preprocess_does_not_share_memory_with_the_picture(ramp: NDArray[np.uint8]) -> None:
    picture = Picture(ramp.copy())
    preprocess(picture).zero_()
    assert np.array_equal(picture.pixels, ramp)


def test_the_same_size_is_not_resized() -> None:
    x = torch.zeros(1, 3, 48, 64)
    assert resized(x, 48, 64) is x


@pytest.mark.parametrize("size", [(96, 128), (24, 32), (7, 5)])
def test_a_constant_picture_stays_constant_at_any_size(size: tuple[int, int]) -> None:
    small = resized(torch.full((1, 3, 48, 64), 0.7), *size)
    assert small.shape == (1, 3, *size)
    assert torch.allclose(small, torch.full_like(small, 0.7), atol=1e-6)


def test_halving_averages_instead_of_dropping_pixels() -> None:
    checkerboard = (torch.arange(32).view(-1, 1) + torch.arange(32)).remainder(2).float()
    grey = resized(checkerboard.expand(1, 3, 32, 32), 16, 16)
    assert torch.allclose(grey[..., 2:-2, 2:-2], torch.tensor(0.5), atol=1e-5)
