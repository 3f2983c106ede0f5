"""A command as a child process: its seconds and the peak of its memory."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

__all__ = ["Measured", "measure", "measure_impasto"]

# Linux counts what a process held before its exec as its own peak, and a fork holds what its
# parent does. So a small process of its own starts the command, and not one that has torch in it.
LAUNCHER = """
import json, os, subprocess, sys, time
begun = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
said = child.stdout.read().decode(errors="replace")
_, status, usage = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
seconds = time.perf_counter() - begun
print(json.dumps([child.returncode, seconds, usage.ru_maxrss, said]))
"""


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
    launched = [sys.executable, "-S", "-c", LAUNCHER, *command]
    told = subprocess.run(launched, stdout=subprocess.PIPE, text=True, check=True).stdout
    code, seconds, peak, output = json.loads(told)
    if code:
        raise RuntimeError(f"{' '.join(command)} ended with {code}: {output}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Measured(seconds, peak * unit, output)


def measure_impasto(*arguments: str) -> Measured:
    """Run `impasto` with these arguments under the same interpreter."""
    return measure([sys.executable, "-m", "impasto", *arguments])
