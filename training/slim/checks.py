"""What a training refuses at its start, rather than in the middle or at the end of the work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from impasto.errors import CheckpointError, SettingError
from impasto.files import check_place
from training.slim.saving import CHECKPOINT, LOG, PLOT, WEIGHTS

__all__ = ["check_options", "check_same"]

MOST_THREADS = 1024


def check_options(out: Path, device: str, threads: int, checkpoint_every: int) -> None:
    """Refuse options that cannot be met.

    Raises:
        SettingError: for a value out of its range, or a device that is not here.
        OutputError: if one of the files could not be written.
    """
    if out.suffix != WEIGHTS:
        raise SettingError(f"the weights are to be {out}: give a name that ends in {WEIGHTS}")
    for ending in (WEIGHTS, CHECKPOINT, LOG, PLOT):
        check_place(out.with_suffix(ending))
    if device == "cuda" and not torch.cuda.is_available():
        raise SettingError("device is cuda, and torch finds none here: take cpu")
    if not 0 <= threads <= MOST_THREADS:
        raise SettingError(f"threads is {threads}: give 1 to {MOST_THREADS}, or 0 for torch's own")
    if checkpoint_every < 1:
        raise SettingError(f"checkpoint_every is {checkpoint_every}: give 1 step or more")


def check_same(
    checkpoint: Path, state: Mapping[str, Any], what: str, now: Any, options: str
) -> None:
    """Refuse to go on with another recipe, other pictures or other teachers than begun with.

    Args:
        checkpoint: where it lies, for the message.
        state: what it holds; empty if nothing is gone on with.
        what: a key of it.
        now: what was asked for this time.
        options: by which it is asked for.

    Raises:
        CheckpointError: if they differ.
    """
    if state.get(what, now) != now:
        raise CheckpointError(
            f"{checkpoint} was begun with another choice of {what}: pass the {options} of its "
            "first start, or another --out"
        )
