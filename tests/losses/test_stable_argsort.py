from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from impasto.losses.stable_argsort import MANY_THREADS, order


@pytest.fixture(params=["radix", "torch"])
def _way(request: pytest.FixtureRequest) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1 if request.param == "radix" else MANY_THREADS)
    yield
    torch.set_num_threads(before)


def noise(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


VALUES = {
    "noise": noise(2, 3, 500),
    "rectified": noise(2, 3, 500).relu(),
    "of every size": noise(1, 4, 500) * 10.0 ** torch.arange(-40, 40, 20).view(4, 1),
    "ends": torch.tensor([0.0, -0.0, float("inf"), -float("inf"), 1e-45, -1e-45, 3e38, -3e38]),
    "one": torch.tensor([[3.0]]),
    "double": noise(3, 50).double(),
}


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("name", VALUES)
def test_values_come_out_as_torch_sorts_them(name: str) -> None:
    values = VALUES[name]
    at = order(values)
    assert at.dtype == torch.int64
    assert torch.equal(values.gather(-1, at), values.sort(dim=-1).values)
    assert torch.equal(at.sort(dim=-1).values, torch.arange(values.shape[-1]).expand_as(at))


@pytest.mark.usefixtures("_way")
def test_equal_values_have_no_order_of_place() -> None:
    n = 4000
    at = order(torch.zeros(1, n))[0].double()
    ranks = torch.arange(n, dtype=torch.float64)
    together = torch.corrcoef(torch.stack([at, ranks]))[0, 1].item()
    assert abs(together) < 4 / n**0.5  # four standard deviations of chance


@pytest.mark.parametrize("name", ["noise", "rectified", "ends"])
def test_the_number_of_threads_changes_nothing(name: str) -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = order(VALUES[name])
        torch.set_num_threads(MANY_THREADS)
        many = order(VALUES[name])
    finally:
        torch.set_num_threads(before)
    assert torch.equal(one, many)


def test_values_that_are_not_numbers_are_put_somewhere() -> None:
    at = order(torch.tensor([1.0, float("nan"), 0.0]))
    assert sorted(at.tolist()) == [0, 1, 2]
