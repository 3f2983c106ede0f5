"""A painting on disk: a PNG and a small JSON beside it, made once and kept while they hold.

Both are written whole or not at all, the JSON last; it says what guided the painting and what
read it, so that a change of either is found and only what it concerns is done again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from benchmarks.quality import evaluators, measures, painting
from benchmarks.quality.contenders import IDENTITY
from benchmarks.quality.painting import Job
from impasto import __version__, imaging
from impasto.errors import ImpastoError
from impasto.files import file_sha256, replacing
from impasto.signals import exit_in_words
from impasto.workflows.executors import Died, Message, Raised, Report
from impasto.workflows.executors.local import ProcessExecutor, SerialExecutor

__all__ = ["complete", "complete_all", "load", "memory", "place"]

# To be raised when the way of painting, or of reading, changes.
PAINTING, READING = 1, 1


def place(work: Path, job: Job) -> Path:
    """The PNG of a painting; its JSON has the same stem."""
    content, style = Path(job.content).stem, Path(job.style).stem
    stem = f"{content}-{style}"
    if job.contender.kind != IDENTITY:
        stem += f"-{job.strength:g}"
    return work / job.contender.name / f"{stem}.png"


def load(work: Path, teachers: Path, job: Job) -> dict[str, Any] | None:
    """The record of a painting, or None if it is not painted and read, or otherwise than asked."""
    record = _record(place(work, job), job)
    if record is None or record.get("read", {}).get("key") != _reading_key(teachers):
        return None
    return record


def complete(work: Path, teachers: Path, job: Job, processes: int = 1) -> dict[str, Any]:
    """The record of a painting; what it lacks is done first, and kept.

    Args:
        work: folder of all paintings.
        teachers: folder of the judges' weights.
        job: the painting.
        processes: that paint at the same time, without which its seconds say little.

    Raises:
        ImpastoError: if it cannot be painted, read or written.
    """
    path = place(work, job)
    record = _record(path, job)
    if record is None:
        result = painting.paint(job)
        path.parent.mkdir(parents=True, exist_ok=True)
        imaging.write(path, result.pixels)
        record = {
            "key": _painting_key(job),
            "png_sha256": file_sha256(path),
            "seconds": round(result.seconds, 3),
            "cpu_seconds": round(result.cpu_seconds, 3),
            "processes": processes,
            "losses": {name: round(loss, 5) for name, loss in result.losses.items()},
        }
    if record.get("read", {}).get("key") != _reading_key(teachers):
        record["read"] = {"key": _reading_key(teachers), **_readings(path, teachers, job)}
        _write(path.with_suffix(".json"), record)
    return record


def complete_all(
    work: Path, teachers: Path, jobs: Sequence[Job], processes: int = 1
) -> Iterator[tuple[Job, dict[str, Any]]]:
    """Each painting with its record, as it is ready; all are done with one thread a process.

    Args:
        work, teachers: as for `complete`.
        jobs: the paintings.
        processes: that paint at the same time; with 1 this process paints itself.

    Raises:
        ImpastoError: if one fails, with the exit code of its error; those that are done stay.
    """
    executor = SerialExecutor() if processes == 1 else ProcessExecutor(processes)
    messages = executor.run(partial(_attempt, work, teachers, processes), jobs)
    with closing(messages):
        yield from _records(messages)


def _records(messages: Iterable[Message[Job, Any]]) -> Iterator[tuple[Job, dict[str, Any]]]:
    for message in messages:
        if isinstance(message, Died):
            raise ImpastoError(
                f"a painting process ended ({exit_in_words(message.exit_code)}), perhaps for want "
                "of memory: start again with --jobs 1; what is painted is kept"
            )
        if isinstance(message, Raised):
            raise ImpastoError(f"{message.item.contender.name}: {message.reason}")
        if isinstance(message, Report):
            if isinstance(message.value, _Failure):
                raise message.value.as_error()
            yield message.item, message.value


@dataclass(frozen=True)
class _Failure:
    """An error on its way between two processes, which not every exception survives."""

    message: str
    exit_code: int

    def as_error(self) -> ImpastoError:
        error = ImpastoError(self.message)
        error.exit_code = self.exit_code
        return error


def _attempt(
    work: Path, teachers: Path, processes: int, job: Job
) -> Iterator[dict[str, Any] | _Failure]:
    """The work of an executor."""
    torch.set_num_threads(1)
    try:
        yield complete(work, teachers, job, processes)
    except ImpastoError as error:
        yield _Failure(f"{job.contender.name}: {error}", error.exit_code)


def memory(work: Path, job: Job, measure: bool) -> float | None:
    """Peak of memory in MB for a painting in a process of its own, measured once and kept.

    Args:
        work: folder of all paintings.
        job: the painting.
        measure: whether it may be measured now.
    """
    path = work / job.contender.name / "memory.json"
    record = _read(path)
    if record.get("key") == _painting_key(job):
        return float(record["peak_mb"])
    if not measure:
        return None
    peak = painting.peak_mb(job)
    _write(path, {"key": _painting_key(job), "peak_mb": peak})
    return peak


def _record(path: Path, job: Job) -> dict[str, Any] | None:
    """What the JSON says, if it speaks of this painting and of the PNG that is there."""
    record = _read(path.with_suffix(".json"))
    if record.get("key") != _painting_key(job) or not path.is_file():
        return None
    return record if record["png_sha256"] == file_sha256(path) else None


def _painting_key(job: Job) -> str:
    settings = job.settings.model_dump(mode="json")
    identity = {
        **job.contender.identity(),
        "method": PAINTING,
        "impasto": __version__,
        "settings": None if job.contender.kind == IDENTITY else settings,
        "size": job.size,
        "content": file_sha256(Path(job.content)),
        "style": file_sha256(Path(job.style)),
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


def _reading_key(teachers: Path) -> str:
    return f"{READING} " + " ".join(
        evaluators.sha256(judge, teachers)[:16] for judge in evaluators.JUDGES
    )


def _readings(path: Path, teachers: Path, job: Job) -> dict[str, Any]:
    pictures = painting.pictures_of(job)
    content, result = pictures.content, imaging.read(path)
    height, width = pictures.style_shape(pictures.shape)
    style = imaging.resized(pictures.styles[0], height, width, resample=job.settings.resample)
    readings: dict[str, Any] = {
        judge: evaluators.evaluate(judge, teachers, result, content, style)._asdict()
        for judge in job.contender.judges
    }
    fine, *own = (measures.fine_share(p.pixels) for p in (result, content, style))
    return {
        **readings,
        "colour": measures.colour_distance(result.pixels, style.pixels),
        "fine": fine,
        "fine_ratio": fine / max(own),
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _write(path: Path, record: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as draft:
        draft.write_text(json.dumps(record, indent=1) + "\n")
