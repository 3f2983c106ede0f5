"""The life of a worker: claim a job, paint it, claim the next, until it is told to end."""

from __future__ import annotations

import os
import secrets
import sys
import time
from contextlib import ExitStack
from functools import partial

import psutil
import torch

from impasto.errors import OutputError
from impasto.methods import device as devices
from impasto.service.jobs.claims import LEASE_S
from impasto.service.jobs.job_inputs import HERE
from impasto.service.jobs.runner import paint_job
from impasto.service.jobs.store import Store
from impasto.signals import Stop
from impasto.workflows import executors
from impasto.workflows.executors import Needs
from impasto.workflows.on_cluster import THREADS
from impasto.workflows.remote_painting import LostError, RemotePainter

__all__ = ["BEAT_S", "device_of", "work"]

BEAT_S = 5.0
# How long to wait for a database that cannot be reached.
AWAY_S = 2.0


def work(
    store: Store,
    name: str,
    *,
    device: str = "auto",
    threads: int | None = None,
    lease_s: float = LEASE_S,
    beat_s: float = BEAT_S,
    poll_s: float = 0.5,
    parent_pid: int | None = None,
    stop: Stop | None = None,
    cluster: str | None = None,
    clip: str | None = None,
) -> bool:
    """Paint jobs, one after the other.

    SIGTERM and Ctrl-C end it after the step that is being computed: the job is kept in a
    checkpoint and given back, which is no attempt.

    Args:
        store: where the jobs are.
        name: of this worker, for people.
        device: where to compute; "auto" leaves it to the job.
        threads: CPU threads, at most, of the jobs it begins; torch's choice if left out.
        lease_s: seconds after its last beat at which others may take its job up.
        beat_s: seconds between two beats.
        poll_s: seconds between two looks for a job.
        parent_pid: process that started it; when that is gone, the job in hand is the last.
        stop: to end it without a signal.
        cluster: where pictures are painted, as `executors.open` takes it, by one worker of it;
            films are painted here. Then `threads` are those of that worker, 1 if left out.
        clip: the CLIP model by which words guide a painting, as `clip` of the settings; None where
            there is none. On a cluster it lies at the same place of every machine.

    Returns:
        Whether it ended as it should: False after a failure nobody foresaw, when a fresh process
        should take its place.

    Raises:
        ClusterError: the cluster cannot be reached, or no more.
    """
    stop = stop or Stop()
    threads = threads or (torch.get_num_threads() if cluster is None else THREADS)
    with ExitStack() as stack:
        painter = HERE
        if cluster is not None:
            device = "cpu"
            say = partial(_say, name)
            needs = Needs(threads, precision="auto")  # a picture goes on where another began it
            place = stack.enter_context(executors.open(cluster, needs, on_note=say))
            painter = RemotePainter(place)
        stack.enter_context(stop.listening())
        while not stop.asked and not _is_gone(parent_pid):
            # A name for each job: a worker that comes to itself after its lease has ended must
            # not mistake the next one's lease for its own, whoever has that.
            worker = f"{name} {os.getpid()}-{secrets.token_hex(4)}"
            try:
                job = store.claim(worker, lease_s)
                if job is None:
                    time.sleep(poll_s)
                    continue
                fit = paint_job(
                    store,
                    job,
                    worker,
                    device=device,
                    threads=threads,
                    lease_s=lease_s,
                    beat_s=beat_s,
                    stop=stop,
                    painter=painter,
                    clip=clip,
                )
            except LostError as error:
                _say(name, str(error))
                continue
            except OutputError as error:
                _say(name, str(error))
                time.sleep(AWAY_S)
                continue
            if not fit:
                return False
    return True


def _say(name: str, sentence: str) -> None:
    print(f"impasto: {name}: {sentence}", file=sys.stderr, flush=True)


def device_of(device: str, number: int) -> str:
    """The device of one of several workers: where there are several GPUs, each takes its own.

    Args:
        device: as a person says it.
        number: of the worker, from 0.

    Raises:
        UnknownNameError, SettingError: there is no such device.

    Example:
        >>> device_of("cpu", 3)
        'cpu'
    """
    chosen = str(devices.choose(device))
    return f"cuda:{number % torch.cuda.device_count()}" if chosen == "cuda" else chosen


def _is_gone(pid: int | None) -> bool:
    """Whether the process that started this one has ended.

    Example:
        >>> _is_gone(None), _is_gone(os.getppid())
        (False, False)
    """
    if pid is None:
        return False
    # An orphan is adopted, which tells for sure; a number may be given to another process.
    return os.getppid() != pid if os.name == "posix" else not psutil.pid_exists(pid)
