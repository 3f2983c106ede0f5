"""Many paintings by one or more processes, each with one thread."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import torch

from benchmarks import records
from benchmarks.painting import Job
from impasto.errors import ImpastoError

__all__ = ["done"]


class Failure(NamedTuple):
    """An error on its way between two processes, which not every exception survives."""

    message: str
    exit_code: int


def done(
    work: Path, teachers: Path, jobs: list[Job], workers: int
) -> Iterator[tuple[Job, dict[str, Any]]]:
    """Complete the paintings, giving each with its record as it is ready.

    Args:
        work, teachers: as for `records.complete`.
        jobs: the paintings.
        workers: processes; with 1 this process paints itself.

    Raises:
        ImpastoError: if one fails; those that are done stay.
    """
    if workers == 1:
        torch.set_num_threads(1)
        for job in jobs:
            yield job, _succeeded(_attempt(work, teachers, job, workers))
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _start)
    try:
        futures = {pool.submit(_attempt, work, teachers, job, workers): job for job in jobs}
        for future in as_completed(futures):
            yield futures[future], _succeeded(future.result())
    except BrokenProcessPool:
        raise ImpastoError(
            "a painting process was killed, perhaps for want of memory: start again with "
            "--jobs 1; what is painted is kept"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted run finishes what is begun
    torch.set_num_threads(1)


def _attempt(work: Path, teachers: Path, job: Job, workers: int) -> dict[str, Any] | Failure:
    try:
        return records.complete(work, teachers, job, workers)
    except ImpastoError as error:
        return Failure(f"{job.contender.name}: {error}", error.exit_code)


def _succeeded(record: dict[str, Any] | Failure) -> dict[str, Any]:
    if isinstance(record, Failure):
        error = ImpastoError(record.message)
        error.exit_code = record.exit_code
        raise error
    return record
