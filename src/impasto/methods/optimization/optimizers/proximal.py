"""L-BFGS for a smooth loss and the chapter's total variation, whose corner it does not round.

A quasi-Newton step for a sum f + h, f smooth and h not, goes to the minimum of f's quadratic model
plus h itself (Lee, Sun and Saunders, "Proximal Newton-type methods for minimizing composite
functions", 2014). Here h is the sum of λ · |difference| over neighbours, and a few rounds of split
Bregman (Goldstein and Osher, "The split Bregman method for L1-regularized problems", 2009) come
near that minimum: the differences become variables of their own, which ρ/2 · (their distance from
the picture's)² ties to the picture. A round is one product with an inverse Hessian and one
shrinkage; it evaluates nothing, and the next step goes on from where it left the variables.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from impasto.methods.optimization.optimizers.line_search import MAX_PROBES, LineSearch, shortened
from impasto.methods.optimization.optimizers.pairs import dot
from impasto.methods.optimization.optimizers.protocol import State

__all__ = ["ProximalLBFGS"]

ROUNDS = 4  # of split Bregman a step
SHRINKAGE = 0.01  # of a difference in a round, λ / ρ, in standardised units
RELAXATION = 1.7  # of split Bregman: 1 is none, 2 the end (Eckstein and Bertsekas, 1992)
# A step towards less total variation may cost some of the smooth loss, or the other way round:
# it may not exceed the highest of so many accepted losses (Grippo, Lampariello and Lucidi, 1986).
RECENT = 3


class ProximalLBFGS(LineSearch):
    """L-BFGS for a loss of which `weight` · `impasto.losses.total_variation` is a part.

    Args:
        pixels: the parameter to move, in place, (1, C, H, W), H and W at least 2.
        weight: of the total variation in the loss, above 0.
        lr: scales the first move and every full step.
        history: pairs of differences to remember; each costs twice the size of the picture.
        sobolev: strength of the preconditioner the recursion starts from; 0 is none.

    Example:
        >>> x = nn.Parameter(torch.tensor([[[[0.0, 0.8], [0.0, 0.8]]]]))
        >>> start, optimizer = x.detach().clone(), ProximalLBFGS(x, weight=0.4)
        >>> for _ in range(30):  # ½ · |x - start|² + 0.4 · total variation
        ...     at = optimizer.ask()
        ...     apart = (at[..., 1] - at[..., 0]).mean()
        ...     loss = 0.5 * (at - start).square().sum() + 0.2 * apart.abs()
        ...     optimizer.tell(loss.item(), at - start + 0.1 * torch.tensor([-1.0, 1.0]))
        >>> [round(value, 2) for value in optimizer.best()[0, 0, 0].tolist()]
        [0.1, 0.7]
    """

    def __init__(
        self,
        pixels: nn.Parameter,
        weight: float,
        lr: float = 1.0,
        history: int = 10,
        sobolev: float = 0.0,
    ) -> None:
        super().__init__(pixels, lr, history, sobolev)
        # λ of one difference, down and right, and ρ for both.
        count, (height, width) = pixels.numel(), pixels.shape[-2:]
        self._factors = (
            0.5 * weight * height / (count * (height - 1)),
            0.5 * weight * width / (count * (width - 1)),
        )
        self._tie = 0.5 * sum(self._factors) / SHRINKAGE
        # `_gradient` is of the smooth part alone.
        # The tied differences before they are shrunk. What shrinking takes off them is the dual
        # variable over ρ, so that these two hold the whole of split Bregman's state.
        self._down = torch.zeros_like(self._point)
        self._right = torch.zeros_like(self._point)
        self._recent: deque[float] = deque(maxlen=RECENT)  # losses of the last accepted pictures

    def tell(self, loss: float, gradient: Tensor) -> None:
        """Accept the probe unless its loss is above all recent ones; else shorten the move.

        Args:
            loss: of the probe, its total variation included.
            gradient: of that loss, as torch gives it: a difference of 0 adds nothing.
        """
        if self._recent and loss > max(self._recent):
            self._backtrack(loss)
            return
        probe = self._pixels.detach()
        smooth = gradient.contiguous() - self._of_variation(probe)
        if self._recent:
            move = probe - self._point
            bend = _adjoint(*_differences(move)).mul_(self._tie)
            self._pairs.remember(move, bend.add_(smooth).sub_(self._gradient))
            self._go_round(probe)
        else:
            self._down, self._right = _differences(probe)
        self._point.copy_(probe)
        self._gradient.copy_(smooth)
        self._recent.append(loss)
        self._aim()

    def renew(self) -> None:
        """The loss is another from here on: the next probe is the accepted picture once more."""
        self._recent.clear()
        self._go(0.0)

    def shrink(self) -> None:
        """The probe was not finite: a tenth of the move, from the last accepted picture."""
        self._shorten(0.1 * self._length)

    def _aim(self) -> None:
        """Choose a direction from the accepted picture, and probe at its full length."""
        for _ in range(ROUNDS - 1 if len(self._pairs) else 0):
            self._go_round(self._point + self._towards_minimum())
        self._set_direction()
        self._go(self._lr if len(self._pairs) else self._first_length())

    def _set_direction(self) -> None:
        self._direction = self._towards_minimum()
        self._slope = self._foreseen()
        self._probes = 0

    def _towards_minimum(self) -> Tensor:
        """From the accepted picture to where the quadratic model and the ties are least."""
        apart = _differences(self._point)
        for difference, tied, dual in zip(apart, self._tied(), self._dual(), strict=True):
            difference.sub_(tied).add_(dual, alpha=2)  # less the shrunk one, plus the dual
        pull = _adjoint(*apart).mul_(self._tie).add_(self._gradient)
        return self._pairs.precondition(pull.neg_())

    def _go_round(self, picture: Tensor) -> None:
        """End a round: shrink the tied differences, and move the dual variables on."""
        apart = _differences(picture)
        for difference, tied, dual in zip(apart, self._tied(), self._dual(), strict=True):
            shrunk = tied.sub_(dual)
            shrunk.lerp_(difference, RELAXATION).add_(dual)

    def _tied(self) -> tuple[Tensor, Tensor]:
        return self._down, self._right

    def _dual(self) -> Iterator[Tensor]:
        """What is shrunk away, at most λ / ρ: the dual variables over ρ."""
        for tied, factor in zip(self._tied(), self._factors, strict=True):
            yield tied.clamp(-factor / self._tie, factor / self._tie)

    def _foreseen(self) -> float:
        """What a full step changes in the loss to first order, the total variation in full."""
        after = self._variation(self._point + self._direction)
        return dot(self._gradient, self._direction) + after - self._variation(self._point)

    def _variation(self, picture: Tensor) -> float:
        parts = zip(self._factors, _differences(picture), strict=True)
        return sum(factor * difference.abs_().sum().item() for factor, difference in parts)

    def _of_variation(self, picture: Tensor) -> Tensor:
        """The gradient of the weighted total variation; 0 at a corner."""
        parts = zip(self._factors, _differences(picture), strict=True)
        return _adjoint(*(difference.sign_().mul_(factor) for factor, difference in parts))

    def _shorten(self, length: float) -> None:
        if not self._probes:
            # The rounds went as far as the whole move; begin them from the picture again.
            apart = zip(_differences(self._point), self._dual(), strict=True)
            self._down, self._right = (difference.add_(dual) for difference, dual in apart)
        self._probes += 1
        self._go(length)

    def _backtrack(self, loss: float) -> None:
        """Shorten to the minimum of the parabola through both losses and the slope."""
        if self._probes == MAX_PROBES and len(self._pairs):
            self._pairs.forget()
            self._set_direction()
            self._go(0.1 * self._first_length())
            return
        self._shorten(shortened(loss - self._recent[-1], self._slope, self._length))

    def state(self) -> State:
        """Pictures, gradient, direction, tied differences, history and the line search."""
        recent: State = {f"recent_{i}": loss for i, loss in enumerate(self._recent)}
        own: State = {
            "down": self._down,
            "right": self._right,
            "recent": len(self._recent),
            "slope": self._slope,
            "length": self._length,
            "probes": self._probes,
        }
        return self._vectors() | recent | own

    def load(self, state: State) -> None:
        """Go on from `state`."""
        tensors = self._load_vectors(state)
        self._down, self._right = tensors["down"], tensors["right"]
        losses = (float(state[f"recent_{i}"]) for i in range(int(state["recent"])))
        self._recent = deque(losses, maxlen=RECENT)
        self._slope, self._length = float(state["slope"]), float(state["length"])
        self._probes = int(state["probes"])


def _differences(x: Tensor) -> tuple[Tensor, Tensor]:
    """Of each pixel's lower and right neighbour from it, (1, C, H, W) each; 0 where is none."""
    down, right = torch.zeros_like(x), torch.zeros_like(x)
    torch.sub(x[..., 1:, :], x[..., :-1, :], out=down[..., :-1, :])
    torch.sub(x[..., 1:], x[..., :-1], out=right[..., :-1])
    return down, right


def _adjoint(down: Tensor, right: Tensor) -> Tensor:
    """The transpose of `_differences`, of what is 0 where that is."""
    x = torch.add(down, right).neg_()
    x[..., 1:, :] += down[..., :-1, :]
    x[..., 1:] += right[..., :-1]
    return x
