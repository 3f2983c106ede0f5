"""Edges are written as torch pads them, and their gradient goes where torch's goes."""

from __future__ import annotations

from typing import Literal

import pytest
import torch
import torch.nn.functional as F

from impasto.networks.features.frames import cropped, fill_edges, fold_edges

Mode = Literal["reflect", "replicate"]


@pytest.mark.parametrize("mode", ["reflect", "replicate"])
@pytest.mark.parametrize("shape", [(2, 2), (2, 5), (7, 3)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_padding_and_its_way_back_are_torchs(
    mode: Mode, shape: tuple[int, int], dtype: torch.dtype
) -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randint(-9, 9, (2, 3, *shape), generator=generator).to(dtype).requires_grad_()
    expected = F.pad(x, (1, 1, 1, 1), mode=mode)
    padded = torch.full_like(expected, 99)
    cropped(padded).copy_(x.detach())
    assert torch.equal(fill_edges(padded, mode), expected)

    gradient = torch.randint(-9, 9, expected.shape, generator=generator).to(dtype)
    expected.backward(gradient)
    assert x.grad is not None
    assert torch.equal(cropped(fold_edges(gradient, mode)), x.grad)
