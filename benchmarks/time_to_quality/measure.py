"""One painting by a plan, read at its finest scale as it becomes better."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from benchmarks.quality.evaluators import Reading
from benchmarks.quality.pairs import Pair
from benchmarks.time_to_quality.judge import Judge, Target
from benchmarks.time_to_quality.plans import settings_of
from impasto import imaging, painting
from impasto.events import Step
from impasto.methods.optimization.run import OptimizationRun
from impasto.methods.protocol import RunOptions
from impasto.task import StyleTask
from training.held_out import is_held_out

__all__ = ["paint"]


class Clock:
    """CPU seconds of this process, without those in which it was stopped."""

    def __init__(self) -> None:
        self._began = time.process_time()
        self._held: float | None = None

    @property
    def seconds(self) -> float:
        """So far."""
        now = time.process_time() if self._held is None else self._held
        return now - self._began

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """What is done within does not count."""
        self._held = held = time.process_time()
        try:
            yield
        finally:
            self._began += time.process_time() - held
            self._held = None


def so_far(run: OptimizationRun) -> Tensor:
    """(1, 3, H, W) in [0, 1], RGB, as it would be written without rounding."""
    pixels = torch.from_numpy(run.result().pixels)
    return pixels.permute(2, 0, 1)[None].contiguous()


def rounded(reading: Reading) -> list[float]:
    """Style and content, to as many digits as anyone reads."""
    return [round(reading.style, 4), round(reading.content, 4)]


def paint(
    judge: Judge,
    pair: Pair,
    plan: Mapping[str, Any],
    *,
    size: int,
    every: int,
    out: Path | None = None,
) -> dict[str, Any]:
    """Paint a pair by a plan.

    Args:
        judge: that reads the painting; what it takes is not counted.
        pair: the two pictures.
        plan: in which settings it differs from `default`.
        size: longest side, in px.
        every: steps of the finest scale between two readings; 0 to read the end alone.
        out: where the painting is written; None for nowhere.

    Returns:
        As JSON knows it: `pair`, `held_out` (nothing of ours learnt from such a style), `scales`
        (width, height in px and steps), `cpu_seconds` of this process, reading the pictures
        included; `style` and `content` of what was painted; `curve` of (CPU seconds, style,
        content).
    """
    settings = settings_of(plan, size)
    clock = Clock()
    run = painting.paint(StyleTask.of(pair.content, pair.style), settings, RunOptions())
    assert isinstance(run, OptimizationRun)
    with clock.stopped():
        target = Target(judge, run.pictures.content, run.pictures.styles[0])
    finest, done = (run.scales[-1].height, run.scales[-1].width), 0
    curve = []
    for event in run:
        if not isinstance(event, Step) or event.scale != finest:
            continue
        done += 1
        if every and done % every == 0:
            with clock.stopped():
                curve.append([round(clock.seconds, 2), *rounded(target.read(so_far(run)))])
    result = run.result()
    with clock.stopped():
        reading = rounded(target.read(so_far(run)))
        if out is not None:
            imaging.write(out, result.pixels)
    return {
        "pair": pair.name,
        "held_out": is_held_out(pair.style.stem),
        "scales": [[width, height, steps] for (height, width), steps in result.scales],
        "cpu_seconds": round(clock.seconds, 2),
        "style": reading[0],
        "content": reading[1],
        "curve": curve,
    }
