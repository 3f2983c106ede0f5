"""What a painting in tiles costs: memory against what was predicted, and time against the whole.

Each painting is a process of its own, with one thread. The photograph is enlarged to the size that
is painted; steps are few, since memory and the time of a step do not depend on their number beyond
what L-BFGS remembers.

    python -m benchmarks.tiles --scratch /var/tmp --out benchmarks/results/tiles.json
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from benchmarks.machine import describe, measure_impasto
from impasto import imaging, samples

__all__ = ["Figures", "main", "measure"]

SIZES = (1024, 2048, 4096)
WAYS = {"whole": (), "tiles": ("--tile", "768"), "tiles in files": ("--tile", "768")}
# The whole of 4096 px would take 19 GB once the history is full.
LARGEST_WHOLE = 2048
STEPS = {1024: 60, 2048: 60, 4096: 30, 8192: 14}


@dataclass(frozen=True)
class Figures:
    """What one painting cost.

    Attributes:
        size: longest side, in px.
        way: of `WAYS`.
        steps: that were taken at the final size.
        cpu_s: of all its threads.
        peak_mb: most memory resident at once.
        predicted_mb: what was said before the first step.
    """

    size: int
    way: str
    steps: int
    cpu_s: float
    peak_mb: float
    predicted_mb: float


def measure(photo: Path, style: Path, size: int, way: str, scratch: Path) -> Figures:
    """Paint a photograph once.

    Args:
        photo, style: files.
        size: longest side, in px; the photograph is enlarged where it is smaller.
        way: of `WAYS`.
        scratch: the folder for planes, and for the painting.
    """
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = Path(name)
        large = folder / "photo.png"
        picture = imaging.fitted(imaging.read(photo), size=size, upscale=True)
        imaging.write(large, picture.floats)
        log = folder / "log.jsonl"
        options = ["--size", str(size), "--steps", str(STEPS[size]), "--threads", "1"]
        options += ["--tile", "off"] if way == "whole" else list(WAYS[way])
        options += ["--scratch", str(folder)] if way.endswith("files") else []
        files = [str(large), str(style), "-o", str(folder / "painted.png"), "--log", str(log)]
        cost = measure_impasto("stylize", *files, *options)
        events = [json.loads(line) for line in log.read_text().splitlines()]
    steps = [event for event in events if event["event"] == "step"]
    final = sum(max(step["scale"]) == size for step in steps)
    return Figures(
        size,
        way,
        final,
        round(cost.cpu_seconds, 1),
        round(cost.peak_bytes / 1e6),
        round(events[0]["predicted_bytes"] / 1e6),
    )


def main() -> None:
    """Measure, print, and keep what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--photo", type=Path, default=samples.content("chelsea"))
    parser.add_argument("--style", type=Path, default=samples.style("swirls"))
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, choices=sorted(STEPS))
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    results: list[dict[str, Any]] = []
    for size in options.sizes:
        for way in WAYS:
            if way == "whole" and size > LARGEST_WHOLE:
                continue
            figures = measure(options.photo, options.style, size, way, options.scratch)
            print(json.dumps(asdict(figures)), flush=True)
            results.append(asdict(figures))
    if options.out is not None:
        options.out.write_text(json.dumps({"machine": describe(), "results": results}, indent=2))


if __name__ == "__main__":
    main()
