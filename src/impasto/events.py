"""What a run tells its listeners: one stream, many ears.

The progress bar, the JSON-lines log, the loss plot and, later, the web page and the job store
all read these four events and nothing else. None of them holds a tensor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = ["Event", "Finished", "Preview", "Started", "Step"]


@dataclass(frozen=True)
class Started:
    """The run is set up; `first_step` is above 1 when it goes on from a checkpoint.

    Attributes:
        steps: how many steps the whole run has.
        scales: ((height, width), steps) of each scale in px, coarse to fine.
        backbone: name of the backbone.
        device: where it is computed ("cpu", "cuda", "mps").
        threads: CPU threads torch uses.
        first_step: the number of the first step that will follow.
        predicted_bytes: predicted peak of memory, in bytes.
        notes: what a person may not expect of this run, in a sentence each.
    """

    steps: int
    scales: tuple[tuple[tuple[int, int], int], ...]
    backbone: str
    device: str
    threads: int
    first_step: int = 1
    predicted_bytes: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One evaluation of losses and gradient.

    Attributes:
        step: its number, from 1 to `steps`, through all scales.
        steps: how many the whole run has.
        scale: (height, width) in px of the picture it was computed on.
        losses: weighted losses by name (content, style, tv, total) of the picture *before*
            this step's update.
        seconds: since the run started, pauses between a checkpoint and its resumption left out.
        retries: evaluations undone because they were not finite, just before this one.
    """

    step: int
    steps: int
    scale: tuple[int, int]
    losses: dict[str, float]
    seconds: float
    retries: int = 0


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
    """

    step: int
    picture: Any = field(repr=False)
    seconds: float


Event: TypeAlias = Started | Step | Preview | Finished
