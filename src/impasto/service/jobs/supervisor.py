"""Starts workers as child processes, and a fresh one in the place of each that ends.

It knows nothing of jobs. What becomes of the job of a worker that died is said in `claims.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from impasto.signals import exit_in_words

__all__ = ["Supervisor"]

LOOK_S = 0.2
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
# A worker that lived so long was not broken from the start.
HEALTHY_S = 60.0


@dataclass
class _Post:
    """One worker's place: who has it, and how soon a fresh one may take it."""

    number: int
    process: subprocess.Popen[bytes] | None = None
    begun_at: float = 0.0
    pause_s: float = 0.0
    next_at: float = 0.0


class Supervisor:
    """Workers for one data folder, in the process group of this process.

    They end when they are told to; if this process is killed, each finishes its job first.

    Args:
        data: the data folder.
        workers: how many; 0 for none.
        device: as for `impasto worker`; where there are several GPUs, each worker takes its own.
        threads: CPU threads of each; if left out, several workers share the processors, unless a
            cluster paints.
        nice: how far they give way to other programs, this one before all: 0 to 19.
        url: of the database, if it is not IMPASTO_DATABASE_URL's.
        cluster: that pictures are handed to; its workers have threads of their own.
        clip: CLIP model of the workers; None for none but IMPASTO_CLIP's.
        say: told in a sentence when a worker died.
        command: what to start in place of `impasto`, with the same arguments.

    Example:
        >>> supervisor = Supervisor(Path("data"), workers=0)
        >>> supervisor.start()
        >>> supervisor.pids
        []
        >>> supervisor.stop()
    """

    def __init__(
        self,
        data: Path,
        workers: int = 1,
        *,
        device: str = "auto",
        threads: int | None = None,
        nice: int = 10,
        url: str | None = None,
        cluster: str | None = None,
        clip: str | None = None,
        say: Callable[[str], None] | None = None,
        command: Sequence[str] = (sys.executable, "-P", "-m", "impasto"),
    ) -> None:
        if threads is None and cluster is None and workers > 1:
            threads = max(1, _processors() // workers)
        self._command = [*command, "worker", "--data", str(data.absolute())]
        self._command += ["--device", device, "--nice", str(nice), "--parent", str(os.getpid())]
        self._command += [] if threads is None else ["--threads", str(threads)]
        self._command += [] if cluster is None else ["--cluster", cluster]
        self._command += [] if clip is None else ["--clip", clip]
        # In the environment, where other users of the machine cannot read a password.
        self._environment = os.environ | ({} if url is None else {"IMPASTO_DATABASE_URL": url})
        self._say = say or (lambda text: print(f"impasto: {text}", file=sys.stderr, flush=True))
        self._posts = [_Post(number, pause_s=FIRST_PAUSE_S) for number in range(workers)]
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start the workers, and watch over them from a thread."""
        for post in self._posts:
            self._fill(post)
        self._thread.start()

    def stop(self, timeout_s: float = 20.0) -> None:
        """Ask all workers to give their jobs back and end; returns when they have.

        Args:
            timeout_s: when one that has not yet is killed. Its job is taken up again from its
                last checkpoint.
        """
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()
        running = [post.process for post in self._posts if post.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + timeout_s
        for process in running:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def pids(self) -> list[int]:
        """Of the workers that are running."""
        running = (post.process for post in self._posts)
        return [p.pid for p in running if p is not None and p.returncode is None]

    def _watch(self) -> None:
        while not self._end.wait(LOOK_S):
            for post in self._posts:
                self._look_after(post)

    def _look_after(self, post: _Post) -> None:
        now = time.monotonic()
        if post.process is None:
            if now >= post.next_at:
                try:
                    self._fill(post)
                except OSError as error:  # no memory for another process, say
                    self._lost(post, f"could not be started ({error})")
            return
        code = post.process.poll()
        if code is not None:
            if now - post.begun_at >= HEALTHY_S:
                post.pause_s = FIRST_PAUSE_S
            self._lost(post, f"ended ({exit_in_words(code)})")

    def _lost(self, post: _Post, how: str) -> None:
        self._say(f"worker {post.number + 1} {how}; a fresh one starts in {post.pause_s:g} s")
        post.process, post.next_at = None, time.monotonic() + post.pause_s
        post.pause_s = min(2 * post.pause_s, LONGEST_PAUSE_S)

    def _fill(self, post: _Post) -> None:
        post.begun_at = time.monotonic()
        post.process = subprocess.Popen(
            [*self._command, "--number", str(post.number)],
            env=self._environment,
            stdin=subprocess.DEVNULL,
        )


def _processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
