"""(b) How soon a plan of scales and steps reaches the loss of the chapter's 500 Adam steps.

Both sides have the same pictures, the same network (slim, frozen) and the same loss, the
chapter's, total variation and all. Seconds are worth something only on an idle machine; the CPU's
and the count of evaluations hold on a busy one too.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from impasto import samples
from impasto.events import Step
from impasto.methods.optimization.run import OptimizationRun
from impasto.painting import run
from impasto.settings import StyleSettings

__all__ = ["PLAN", "compare"]

PAIRS = (("coffee", "swirls"), ("astronaut", "watercolour"), ("chelsea", "woodcut"))
CHAPTER = StyleSettings(recipe="chapter", backbone="slim")
PLAN = CHAPTER.replace(
    optimizer="proximal",
    lr=1.0,
    lbfgs_history=20,
    lbfgs_sobolev=16.0,
    coarsest=225,
    coarse_share=0.25,
    detail=1.0,
    steps=112,
    channels_last=True,
)


class Passed(NamedTuple):
    """What a painting has taken up to a step.

    Attributes:
        loss: the least one so far at the finished size.
        evaluations: of loss and gradient, a smaller picture's in proportion to its pixels.
        seconds: since the start.
        cpu_s: of this process since the start, all threads together.
    """

    loss: float
    evaluations: float
    seconds: float
    cpu_s: float


def _paint(pair: tuple[str, str], settings: StyleSettings) -> Iterator[Passed]:
    """What each step at the finished size has taken."""
    painting = run(*_files(pair), settings)
    assert isinstance(painting, OptimizationRun)
    whole = painting.scales[-1].height * painting.scales[-1].width
    loss, evaluations, began_s = float("inf"), 0.0, time.process_time()
    for event in painting:
        if not isinstance(event, Step):
            continue
        area = event.scale[0] * event.scale[1]
        evaluations += area / whole
        if area == whole:
            loss = min(loss, event.losses["total"])
            yield Passed(loss, evaluations, event.seconds, time.process_time() - began_s)


def _files(pair: tuple[str, str]) -> tuple[str, str]:
    return str(samples.content(pair[0])), str(samples.style(pair[1]))


def compare(pairs: tuple[tuple[str, str], ...] = PAIRS) -> dict[str, Any]:
    """What both take, in turn, and the ratios, for each pair; None where the plan got nowhere."""
    rows = []
    for pair in pairs:
        *_, chapter = _paint(pair, CHAPTER)
        steps = list(_paint(pair, PLAN))
        plan = next((step for step in steps if step.loss <= chapter.loss), None)
        rows.append(
            {
                "pair": list(pair),
                "chapter_loss": round(chapter.loss, 4),
                "chapter_s": round(chapter.seconds, 2),
                "chapter_cpu_s": round(chapter.cpu_s, 2),
                "plan_reached_s": plan and round(plan.seconds, 2),
                "plan_reached_cpu_s": plan and round(plan.cpu_s, 2),
                "plan_loss": round(steps[-1].loss, 4),
                "plan_s": round(steps[-1].seconds, 2),
                "times_faster": plan and round(chapter.seconds / plan.seconds, 2),
                "times_less_cpu": plan and round(chapter.cpu_s / plan.cpu_s, 2),
                "times_fewer_evaluations": plan
                and round(chapter.evaluations / plan.evaluations, 2),
            }
        )
    return {
        "plan": {k: v for k, v in PLAN.model_dump().items() if v != getattr(CHAPTER, k)},
        "runs": rows,
    }
