"""What tests of optimizers share: functions to go down, and states that went through a file."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import torch
from torch import Tensor

from impasto.methods.optimization.optimizers import Optimizer, State

Function = Callable[[Tensor], Tensor]


def evaluate(f: Function, x: Tensor) -> tuple[float, Tensor]:
    """A value and the gradient."""
    x = x.clone().requires_grad_()
    loss = f(x)
    (gradient,) = torch.autograd.grad(loss, x)
    return loss.item(), gradient


def minimise(f: Function, optimizer: Optimizer, evaluations: int) -> list[float]:
    """The loss of the accepted picture after each evaluation; undoes what is not finite."""
    losses = []
    for _ in range(evaluations):
        loss, gradient = evaluate(f, optimizer.ask())
        if math.isfinite(loss) and gradient.isfinite().all():
            optimizer.tell(loss, gradient)
        else:
            optimizer.shrink()
        losses.append(f(optimizer.best()).item())
    return losses


def through_a_file(state: State) -> State:
    """As a checkpoint does: tensors copied, numbers through JSON text."""
    numbers = {name: v for name, v in state.items() if not isinstance(v, Tensor)}
    tensors = {name: v.clone() for name, v in state.items() if isinstance(v, Tensor)}
    return tensors | json.loads(json.dumps(numbers))
