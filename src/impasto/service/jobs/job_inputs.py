"""From a job to its painting: uploads become files, and messages name roles in place of hashes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from impasto import painting
from impasto.methods.optimization.checkpoint import Checkpoint, InputFile
from impasto.methods.protocol import RunOptions
from impasto.service.jobs.files import Folder
from impasto.service.jobs.model import Job
from impasto.settings import from_stored
from impasto.task import IMAGE, Role, StyleTask
from impasto.text import format_path

__all__ = ["PREVIEW_EVERY", "begun", "named", "taken_up"]

PREVIEW_EVERY = 5  # steps

Told = Callable[[int, int | None], None]


def begun(folder: Folder, job: Job, *, device: str, threads: int, on_fetch: Told) -> painting.Run:
    """A painting from its first step.

    Args:
        folder: where the job's uploads lie.
        job: what to paint.
        device: where to compute; "auto" leaves it to the job.
        threads: CPU threads, at most, if it was never begun before.
        on_fetch: as for `impasto.painting.run`.

    Raises:
        ImpastoError: whatever is wrong with the pictures or settings.
    """
    settings = from_stored(job.settings)
    threads = job.threads or min(threads, settings.threads or threads)
    task = StyleTask.from_roles(_paths(folder, job))
    return painting.paint(
        task,
        settings.replace(threads=threads, **_here(task, device)),
        RunOptions(PREVIEW_EVERY, on_fetch, output_format="PNG"),
    )


def taken_up(
    folder: Folder, job: Job, state: Checkpoint, *, device: str, on_fetch: Told
) -> painting.Run:
    """A painting from its checkpoint, with the threads it was begun with.

    The data folder may have moved since, and the device may have another number.

    Args:
        folder, job, device, on_fetch: as for `begun`.
        state: its checkpoint.

    Raises:
        CheckpointError: it cannot go on from there.
        ImpastoError: as for `begun`.
    """
    place = _paths(folder, job)
    state = replace(
        state,
        settings={**state.settings, **_here(StyleTask.from_roles(place), device)},
        inputs={role: InputFile(str(path), job.inputs[role]) for role, path in place.items()},
    )
    return painting.resumed(
        state, preview_every=PREVIEW_EVERY, on_fetch=on_fetch, output_format="PNG"
    )


def named(text: str, folder: Folder, job: Job) -> str:
    """A message about a job's pictures, told by their role: paths are nobody's business outside.

    Example:
        >>> from datetime import UTC, datetime
        >>> from tempfile import TemporaryDirectory
        >>> from impasto.service.jobs.model import State
        >>> job = Job("0" * 32, State.RUNNING, {}, {"style 2": "ab" * 32}, datetime.now(UTC))
        >>> with TemporaryDirectory() as place:
        ...     folder = Folder(Path(place))
        ...     named(f"{folder.upload('ab' * 32)} is empty (0 bytes)", folder, job)
        'style image 2 is empty (0 bytes)'
    """
    for role, path in _paths(folder, job).items():
        phrase = Role.parse(role).phrase
        text = text.replace(format_path(path), phrase).replace(str(path), phrase)
    return text.replace(f"{folder.job(job.id)}{os.sep}", "").replace(str(folder.path), "data")


def _paths(folder: Folder, job: Job) -> dict[str, Path]:
    return {role: folder.upload(sha256) for role, sha256 in job.inputs.items()}


def _here(task: StyleTask[Path], device: str) -> dict[str, Any]:
    """Settings that are this worker's to say."""
    own = {"device": device} if device != "auto" else {}
    return own | ({} if task.start is None else {"init": f"{IMAGE}{task.start}"})
