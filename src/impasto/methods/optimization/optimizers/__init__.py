"""Optimizers as ask and tell: every evaluation is an event, none hides in a closure.

::

    x = optimizer.ask()              # the picture to evaluate
    optimizer.tell(loss, gradient)   # what came out; moves on to the next picture

Their whole state is a flat dict of tensors and numbers, so that a run can stop after any step,
line-search probes included, and go on as if it never had.
"""

from __future__ import annotations

from torch import nn

from impasto.methods.optimization.optimizers.adam import Adam
from impasto.methods.optimization.optimizers.banded import BandedLBFGS, is_of_band
from impasto.methods.optimization.optimizers.lbfgs import LBFGS
from impasto.methods.optimization.optimizers.protocol import Optimizer, State, copied
from impasto.methods.optimization.optimizers.proximal import ProximalLBFGS
from impasto.methods.optimization.schedule import learning_rate
from impasto.settings import StyleSettings

__all__ = [
    "LBFGS",
    "Adam",
    "BandedLBFGS",
    "Optimizer",
    "ProximalLBFGS",
    "State",
    "choose",
    "copied",
    "corner_weight",
    "is_of_band",
]


def corner_weight(settings: StyleSettings) -> float:
    """Of the total variation whose corner the optimizer minds; 0 if there is none to mind.

    Example:
        >>> corner_weight(StyleSettings(optimizer="proximal", tv_loss="l1", tv_weight=10))
        10.0
    """
    minds = settings.optimizer == "proximal" and settings.tv_loss == "l1"
    return settings.weights.tv if minds else 0.0


def choose(settings: StyleSettings, pixels: nn.Parameter, steps: int) -> Optimizer:
    """The optimizer of the settings, fresh.

    Args:
        settings: which one, and its numbers.
        pixels: what it moves, in place.
        steps: how many it will have, which a cosine schedule needs to know.
    """
    quasi_newton = settings.lr, settings.lbfgs_history, settings.lbfgs_sobolev
    if weight := corner_weight(settings):
        return ProximalLBFGS(pixels, weight, *quasi_newton)
    if settings.optimizer != "adam":
        return LBFGS(pixels, *quasi_newton)
    return Adam(
        pixels,
        lambda step: learning_rate(
            step,
            steps,
            lr=settings.lr,
            schedule=settings.lr_schedule,
            decay=settings.lr_decay,
            decay_every=settings.lr_decay_every,
        ),
    )
