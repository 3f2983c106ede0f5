"""Sums in another order: what another processor makes of the same losses."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

aten = torch.ops.aten


class RegroupedSums(TorchDispatchMode):
    """Permutes the terms of every product, sum and mean at random, and adds them up in groups.

    Processors differ in just that: how many terms their registers take at once. The same shapes
    get the same order each time, as on a processor.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed

    def groups(self, n: int) -> Sequence[Tensor]:
        """Indices of n terms, each once, in up to 8 groups."""
        generator = torch.Generator().manual_seed(1000 * self.seed + n)
        order = torch.randperm(n, generator=generator)
        cuts = torch.randint(0, n + 1, (7,), generator=generator).sort().values
        return [group for group in order.tensor_split(cuts.tolist()) if len(group)]

    def product(self, a: Tensor, b: Tensor) -> Tensor:
        parts = [a[..., group] @ b[..., group, :] for group in self.groups(a.shape[-1])]
        return sum(parts[1:], parts[0])

    def total(self, x: Tensor, dims: Sequence[int] | None = None, keep: bool = False) -> Tensor:
        axes = [d % x.dim() for d in dims] if dims else list(range(x.dim()))
        others = [d for d in range(x.dim()) if d not in axes]
        terms = x.permute(*others, *axes).reshape([*(x.shape[d] for d in others), -1])
        parts = [terms[..., group].sum(-1) for group in self.groups(terms.shape[-1])]
        shape = [1 if d in axes else x.shape[d] for d in range(x.dim()) if keep or d in others]
        return sum(parts[1:], parts[0]).reshape(shape)

    def __torch_dispatch__(
        self, function: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        real = isinstance(args[0], Tensor) and args[0].is_floating_point() if args else False
        if real and not kwargs and args[0].dim() and args[0].numel():
            if function in (aten.mm.default, aten.bmm.default):
                return self.product(*args)
            if function in (aten.sum.default, aten.sum.dim_IntList):
                return self.total(*args)
            if function in (aten.mean.default, aten.mean.dim):
                total = self.total(*args)
                return total / (args[0].numel() // math.prod(total.shape))
            if function is aten.mse_loss.default and len(args) == 2:
                return self.total((args[0] - args[1]).square()) / args[0].numel()
        return function(*args, **(kwargs or {}))


@pytest.fixture(params=[None, 0, 1, 2, 3], ids=lambda seed: f"order-{seed}")
def _any_order_of_sums(request: pytest.FixtureRequest) -> Iterator[None]:
    """This processor's order of sums, and others at random."""
    if request.param is None:
        yield
    else:
        with RegroupedSums(request.param):
            yield
