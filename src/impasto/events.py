"""What a run tells its listeners: one stream, many ears.

The progress bar, the JSON-lines log, the loss plot, the web page and the job store all read these
events and nothing else. None of them holds a tensor. Every run begins with `Started` and ends with
`Finished`. Between them a method tells `Step`s if it evaluates losses, `Part`s if its work has
parts (tiles, frames), and `Preview`s; a listener passes over events it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = ["Event", "Finished", "Part", "Preview", "Started", "Step"]


@dataclass(frozen=True)
class Started:
    """The run is set up; `first_step` is above 1 when it goes on from a checkpoint.

    Attributes:
        steps: how many steps the whole run has at most.
        scales: ((height, width), steps) of each scale in px, coarse to fine, with the most steps
            that it may have; empty where a method has none.
        backbone: name of the network that looks or paints; empty where there is none.
        device: where it is computed ("cpu", "cuda", "mps").
        threads: CPU threads torch uses.
        first_step: the number of the first step that will follow.
        predicted_bytes: predicted peak of memory, in bytes; 0 where nobody predicts it.
        predicted_s: about how long the steps from `first_step` on will take, in seconds; 0 where
            nobody predicts it.
        notes: what a person may not expect of this run, and what reading changed in the
            pictures, in a sentence each.
        method: name of the method that paints.
        shape: (height, width) in px of the finished picture; None if that is not known yet.
        precision: that features are computed in: "float32" or "bf16".
    """

    steps: int
    scales: tuple[tuple[tuple[int, int], int], ...] = ()
    backbone: str = ""
    device: str = "cpu"
    threads: int = 1
    first_step: int = 1
    predicted_bytes: int = 0
    notes: tuple[str, ...] = ()
    method: str = "optimization"
    shape: tuple[int, int] | None = None
    predicted_s: float = 0.0
    precision: str = "float32"


@dataclass(frozen=True)
class Step:
    """One unit of the work: with `optimization`, one evaluation of losses and gradient.

    Attributes:
        step: its number, from 1 to `steps`, through all scales.
        steps: how many the whole run has, as far as is known by then: fewer once a scale ended
            before its steps were used up.
        scale: (height, width) in px of the picture it was computed on.
        losses: weighted losses by name, their sum `total` last, of the picture *before* this
            step's update; empty where a method has none.
        seconds: since the run started, pauses between a checkpoint and its resumption left out.
        retries: evaluations undone because they were not finite, just before this one.
    """

    step: int
    steps: int
    scale: tuple[int, int]
    losses: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    retries: int = 0


@dataclass(frozen=True)
class Part:
    """A part of the work is done: a tile of a large picture, a frame of a film, an epoch.

    Attributes:
        kind: what it is, a word: "tile", "frame", "epoch".
        number: of the parts done, from 1 to `count`.
        count: of all parts.
        seconds: as in `Step`.
    """

    kind: str
    number: int
    count: int
    seconds: float = 0.0


@dataclass(frozen=True)
class Preview:
    """The picture so far.

    Attributes:
        step: the last step it contains.
        picture: an 8-bit PIL image at the size of its scale.
    """

    step: int
    picture: Any = field(repr=False)


@dataclass(frozen=True)
class Finished:
    """The run is done.

    Attributes:
        step: the last step.
        picture: the painted picture, an 8-bit PIL image at its final size.
        seconds: as in `Step`.
        notes: what the file that is written cannot hold of the picture, in a sentence each.
    """

    step: int
    picture: Any = field(repr=False)
    seconds: float
    notes: tuple[str, ...] = ()


Event: TypeAlias = Started | Step | Part | Preview | Finished
