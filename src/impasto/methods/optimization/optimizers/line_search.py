"""The probes along a direction that L-BFGS and its proximal kin have in common."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from impasto.methods.optimization.optimizers.pairs import Pairs
from impasto.methods.optimization.optimizers.protocol import State

__all__ = ["FIRST_MOVE", "MAX_PROBES", "LineSearch", "shortened"]

FIRST_MOVE = 0.03  # root mean square of the first move, in standardised units, for lr 1
MAX_PROBES = 8  # shortenings of one direction before it is given up


class LineSearch:
    """An accepted picture, a direction from it, and how far along it the probe lies.

    Args:
        pixels: the parameter to move, in place, (1, C, H, W) or any other shape.
        lr: scales the first move and every full step.
        history: pairs of differences to remember; each costs twice the size of the picture.
        sobolev: strength of the preconditioner the recursion starts from; 0 is none.
    """

    def __init__(
        self, pixels: nn.Parameter, lr: float = 1.0, history: int = 10, sobolev: float = 0.0
    ) -> None:
        self._pixels = pixels
        self._lr = lr
        self._pairs = Pairs(history, sobolev)
        self._point = pixels.detach().clone()
        self._gradient = torch.zeros_like(self._point)
        self._direction = torch.zeros_like(self._point)
        self._slope = 0.0
        self._length = 0.0
        self._probes = 0

    def ask(self) -> Tensor:
        """The probe: the last accepted picture plus a move along the direction."""
        return self._pixels.detach()

    def best(self) -> Tensor:
        """The last accepted picture."""
        return self._point

    def good(self) -> Tensor:
        """The last accepted picture."""
        return self._point

    def _first_length(self) -> float:
        size = self._direction.square().mean().sqrt().item()
        return self._lr * FIRST_MOVE / size if size > 0 else 0.0

    def _go(self, length: float) -> None:
        self._length = length
        with torch.no_grad():
            torch.add(self._point, self._direction, alpha=length, out=self._pixels)

    # Its state, for a checkpoint

    def _vectors(self) -> State:
        """Pictures, gradient, direction and pairs; not copied."""
        return self._pairs.state() | {
            "pixels": self._pixels.detach(),
            "point": self._point,
            "gradient": self._gradient,
            "direction": self._direction,
        }

    def _load_vectors(self, state: State) -> dict[str, Tensor]:
        """Go on from those of a state; gives copies of all its tensors, where the pixels lie."""
        tensors = {
            name: value.to(self._point.device).clone()
            for name, value in state.items()
            if isinstance(value, Tensor)
        }
        with torch.no_grad():
            self._pixels.copy_(tensors["pixels"])
        self._point, self._gradient = tensors["point"], tensors["gradient"]
        self._direction = tensors["direction"]
        self._pairs.load(tensors, int(state["pairs"]))
        return tensors


def shortened(rise: float, slope: float, length: float) -> float:
    """Where the parabola through two losses and a slope is least, well within the move.

    Args:
        rise: of the loss from the accepted picture to the probe.
        slope: of the loss there along the direction, below 0.
        length: of the move in directions, above 0.

    Returns:
        From a tenth of the length to half of it.

    Example:
        >>> shortened(0.0, -1.0, 1.0)  # as high again: the minimum lies halfway
        0.5
    """
    excess = rise - slope * length
    best = -slope * length**2 / (2 * excess) if excess > 0 else 0.0
    return min(max(best, 0.1 * length), 0.5 * length)
