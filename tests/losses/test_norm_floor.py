from __future__ import annotations

import pytest
import torch

from impasto.losses.norm_floor import FLOOR, SMALLEST_SIZE, least


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e6])
def test_a_layer_that_is_awake_has_a_floor_of_its_own_size(size: float) -> None:
    assert least(torch.tensor(size)).item() == pytest.approx(FLOOR * size)


def test_a_layer_that_is_asleep_has_one_too() -> None:
    floor = least(torch.tensor([0.0, 1e-30]))
    assert floor.tolist() == pytest.approx([FLOOR * SMALLEST_SIZE] * 2)
