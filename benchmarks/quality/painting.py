"""One painting of the quality benchmark, as `impasto stylize` paints but with any guide.

`python -m benchmarks.quality.painting JOB` paints one in a process of its own, to measure its peak
of memory.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.machine import measure
from benchmarks.quality.contenders import IDENTITY, Contender
from benchmarks.quality.guides import Guide, guide
from impasto import painting
from impasto.imaging import tensors
from impasto.methods.inputs import Inputs
from impasto.methods.pictures import Pictures
from impasto.methods.protocol import RunOptions
from impasto.settings import StyleSettings
from impasto.task import StyleTask

__all__ = ["Job", "Painting", "paint", "peak_mb", "pictures_of"]


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
class Painting:
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
    settings = job.settings
    return Pictures.fit(Inputs.read(StyleTask.of(job.content, job.style), settings), settings)


def paint(job: Job) -> Painting:
    """Paint it as `impasto stylize` does, its margin included.

    Raises:
        PictureError: if a picture cannot be read.
        WeightsError: if the contender's weights cannot.
        NonFiniteError: if losses stay infinite or NaN.
    """
    network = None if job.contender.kind == IDENTITY else guide(job.contender)
    start, cpu_start = time.perf_counter(), time.process_time()
    pixels, losses = _photograph(job) if network is None else _synthesize(job, network)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    return Painting(pixels, seconds, cpu_seconds, losses)


def _photograph(job: Job) -> tuple[NDArray[np.float32], dict[str, float]]:
    x = tensors.preprocess(pictures_of(job).content)
    return tensors.to_array(tensors.postprocess(x)), {}


def _synthesize(job: Job, network: Guide) -> tuple[NDArray[np.float32], dict[str, float]]:
    """The painting's pixels and its last losses."""
    run = painting.paint(
        StyleTask.of(job.content, job.style), job.settings, RunOptions(extractor=network)
    )
    for _ in run:
        pass
    result = run.result()
    return result.pixels, dict(result.losses[-1])


def peak_mb(job: Job) -> float:
    """Most memory resident while a process of its own paints this on one thread, in MB."""
    command = [sys.executable, "-m", "benchmarks.quality.painting", json.dumps(asdict(job))]
    return round(measure(command).peak_bytes / 1e6, 1)


def main(text: str) -> None:
    """Paint the job and let the picture go."""
    torch.set_num_threads(1)
    fields: dict[str, Any] = json.loads(text)
    paint(Job(**{**fields, "contender": Contender(**fields["contender"])}))


if __name__ == "__main__":
    main(sys.argv[1])
