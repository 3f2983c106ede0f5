"""One painting of the quality benchmark, as `impasto stylize` paints but with any guide.

`python -m benchmarks.painting JOB` paints one in a process of its own, for its peak of memory.
"""

from __future__ import annotations

import json
import math
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.child import measure
from benchmarks.contenders import IDENTITY, Contender
from benchmarks.guides import Guide, guide
from impasto.errors import NonFiniteError
from impasto.imaging import tensors
from impasto.methods.optimization import canvas
from impasto.methods.optimization.objective import Objective
from impasto.methods.optimization.optimizers import Optimizer, choose
from impasto.methods.optimization.schedule import SMALLEST_COARSE_SIDE, plan_scales
from impasto.methods.pictures import Pictures
from impasto.settings import StyleSettings

__all__ = ["Job", "Painted", "paint", "peak_mb", "pictures_of"]


@dataclass(frozen=True)
class Job:
    """What is to be painted.

    Attributes:
        contender: what guides it.
        content, style: paths of the two pictures.
        strength: from 0 to 1.
        size: longest side, in px.
        steps: in all.
        seed: of a start with noise; the recipe `default` starts from the content image.
    """

    contender: Contender
    content: str
    style: str
    strength: float
    size: int
    steps: int
    seed: int = 0

    @property
    def settings(self) -> StyleSettings:
        """All of them."""
        return self.contender.settings(
            size=self.size, steps=self.steps, seed=self.seed, strength=self.strength
        )


@dataclass(frozen=True)
class Painted:
    """What came of it.

    Attributes:
        pixels: (H, W, 3) float32 in [0, 1], sRGB.
        seconds: wall clock, reading and fitting the pictures included, loading the network not.
        cpu_seconds: of this process in that time, which other programs hardly touch.
        losses: weighted, of the last step; empty for the photograph.
    """

    pixels: NDArray[np.float32]
    seconds: float
    cpu_seconds: float
    losses: dict[str, float]


def pictures_of(job: Job) -> Pictures:
    """Content and style, read and cut as the engine does."""
    return Pictures.read(job.content, job.style, job.settings, torch.device("cpu"))


def paint(job: Job) -> Painted:
    """Paint it, coarse to fine.

    Raises:
        PictureError: if a picture cannot be read.
        WeightsError: if the contender's weights cannot.
        NonFiniteError: if a loss is not finite.
    """
    painted = job.contender.kind != IDENTITY
    network = guide(job.contender) if painted else None
    begun, cpu_begun = time.perf_counter(), time.process_time()
    pictures = pictures_of(job)
    x, losses = tensors.preprocess(pictures.content), dict[str, float]()
    if network is not None:
        x, losses = _painted(pictures, network)
    pixels = tensors.to_array(tensors.postprocess(x))
    seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu_begun
    return Painted(pixels, seconds, cpu_seconds, losses)


def _painted(pictures: Pictures, network: Guide) -> tuple[Tensor, dict[str, float]]:
    """The synthesized image, (1, 3, H, W), standardised, and its last losses."""
    settings = pictures.settings
    # One smallest side for all, so that every contender has the same scales.
    smallest = max(SMALLEST_COARSE_SIDE, network.smallest_side)
    scales = plan_scales(
        pictures.content.height,
        pictures.content.width,
        settings.steps,
        coarsest=settings.coarsest,
        coarse_share=settings.coarse_share,
        smallest_side=smallest,
    )
    generator = torch.Generator().manual_seed(settings.seed)
    optimizer: Optimizer | None = None
    losses: dict[str, float] = {}
    for scale in scales:
        scene = pictures.at(scale, smallest)
        objective = Objective(network, scene, settings)
        if optimizer is None:
            x = canvas.start(
                settings.init,
                scene.content,
                noise=settings.noise,
                generator=generator,
            )
        else:
            x = canvas.enlarged(optimizer.best(), scale.height, scale.width)
        optimizer = choose(settings, canvas.SynthesizedImage(x).pixels, scale.steps)
        for _ in range(scale.steps):
            losses, gradient = objective.evaluate(optimizer.ask())
            if not math.isfinite(losses["total"]):
                raise NonFiniteError(
                    f"the loss was {losses['total']}: this guide cannot paint, leave it out with "
                    "--only"
                )
            optimizer.tell(losses["total"], gradient)
    assert optimizer is not None  # there is always a scale
    return optimizer.best(), losses


def peak_mb(job: Job) -> float:
    """Most memory resident while a process of its own paints this on one thread, in MB."""
    command = [sys.executable, "-m", "benchmarks.painting", json.dumps(asdict(job))]
    return round(measure(command).peak_bytes / 1e6, 1)


def main(spelt: str) -> None:
    """Paint the job and let the picture go."""
    torch.set_num_threads(1)
    told: dict[str, Any] = json.loads(spelt)
    paint(Job(**{**told, "contender": Contender(**told["contender"])}))


if __name__ == "__main__":
    main(sys.argv[1])
