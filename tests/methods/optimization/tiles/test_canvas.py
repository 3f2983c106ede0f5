from __future__ import annotations

import numpy as np
import pytest
import torch

from impasto.imaging import Picture
from impasto.imaging.tensors import preprocess
from impasto.methods.optimization import canvas
from impasto.methods.optimization.tiles.canvas import enlarged_plane, is_finite, picture_plane
from impasto.methods.optimization.tiles.enlarge import enlarged_rows
from impasto.methods.planes import Planes


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_picture_lies_as_it_would_whole(kind: type) -> None:
    levels = np.random.default_rng(0).integers(0, np.iinfo(kind).max, (300, 40, 3), kind)
    picture = Picture(levels)
    whole = canvas.mirrored(preprocess(picture), 12)
    assert torch.equal(picture_plane(picture, 12, Planes()), whole)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_the_next_scale_begins_as_it_would_whole(share: float) -> None:
    coarse, photo = torch.randn(2, 1, 3, 301, 40).unbind(0)
    content = torch.randn(1, 3, 599, 83)
    whole = canvas.enlarged(coarse, 599, 83) + share * canvas.detail(content, photo)
    plane = enlarged_plane(coarse, content, photo, share, Planes())
    # torch rounds to float32 where a place of the coarse picture lies.
    assert torch.allclose(plane, whole, atol=2e-4)


@pytest.mark.parametrize("rows", [slice(0, 1), slice(1, 9), slice(90, 121), slice(120, 121)])
def test_any_rows_are_those_of_the_whole(rows: slice) -> None:
    x = torch.randn(2, 3, 61, 50)
    whole = canvas.enlarged(x, 121, 99)[:, :, rows]
    assert torch.allclose(enlarged_rows(x, 121, 99, rows), whole, atol=2e-4)


def test_one_number_that_is_not_finite_is_found() -> None:
    x = torch.zeros(1, 3, 600, 4)
    assert is_finite(x)
    x[0, 1, 599, 3] = torch.nan
    assert not is_finite(x)
