"""How long an optimisation will take, told before it starts from a step at a small size."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from impasto.methods.optimization.objective import Objective
from impasto.methods.optimization.regions import Geometry
from impasto.methods.optimization.schedule import Scale
from impasto.methods.optimization.targets import Region, Scene, StyleView
from impasto.methods.pictures import Pictures
from impasto.work import step_cost

__all__ = ["Pace", "measure"]

SIDE = 96  # px of the picture that is tried
TRIES = 2  # the quicker one counts, since whatever else the machine does only slows
# What is tried may cost that share of the painting; a shorter one is not worth a word before it.
SHARE = 0.01
PASSES = TRIES + 2.5  # what a trial costs, in steps at its size: the first is slow, and the targets
# A quicker step shows what it takes to begin one, not what its pixels take: a larger one is tried.
TELLING_S = 0.02
# What it takes to look at the pictures at a scale, in steps there; measured with slim on two CPUs.
LOOK = 0.7


@dataclass(frozen=True)
class Pace:
    """How quick a machine is at a painting.

    Attributes:
        px_s: seconds that a px takes, as `impasto.work.step_cost` counts them.
        least_s: seconds that a step takes, however small.

    Example:
        >>> pace = Pace(px_s=1e-6, least_s=0.5)
        >>> pace.seconds([Scale(64, 64, 10), Scale(1000, 1000, 2)]) > 5 + 2
        True
    """

    px_s: float
    least_s: float = 0.0

    def seconds(self, scales: Sequence[Scale], first_step: int = 1) -> float:
        """About how long the steps of the scales take, from `first_step` on.

        Args:
            scales: coarse to fine.
            first_step: from 1, through all scales.
        """
        total, before = 0.0, first_step - 1
        for scale in scales:
            ahead = max(0, scale.steps - before)
            before = max(0, before - scale.steps)
            step_s = max(self.least_s, self.px_s * step_cost(*scale.canvas))
            total += (ahead + LOOK) * step_s if ahead else 0.0
        return total


def measure(
    network: Any,
    pictures: Pictures,
    scales: Sequence[Scale],
    geometry: Geometry,
    device: torch.device,
    smallest_side: int = 1,
) -> Pace | None:
    """Try steps at a small size, on a picture that shows nothing.

    No picture, no random state and no byte of the painting depends on it.

    Args:
        network: that looks.
        pictures: at the final size; what is tried has as many regions and styles.
        scales: coarse to fine.
        geometry: of the network's layers.
        device: where it is computed.
        smallest_side: of a picture that the network can look at, in px.

    Returns:
        None where trying would take more than a hundredth of the painting.
    """
    side = max(SIDE, smallest_side)
    work = sum(scale.steps * step_cost(*scale.canvas) for scale in scales)
    if PASSES * step_cost(side, side) > SHARE * work:
        return None
    largest = math.isqrt(math.prod(scales[-1].canvas))
    step_s = least_s = _step_s(network, pictures, side, geometry, device)
    while step_s < TELLING_S and 2 * side <= largest:
        side *= 2
        step_s = _step_s(network, pictures, side, geometry, device)
    return Pace(step_s / step_cost(side, side), least_s)


def _step_s(
    network: Any, pictures: Pictures, side: int, geometry: Geometry, device: torch.device
) -> float:
    """Seconds of one evaluation of losses and gradient at a size of `side` x `side` px."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, 3, side, side, generator=generator).to(device)
    objective = Objective(network, _scene(x, pictures), pictures.settings, geometry=geometry)
    objective.evaluate(x)
    seconds = []
    for _ in range(TRIES):
        began = time.perf_counter()
        objective.evaluate(x)  # it gives numbers, and so waits for the device
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def _scene(x: torch.Tensor, pictures: Pictures) -> Scene:
    """As many styles and regions as a painting has, each of them everywhere."""
    views = tuple(StyleView(x) for _ in pictures.styles)
    everywhere = torch.ones_like(x[:, :1])
    if not pictures.masks:
        visible = everywhere if pictures.regional else None
        return Scene(x, (Region(views, pictures.shares),), visible=visible)
    options = pictures.inputs.region_options
    regions = (Region((v,), (1.0,), everywhere, options(i)) for i, v in enumerate(views))
    return Scene(x, tuple(regions))
