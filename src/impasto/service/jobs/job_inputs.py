"""From a job to its run: uploads become files, and messages name roles in place of hashes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, cast

from impasto import arrangements, painting
from impasto.asked import Asked
from impasto.errors import SettingError
from impasto.methods.checkpoint import Checkpoint, InputFile
from impasto.methods.protocol import OnFetch, Run, RunOptions
from impasto.service.jobs.files import Folder
from impasto.service.jobs.tables import Job
from impasto.task import Role, StyleTask
from impasto.text import format_path

__all__ = ["HERE", "Painter", "own_device", "redact_paths", "resume_run", "start_run"]

PREVIEW_EVERY = 5  # steps
RESULT_FORMAT = "PNG"


class Painter(Protocol):
    """Where a job is painted: `impasto.painting` itself, or a cluster."""

    def paint(self, task: Any, settings: Any, options: Any) -> Run:
        """As `impasto.painting.paint`."""

    def resumed(
        self,
        state: Checkpoint,
        *,
        preview_every: int,
        on_fetch: OnFetch | None,
        output_format: str | None,
    ) -> Run:
        """As `impasto.painting.resumed`."""


HERE = cast(Painter, painting)


def start_run(
    folder: Folder,
    job: Job,
    *,
    device: str,
    threads: int,
    on_fetch: OnFetch,
    painter: Painter = HERE,
    clip: str | None = None,
) -> Run:
    """A run from its first step.

    Args:
        folder: where the job's uploads lie.
        job: what to paint.
        device: where to compute; "auto" leaves it to the job.
        threads: CPU threads, at most, if it was never begun before.
        on_fetch: as for `impasto.painting.run`.
        painter: where it is painted.
        clip: this worker's CLIP model, for words that guide; None if it has none.

    Raises:
        ImpastoError: whatever is wrong with the pictures or settings.
    """
    settings = job.style_settings()
    begun: dict[str, Any] = {} if job.precision is None else {"precision": job.precision}
    threads = job.threads or min(threads, settings.threads or threads)
    return painter.paint(
        _task(folder, job),
        settings.replace(threads=threads, **begun, **_own(job, device, clip)),
        RunOptions(preview_every=PREVIEW_EVERY, on_fetch=on_fetch, output_format=RESULT_FORMAT),
    )


def resume_run(
    folder: Folder,
    job: Job,
    state: Checkpoint,
    *,
    device: str,
    on_fetch: OnFetch,
    painter: Painter = HERE,
    clip: str | None = None,
) -> Run:
    """A run from its checkpoint, with the threads it was begun with.

    The data folder and the CLIP model may have moved since, and the device may have another number.

    Args:
        folder, job, device, on_fetch, painter, clip: as for `start_run`.
        state: its checkpoint.

    Raises:
        CheckpointError: it cannot go on from there.
        ImpastoError: as for `start_run`.
    """
    paths = _paths(folder, job)
    state = replace(
        state,
        settings={**state.settings, **_own(job, device, clip)},
        inputs={role: InputFile(str(path), job.inputs[role]) for role, path in paths.items()},
    )
    return painter.resumed(
        state, preview_every=PREVIEW_EVERY, on_fetch=on_fetch, output_format=RESULT_FORMAT
    )


def redact_paths(text: str, folder: Folder, job: Job, clip: str | None = None) -> str:
    """A message about a job with roles in place of paths, which are nobody's business outside.

    Args:
        text: the message.
        folder: where the job's uploads lie.
        job: see above.
        clip: the worker's CLIP model, whose place is nobody's business either.

    Example:
        >>> from datetime import UTC, datetime
        >>> from tempfile import TemporaryDirectory
        >>> from impasto.service.jobs.tables import JobInput
        >>> uploads = JobInput.rows({"style 2": "ab" * 32})
        >>> job = Job(id="0" * 32, settings={}, created_at=datetime.now(UTC), uploads=uploads)
        >>> with TemporaryDirectory() as place:
        ...     folder = Folder(Path(place))
        ...     redact_paths(f"{folder.upload('ab' * 32)} is empty (0 bytes)", folder, job)
        'style image 2 is empty (0 bytes)'
    """
    for role, path in _paths(folder, job).items():
        phrase = Role.parse(role).phrase
        text = text.replace(format_path(path), phrase).replace(str(path), phrase)
    if clip is not None:
        text = text.replace(format_path(clip), "the CLIP model").replace(clip, "the CLIP model")
    return text.replace(f"{folder.job(job.id)}{os.sep}", "").replace(str(folder.path), "data")


def _task(folder: Folder, job: Job) -> StyleTask[Path] | Asked[Path]:
    """What is painted, or what that is to be arranged from."""
    if job.kind in arrangements.KINDS:
        return Asked(job.kind, job.options or {}, _paths(folder, job))
    return StyleTask.from_roles(_paths(folder, job), prompt=_guiding(job))


def _guiding(job: Job) -> str:
    """The words that guide a painting; empty where none do."""
    return str((job.plan or {}).get("text", "")) if job.settings.get("text_weight") else ""


def _own(job: Job, device: str, clip: str | None) -> dict[str, Any]:
    """The settings that are this worker's to say.

    Raises:
        SettingError: words guide the painting, and this worker has no CLIP model.
    """
    own = own_device(device)
    if not _guiding(job):
        return own
    if clip is None:
        raise SettingError(
            f"text_weight is {job.settings['text_weight']:g}, and the worker that has this job has "
            "no CLIP model to read the words: name one with IMPASTO_CLIP where it is started, or "
            "leave text_weight out"
        )
    return {**own, "clip": clip}


def _paths(folder: Folder, job: Job) -> dict[str, Path]:
    """The file of each upload, by role."""
    return {role: folder.upload(sha256) for role, sha256 in job.inputs.items()}


def own_device(device: str) -> dict[str, Any]:
    """The setting that is this worker's to say, if it says anything."""
    return {} if device == "auto" else {"device": device}
