"""The machine of a measurement: what it is, and what a command costs on it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import torch

__all__ = ["Cost", "describe", "measure", "measure_impasto"]

# Linux counts what a process held before its exec as its own peak, and a fork holds what its
# parent does. So a small process of its own starts the command, and not one that has torch in it.
LAUNCHER = """
import json, os, subprocess, sys, time
start = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
output = child.stdout.read().decode(errors="replace")
_, status, usage = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
seconds = time.perf_counter() - start
cpu_seconds = usage.ru_utime + usage.ru_stime
print(json.dumps([child.returncode, seconds, cpu_seconds, usage.ru_maxrss, output]))
"""


@dataclass(frozen=True)
class Cost:
    """What a command cost.

    Attributes:
        seconds: wall clock, start of the interpreter included.
        cpu_seconds: of all its threads, and of the processes that it started and waited for.
        peak_bytes: most memory resident at once, of that process alone.
        output: what it wrote, standard error included.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


def measure(command: list[str]) -> Cost:
    """Run a command to its end.

    Raises:
        RuntimeError: if it fails; with what it wrote.
    """
    launch_command = [sys.executable, "-S", "-c", LAUNCHER, *command]
    report = subprocess.run(launch_command, stdout=subprocess.PIPE, text=True, check=True).stdout
    code, seconds, cpu_seconds, peak, output = json.loads(report)
    if code:
        raise RuntimeError(f"{' '.join(command)} ended with {code}: {output}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(seconds, cpu_seconds, peak * unit, output)


def measure_impasto(*arguments: str) -> Cost:
    """Run `impasto` with these arguments under the same interpreter."""
    return measure([sys.executable, "-m", "impasto", *arguments])


def describe() -> dict[str, Any]:
    """Processor, memory, system, versions and load, as JSON knows it."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "impasto": version("impasto"),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((s.split(":", 1)[1].strip() for s in lines if s.startswith("model name")), "")
