"""Optimizers as ask and tell: every evaluation is an event, none hides in a closure.

::

    x = optimizer.ask()              # the picture to evaluate
    optimizer.tell(loss, gradient)   # what came out; moves on to the next picture

Their whole state is a flat dict of tensors and numbers, so that a run can stop after any step,
line-search probes included, and go on as if it never had.
"""

from __future__ import annotations

from impasto.methods.optimization.optimizers.adam import Adam
from impasto.methods.optimization.optimizers.choose import choose
from impasto.methods.optimization.optimizers.lbfgs import LBFGS
from impasto.methods.optimization.optimizers.protocol import Optimizer, State, copied

__all__ = ["LBFGS", "Adam", "Optimizer", "State", "choose", "copied"]
