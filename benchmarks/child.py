"""A command as a child process: its seconds and the peak of its memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass

__all__ = ["Measured", "measure", "measure_impasto"]


@dataclass(frozen=True)
class Measured:
    """What a command cost.

    Attributes:
        seconds: wall clock, start of the interpreter included.
        peak_bytes: most memory resident at once, of that process alone.
        output: what it said, standard error included.
    """

    seconds: float
    peak_bytes: int
    output: str


def measure(command: list[str]) -> Measured:
    """Run a command to its end.

    Raises:
        RuntimeError: if it fails; with what it said.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    # wait4 and not getrusage(RUSAGE_CHILDREN), which knows only the largest child so far.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Measured(time.perf_counter() - begun, usage.ru_maxrss * unit, said)


def measure_impasto(*arguments: str) -> Measured:
    """Run `impasto` with these arguments under the same interpreter."""
    return measure([sys.executable, "-m", "impasto", *arguments])
