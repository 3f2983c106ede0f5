"""What every optimizer can do."""

from __future__ import annotations

from typing import Protocol, TypeAlias

from torch import Tensor

__all__ = ["Optimizer", "State", "copied"]

State: TypeAlias = dict[str, Tensor | int | float]


class Optimizer(Protocol):
    """Moves a picture, one evaluation at a time."""

    def ask(self) -> Tensor:
        """The picture to evaluate next, (1, 3, H, W)."""

    def tell(self, loss: float, gradient: Tensor) -> None:
        """Take the finite loss and gradient of the picture that `ask` gave."""

    def shrink(self) -> None:
        """The picture that `ask` gave was not finite: go back and try a smaller move."""

    def best(self) -> Tensor:
        """The picture to keep if the run ended here, (1, 3, H, W)."""

    def good(self) -> Tensor:
        """The last picture whose loss was finite, (1, 3, H, W)."""

    def state(self) -> State:
        """Everything needed to go on exactly from here; tensors are not copied."""

    def load(self, state: State) -> None:
        """Go on from `state`."""


def copied(state: State) -> State:
    """A state that the optimizer does not go on changing."""
    return {k: v.clone() if isinstance(v, Tensor) else v for k, v in state.items()}
