"""Where a painting starts from, and what moves its pixels."""

from __future__ import annotations

from typing import Literal

from impasto.settings.fields import Group, setting

__all__ = ["OptimizerSettings"]


class OptimizerSettings(Group):
    """Where a painting starts from, and what moves its pixels."""

    init: str = setting(
        "content",
        "Start from content, noise, blend (content and noise), style (noise in the style's "
        "colours) or image:FILE (stretched onto the picture).",
        "Start",
        metavar="START",
        file=True,
    )
    noise: float = setting(0.3, "Share of noise in a blend.", "Start", ge=0, le=1)
    coarsest: int = setting(
        128,
        "Longest side of the coarsest scale; each further one is twice as large. 0: a single "
        "scale.",
        "Start",
        ge=0,
        le=100_000,
        metavar="PX",
    )
    margin: float = setting(
        0.05,
        "Share of the longest side that is painted beyond each edge, 80 px at most, mirrored, and "
        "cut off at the end, to keep the edges clean.",
        "Start",
        ge=0,
        le=0.5,
    )
    coarse_share: float = setting(
        1.2,
        "Steps of each scale, as a multiple of those of the next finer one.",
        "Start",
        gt=0,
        le=100,
    )
    detail: float = setting(
        0.5,
        "Share of the photograph's detail that each finer scale begins with, if the painting "
        "started from content or blend; 0: only what the coarser scale painted.",
        "Start",
        ge=0,
        le=1,
    )
    scale_tolerance: float = setting(
        0.01,
        "A scale but the last ends once its last 10 steps lower its loss by less than this share; "
        "--steps are then the most. 0: each has all its steps.",
        "Start",
        ge=0,
        lt=1,
    )
    optimizer: Literal["lbfgs", "proximal", "adam"] = setting(
        "lbfgs",
        "What moves the pixels; proximal is L-BFGS that does not stall on --tv-loss l1.",
        "Optimizer",
    )
    lr: float = setting(
        1.0,
        "Learning rate, in units of standardised pixels for adam.",
        "Optimizer",
        gt=0,
        le=1000,
        unset="1 for lbfgs and proximal, 0.05 for adam",
    )
    lr_schedule: Literal["constant", "step", "cosine"] = setting(
        "constant", "How adam's learning rate falls within a scale.", "Optimizer"
    )
    lr_decay: float = setting(0.8, "Factor of the step schedule.", "Optimizer", gt=0, le=1)
    lr_decay_every: int = setting(
        50, "Steps between two decays of the step schedule.", "Optimizer", ge=1
    )
    lbfgs_history: int = setting(
        10, "How many pairs of differences L-BFGS remembers.", "Optimizer", ge=1, le=100
    )
    lbfgs_sobolev: float = setting(
        5.0,
        "How much L-BFGS holds back fine detail in its moves; 0: plain L-BFGS.",
        "Optimizer",
        ge=0,
        le=1000,
    )
