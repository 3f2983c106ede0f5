from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest
import torch
from torch import Tensor

from impasto.losses.norm_floor import least, least_spread

Floor: TypeAlias = Callable[[Tensor], Tensor]


@pytest.mark.parametrize(("floor", "thousandths"), [(least, 1), (least_spread, 30)])
def test_a_floor_is_a_fixed_part_of_the_size_of_the_layer(floor: Floor, thousandths: int) -> None:
    sizes = torch.tensor([1e-3, 1.0, 1e6])
    assert (1000 * floor(sizes) / sizes).tolist() == pytest.approx([thousandths] * 3)


@pytest.mark.parametrize("floor", [least, least_spread])
def test_a_layer_that_is_asleep_is_divided_by_something(floor: Floor) -> None:
    asleep = floor(torch.tensor([0.0, 1e-30]))
    assert (asleep > 1e-8).all()
    assert (asleep < floor(torch.tensor(1e-3))).all()
