"""How good a network is, in steps of the optimisation: both paint photographs it never learnt from.

The one that looks is the guide, which taught the network and guides the optimisation as well: it
favours neither by much, and both above painters that it knows nothing of.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from impasto import imaging
from impasto.imaging.tensors import postprocess, preprocess, to_array
from impasto.networks.stylizers import OnePass
from impasto.painting import stylize
from impasto.training.pictures import as_picture, read_pixels
from impasto.training.stylizers.learning import standardised
from impasto.training.stylizers.objective import Guide, Target, grey_content

__all__ = ["Comparison", "Reading", "paint"]

# Px of the longest side of what is painted: on less the optimisation leaves deep layers out, which
# see too much of the picture, and the network would seem better than it is.
SIZE = 512
STEPS = (10, 25, 50, 100)  # of the optimisation, each a painting of its own; further ones do little
CONTENT_WEIGHT = 1.5  # beside style, in the recipe `default`
ROUND = 5  # steps are told in multiples of it


@dataclass(frozen=True)
class Reading:
    """What the guide says of a painting.

    Attributes:
        style, content: how far it is from either, 0 for the same.
    """

    style: float
    content: float

    def __str__(self) -> str:
        return f"style {self.style:.2f} and content {self.content:.2f}"

    @property
    def score(self) -> float:
        """Both together, as `default` weighs them."""
        return self.style + CONTENT_WEIGHT * self.content

    @classmethod
    def mean(cls, readings: Sequence[Reading]) -> Reading:
        """Of several paintings."""
        count = len(readings)
        return cls(sum(r.style for r in readings) / count, sum(r.content for r in readings) / count)


@dataclass
class Comparison:
    """A network beside the optimisation, on the same photographs in one style.

    Args:
        network: with its rows.
        row: name of the style.
        style: (1, 3, H, W), uint8, as large as it was learnt.
        photographs: (1, 3, H, W) each, uint8.
        guide: that looks.

    Attributes:
        own: of the network.
        curve: of the optimisation, by steps.
    """

    network: OnePass
    row: str
    style: Tensor
    photographs: Sequence[Tensor]
    guide: Guide
    own: Reading = field(init=False)
    curve: dict[int, Reading] = field(init=False, default_factory=dict)

    def __len__(self) -> int:
        """How many paintings of the optimisation it takes."""
        return len(STEPS) * len(self.photographs)

    def run(self) -> Iterator[int]:
        """Paint and look; the number of each painting that is done."""
        with torch.no_grad():
            target = self.guide.target(standardised(self.style))
        contents = [as_picture(read_pixels(as_picture(p), SIZE)) for p in self.photographs]
        code = self.network.code(self.row)
        style = as_picture(self.style)
        own = [paint(self.network, code, content) for content in contents]
        pairs = zip(own, contents, strict=True)
        self.own = Reading.mean([self._read(target, *pair) for pair in pairs])
        readings: dict[int, list[Reading]] = {steps: [] for steps in STEPS}
        number = 0
        for content in contents:
            for steps in STEPS:
                # The style as large as the network learnt it: strokes of one size.
                scale = max(style.height, style.width) / max(content.height, content.width)
                scale = min(10.0, scale)
                result = stylize(content, style, steps=steps, size=SIZE, style_scale=scale)
                painted = imaging.read(result.picture)
                readings[steps].append(self._read(target, painted, content))
                number += 1
                yield number
        self.curve = {steps: Reading.mean(of) for steps, of in readings.items()}

    @torch.no_grad()
    def _read(self, target: Target, painted: imaging.Picture, content: imaging.Picture) -> Reading:
        photograph = grey_content(preprocess(content))
        style, of_content = self.guide.losses(preprocess(painted), target, photograph)
        return Reading(style.item(), of_content.item())

    def sentence(self) -> str:
        """The outcome in one line."""
        mark = min(STEPS, key=lambda steps: abs(steps - self._near()))
        there = self.curve[mark]
        photographs = len(self.photographs)
        what = f"{photographs} photographs" if photographs > 1 else "one photograph"
        return (
            f"as good as {told_steps(self._scores(), self.own.score)} of optimisation, recipe "
            f"default: {self.row} has {self.own} where {mark} steps have {there}, by slim, which "
            f"guides both, on {what} not learnt from"
        )

    def _near(self) -> float:
        near = equal_steps(self._scores(), self.own.score) or STEPS[0]
        return min(near, STEPS[-1])

    def _scores(self) -> dict[int, float]:
        return {steps: reading.score for steps, reading in self.curve.items()}


def equal_steps(scores: Mapping[int, float], score: float) -> float | None:
    """The steps after which a falling curve is down to a score, between its points by their logs.

    Args:
        scores: by steps, from few to many.
        score: to be reached.

    Returns:
        None where it lies above the whole curve; infinity below it.

    Example:
        >>> curve = {25: 4.0, 100: 2.0}
        >>> equal_steps(curve, 3.0), equal_steps(curve, 5.0), equal_steps(curve, 1.0)
        (50.0, None, inf)
    """
    steps = list(scores)
    lowest = [min(list(scores.values())[: n + 1]) for n in range(len(steps))]
    if score > lowest[0]:
        return None
    for n in range(1, len(steps)):
        if lowest[n] <= score:
            fall = lowest[n - 1] - lowest[n]
            share = (lowest[n - 1] - score) / fall if fall else 0.0
            return round(float(steps[n - 1] * (steps[n] / steps[n - 1]) ** share), 6)
    return math.inf


def told_steps(scores: Mapping[int, float], score: float) -> str:
    """`equal_steps` in words.

    Example:
        >>> told_steps({25: 4.0, 100: 2.0}, 3.0), told_steps({25: 4.0, 100: 2.0}, 1.0)
        ('about 50 steps', 'more than 100 steps')
    """
    steps = equal_steps(scores, score)
    if steps is None:
        return f"fewer than {min(scores)} steps"
    if math.isinf(steps):
        return f"more than {max(scores)} steps"
    return f"about {max(ROUND, ROUND * round(steps / ROUND))} steps"


@torch.no_grad()
def paint(network: OnePass, code: Tensor, content: imaging.Picture) -> imaging.Picture:
    """A photograph as a network paints it at strength 0, at its own size.

    Args:
        network: on the CPU or elsewhere.
        code: of the style, (S,).
        content: any size.
    """
    x = preprocess(content).to(code.device, memory_format=torch.channels_last)
    painted = network.painter.paint(x, network.hand(code))
    return imaging.read(imaging.array_to_pil(to_array(postprocess(painted))))
