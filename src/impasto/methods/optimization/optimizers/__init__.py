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
from impasto.methods.optimization.optimizers.lbfgs import LBFGS
from impasto.methods.optimization.optimizers.protocol import Optimizer, State, copied
from impasto.methods.optimization.schedule import learning_rate
from impasto.settings import StyleSettings

__all__ = ["LBFGS", "Adam", "Optimizer", "State", "choose", "copied"]


def choose(settings: StyleSettings, pixels: nn.Parameter, steps: int) -> Optimizer:
    """The optimizer of the settings, fresh.

    Args:
        settings: which one, and its numbers.
        pixels: what it moves, in place.
        steps: how many it will have, which a cosine schedule needs to know.
    """
    if settings.optimizer == "lbfgs":
        return LBFGS(pixels, settings.lr, settings.lbfgs_history, settings.lbfgs_sobolev)
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
