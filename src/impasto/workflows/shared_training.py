"""A training whose steps several workers of a cluster share: each computes a batch's gradient.

The network and its optimizer stay here, with all that a checkpoint keeps. So a worker that is lost
costs a batch, which another computes anew from the same numbers, and a training goes on with any
number of workers, or none, to the same network.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor

from impasto.networks import features
from impasto.training.stylizers.course import Course
from impasto.training.stylizers.learning import Gradient, Learning
from impasto.training.stylizers.objective import LAYERS, Guide
from impasto.training.stylizers.run import GUIDE
from impasto.workflows import executors
from impasto.workflows.executors import Executor, Needs
from impasto.workflows.executors.ordered import map_ordered
from impasto.workflows.on_cluster import THREADS

__all__ = ["SharedGradients", "shares_of"]


@contextmanager
def shares_of(
    cluster: str, threads: int | None = None, on_note: Callable[[str], None] = lambda _: None
) -> Iterator[tuple[int, SharedGradients]]:
    """How many shares a step may have on a cluster, and what computes their gradients there.

    Args:
        cluster: as `executors.open` takes it.
        threads: of each worker; 1 if left out.
        on_note: told, in a sentence each, of machines that are not used.

    Raises:
        ClusterError: it cannot be reached.
    """
    needs = Needs(threads or THREADS, precision="auto")
    with executors.open(cluster, needs, on_note=on_note) as executor:
        yield max(1, executor.workers), SharedGradients(executor)


class SharedGradients:
    """Gradients of all shares of a step, as `Learning.elsewhere` asks for them.

    Args:
        executor: entered; pictures are sent once to each of its workers, and the network with each
            share of a step.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._token = secrets.token_hex(8)
        self._compute: partial[Gradient] | None = None

    def __call__(self, learning: Learning) -> list[Gradient]:
        """In the order of the shares.

        Raises:
            ImpastoError: what a worker has met, or the cluster is gone.
        """
        if self._compute is None:
            self._compute = partial(
                _gradient,
                self._token,
                learning.course,
                learning.network.names,
                learning.styles,
                learning.photographs,
                learning.recolours,
            )
        weights = {name: t.detach().cpu() for name, t in learning.network.state_dict().items()}
        shares = [(learning.step, share, weights) for share in range(learning.course.shares)]
        return list(map_ordered(self._executor, self._compute, shares))


_here: dict[str, Learning] = {}


def _gradient(
    token: str,
    course: Course,
    names: tuple[str, ...],
    styles: list[Tensor],
    photographs: list[Tensor],
    recolours: bool,
    asked: tuple[int, int, dict[str, Tensor]],
) -> Gradient:
    """What a worker of the cluster computes: a share of a step, with the network of that step."""
    if token not in _here:
        _here.clear()
        guide = Guide(features.load(GUIDE, LAYERS, padding="reflect"), dtype=course.dtype)
        _here[token] = Learning(course, names, styles, photographs, guide, recolours=recolours)
    learning = _here[token]
    step, share, weights = asked
    with torch.no_grad():
        learning.network.load_state_dict(weights)
    learning.step = step
    return learning.gradient(share)
