"""Adam as ask and tell, over torch's own (Kingma and Ba, 2015)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from impasto.methods.optimization.optimizers.protocol import State

__all__ = ["Adam"]


class Adam:
    """Adam with a learning rate for each step.

    Args:
        pixels: the parameter to move, in place.
        learning_rate: from the number of the step, counted from 0, to its rate.

    Example:
        >>> x = nn.Parameter(torch.tensor([1.0]))
        >>> adam = Adam(x, lambda step: 0.5)
        >>> adam.tell(loss=1.0, gradient=torch.tensor([3.0]))  # the first move is lr · sign
        >>> round(adam.ask().item(), 4)
        0.5
    """

    def __init__(self, pixels: nn.Parameter, learning_rate: Callable[[int], float]) -> None:
        self._pixels = pixels
        self._learning_rate = learning_rate
        self._adam = torch.optim.Adam([pixels], lr=1.0)
        self._before = pixels.detach().clone()
        self._steps = 0

    def ask(self) -> Tensor:
        """The picture as it stands."""
        return self._pixels.detach()

    def tell(self, loss: float, gradient: Tensor) -> None:  # noqa: ARG002 - Adam needs no loss
        """Take one step against the gradient."""
        self._before.copy_(self._pixels.detach())
        self._pixels.grad = gradient
        self._adam.param_groups[0]["lr"] = self._learning_rate(self._steps)
        self._adam.step()
        self._pixels.grad = None
        self._steps += 1

    def shrink(self) -> None:
        """Keep a tenth of the last move."""
        with torch.no_grad():
            self._pixels.copy_(torch.lerp(self._before, self._pixels.detach(), 0.1))

    def best(self) -> Tensor:
        """The picture after the last step."""
        return self._pixels.detach()

    def good(self) -> Tensor:
        """The picture before the last step: the one after it was not evaluated yet."""
        return self._before

    def state(self) -> State:
        """Picture, the one before it, moments and count of steps."""
        moments = self._adam.state.get(self._pixels, {})
        parts: State = {
            name: moments[name] for name in ("exp_avg", "exp_avg_sq") if name in moments
        }
        return parts | {
            "pixels": self._pixels.detach(),
            "before": self._before,
            "steps": self._steps,
        }

    def load(self, state: State) -> None:
        """Go on from `state`."""
        tensors = {name: value for name, value in state.items() if isinstance(value, Tensor)}
        with torch.no_grad():
            self._pixels.copy_(tensors["pixels"])
        self._before.copy_(tensors["before"])
        self._steps = int(state["steps"])
        self._adam.state.clear()
        if "exp_avg" in tensors:
            self._adam.state[self._pixels] = {
                "step": torch.tensor(float(self._steps)),
                "exp_avg": tensors["exp_avg"].to(self._pixels.device).clone(),
                "exp_avg_sq": tensors["exp_avg_sq"].to(self._pixels.device).clone(),
            }
