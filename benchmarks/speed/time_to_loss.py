"""(b) How soon a plan of scales and steps reaches the loss of the chapter's 500 Adam steps.

Both sides have the same pictures, the same network (slim, frozen) and the same loss, the
chapter's. The plan may *follow* a smoothed total variation, but what counts is the chapter's
own, recomputed at every picture it evaluates.
"""

from __future__ import annotations

from typing import Any

from impasto import samples
from impasto.events import Step
from impasto.losses import total_variation
from impasto.methods.optimization.run import OptimizationRun
from impasto.painting import run
from impasto.settings import StyleSettings

__all__ = ["PLAN", "compare"]

PAIRS = (("coffee", "swirls"), ("astronaut", "watercolour"), ("chelsea", "woodcut"))
CHAPTER = StyleSettings(recipe="chapter", backbone="slim")
PLAN = CHAPTER.replace(
    optimizer="lbfgs",
    lr=1.0,
    lbfgs_history=10,
    lbfgs_sobolev=4.0,
    tv_loss="charbonnier",
    coarsest=225,
    coarse_share=0.8,
    steps=420,
    channels_last=True,
)


def _reference(pair: tuple[str, str]) -> tuple[float, float]:
    """Loss and seconds of the chapter's loop at its last step."""
    steps = [e for e in run(*_files(pair), CHAPTER) if isinstance(e, Step)]
    return steps[-1].losses["total"], steps[-1].seconds


def _run_plan(pair: tuple[str, str], goal: float) -> tuple[float | None, float, float]:
    """Seconds until the plan is at the goal (None if never), and its last loss and seconds."""
    painting = run(*_files(pair), PLAN)
    assert isinstance(painting, OptimizationRun)
    final = painting.scales[-1]
    x, loss, goal_s = None, float("inf"), None
    for event in painting:
        if not isinstance(event, Step):
            continue
        if event.scale == (final.height, final.width) and x is not None:
            tv = CHAPTER.weights.tv * total_variation(x).item()
            loss = min(loss, event.losses["content"] + event.losses["style"] + tv)
            if goal_s is None and loss <= goal:
                goal_s = event.seconds
        x = painting.standardised().clone()
    return goal_s, loss, painting.seconds


def _files(pair: tuple[str, str]) -> tuple[str, str]:
    return str(samples.content(pair[0])), str(samples.style(pair[1]))


def compare(pairs: tuple[tuple[str, str], ...] = PAIRS) -> dict[str, Any]:
    """Seconds of both, in turn, and their ratio, for each pair."""
    rows = []
    for pair in pairs:
        goal, chapter_s = _reference(pair)
        goal_s, loss, whole_s = _run_plan(pair, goal)
        ratio = None if goal_s is None else round(chapter_s / goal_s, 2)
        rows.append(
            {
                "pair": list(pair),
                "chapter_loss": round(goal, 4),
                "chapter_s": round(chapter_s, 2),
                "plan_reached_s": None if goal_s is None else round(goal_s, 2),
                "plan_loss": round(loss, 4),
                "plan_s": round(whole_s, 2),
                "times_faster": ratio,
            }
        )
    return {
        "plan": {k: v for k, v in PLAN.model_dump().items() if v != getattr(CHAPTER, k)},
        "runs": rows,
    }
