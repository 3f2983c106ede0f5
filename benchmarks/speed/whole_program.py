"""(c) The recipe `default` at 512 px, and (d) how time and memory grow, as whole processes."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.machine import measure_impasto
from impasto import samples

__all__ = ["default", "growth", "paint"]

CONTENT, STYLE = "astronaut", "swirls"


def paint(size: int, *options: str) -> dict[str, Any]:
    """One painting in a process of its own: seconds, peak and predicted memory."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.jsonl")
        command = ["stylize", str(samples.content(CONTENT)), str(samples.style(STYLE))]
        command += ["-o", str(Path(folder, "out.png")), "--log", str(log), "--upscale"]
        cost = measure_impasto(*command, "--size", str(size), *options)
        records = [json.loads(line) for line in log.read_text().splitlines()]
    finest = [r["seconds"] for r in records if r.get("scale") == [size, size]]
    a_step = (finest[-1] - finest[0]) / (len(finest) - 1) if len(finest) > 1 else None
    return {
        "size": size,
        "seconds": round(cost.seconds, 2),
        "seconds_a_finest_step": None if a_step is None else round(a_step, 3),
        "peak_mb": round(cost.peak_bytes / 1e6),
        "predicted_mb": round(records[0]["predicted_bytes"] / 1e6),
    }


def default(repeats: int = 3) -> dict[str, Any]:
    """`default` at 512 x 512 px, start of the program included."""
    runs = [paint(512) for _ in range(repeats)]
    seconds = [run["seconds"] for run in runs]
    return {
        "runs": runs,
        "seconds": {"median": median(seconds), "min": min(seconds), "max": max(seconds)},
        "peak_mb": max(run["peak_mb"] for run in runs),
    }


def growth(sizes: tuple[int, ...] = (256, 512, 1024, 2048)) -> list[dict[str, Any]]:
    """`default` at square sizes, its steps shared among more scales as they grow."""
    return [paint(size) for size in sizes]
