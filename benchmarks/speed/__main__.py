"""How fast impasto is: `python -m benchmarks.speed [--out FILE.json] [--only a,b,c,d]`.

Ratios compare two sides measured in turn within one run; absolute seconds are worth something
only beside the machine they were taken on. Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.speed import forward_backward, time_to_loss, whole_program

RESULTS = Path(__file__).parents[1] / "results"

PARTS: dict[str, tuple[str, Callable[[], Any]]] = {
    "a": ("one pass at 512 px, VGG-19: ours against naive", forward_backward.compare),
    "b": ("time to the chapter's loss, slim: a plan against 500 Adam steps", time_to_loss.compare),
    "c": ("recipe default at 512 px, the whole program", whole_program.default),
    "d": ("growth from 256 to 2048 px, the whole program", whole_program.growth),
}


def table(results: dict[str, Any]) -> str:
    """The figures as Markdown."""
    lines = ["| what | figure |", "| --- | --- |"]
    if "a" in results:
        faster = results["a"]["times_faster"]
        figure = f"{faster['median']} times faster ({faster['min']} to {faster['max']})"
        lines.append(f"| (a) {PARTS['a'][0]} | {figure} |")
    for row in results["b"]["runs"] if "b" in results else []:
        if row["times_faster"]:
            seconds = f"{row['chapter_s']} s to {row['plan_reached_s']} s"
            figure = f"{row['times_faster']} times faster ({seconds})"
        else:
            figure = (
                f"not reached: {row['plan_loss']} after {row['plan_s']} s, the chapter "
                f"{row['chapter_loss']} after {row['chapter_s']} s"
            )
        lines.append(f"| (b) {' in '.join(row['pair'])} | {figure} |")
    if "c" in results:
        c = results["c"]
        s = c["seconds"]
        figure = f"{s['median']} s ({s['min']} to {s['max']}), peak {c['peak_mb']} MB"
        lines.append(f"| (c) {PARTS['c'][0]} | {figure} |")
    for row in results.get("d", []):
        figure = (
            f"{row['seconds']} s, {row['seconds_a_finest_step']} s a step at full size, "
            f"peak {row['peak_mb']} MB (predicted {row['predicted_mb']})"
        )
        lines.append(f"| (d) {row['size']} px | {figure} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, write the JSON, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS / "speed.json")
    parser.add_argument("--only", default="a,b,c,d", help="parts to measure")
    options = parser.parse_args()
    before = json.loads(options.out.read_text()) if options.out.exists() else {}
    for key in options.only.split(","):
        title, measure = PARTS[key]
        print(f"({key}) {title} …", flush=True)
        before[key] = {"machine": machine.describe(), "figures": measure()}
        options.out.write_text(json.dumps(before, indent=2) + "\n")
    print(table({key: part["figures"] for key, part in sorted(before.items())}))


if __name__ == "__main__":
    main()
