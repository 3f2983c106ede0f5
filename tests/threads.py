"""Whether what torch computes depends on the number of its threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor

Results = TypeVar("Results", bound="tuple[float | Tensor, ...]")


def same_on_threads(compute: Callable[[], Results]) -> Results:
    """What one, two and three threads compute alike, to the last bit."""
    before, every = torch.get_num_threads(), []
    try:
        for number in (1, 2, 3):
            torch.set_num_threads(number)
            every.append(compute())
    finally:
        torch.set_num_threads(before)
    for other in every[1:]:
        for one, same in zip(every[0], other, strict=True):
            assert torch.equal(torch.as_tensor(one), torch.as_tensor(same))
    return every[0]
