"""How soon which plan of steps paints how well: `python -m benchmarks.time_to_quality --judge FILE
--pair PHOTOGRAPH PAINTING …`.

Every pair is painted by every plan, in turn, on one thread; a network that guided nothing reads how
far each painting is from its style and from its photograph. CPU seconds are worth something only
beside others of the same machine. What `--out` holds already, of the same settings, pictures and
judge, is not painted again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks import machine
from benchmarks.quality.pairs import Pair
from benchmarks.time_to_quality import plans
from benchmarks.time_to_quality.judge import Judge
from benchmarks.time_to_quality.measure import paint
from benchmarks.time_to_quality.plans import settings_of
from benchmarks.time_to_quality.tables import averages, table
from impasto.errors import ImpastoError, InputError
from impasto.files import file_sha256, replacing
from impasto.networks import SLIM_FILE
from impasto.settings import StyleSettings

__all__ = ["main"]

RESULTS = Path(__file__).parents[1] / "results" / "time_to_quality.json"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.time_to_quality", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--judge", type=Path, required=True, metavar="FILE", help="safetensors")
    parser.add_argument(
        "--pair",
        type=Path,
        nargs=2,
        action="append",
        required=True,
        metavar=("PHOTOGRAPH", "PAINTING"),
        help="may be repeated",
    )
    parser.add_argument("--plans", default="", metavar="NAME,…", help=", ".join(plans.PLANS))
    parser.add_argument("--size", type=int, default=512, metavar="PX", help="default: 512")
    parser.add_argument("--every", type=int, default=0, metavar="N", help="read every N steps")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where paintings are written")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="FILE")
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Paint all of them.

    Raises:
        ImpastoError: whatever is wrong with the inputs, or fails.
    """
    torch.set_num_threads(1)
    kept = {row["key"]: row for row in _rows(options.out)}
    judge, chosen = Judge(options.judge), plans.select(options.plans)
    if options.work:
        options.work.mkdir(parents=True, exist_ok=True)
    jobs = {
        _key(options, pair, settings_of(plan, options.size)): (pair, name, plan)
        for pair in (Pair(*pictures) for pictures in options.pair)
        for name, plan in chosen.items()
    }
    rows = {key: kept[key] for key in jobs if key in kept}
    for key, (pair, name, plan) in jobs.items():
        if key not in rows:
            file = f"{pair.content.stem}-{pair.style.stem}-{name}.png"
            out = None if options.work is None else options.work / file
            row = paint(judge, pair, plan, size=options.size, every=options.every, out=out)
            rows[key] = {"key": key, "plan": name, **row}
            print(json.dumps(rows[key]), flush=True)
        results = _results(options, chosen, [rows[known] for known in jobs if known in rows])
        with replacing(options.out) as draft:
            draft.write_text(json.dumps(results, indent=1) + "\n")
    return results


def _rows(file: Path) -> list[dict[str, Any]]:
    """What was measured before; nothing if there is no such file."""
    try:
        rows: list[dict[str, Any]] = json.loads(file.read_text())["rows"]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, LookupError) as error:
        raise InputError(
            f"{file} holds no results that could be gone on with ({error}): name another --out"
        ) from None
    return rows


def _key(options: argparse.Namespace, pair: Pair, settings: StyleSettings) -> str:
    """What a row depends on, as one short text."""
    parts = [settings.model_dump(mode="json"), list(settings.weights)]
    parts += [file_sha256(path) for path in (pair.content, pair.style, options.judge, SLIM_FILE)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _results(
    options: argparse.Namespace,
    chosen: Mapping[str, Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    return {
        "machine": machine.describe(),
        "judge_sha256": file_sha256(options.judge),
        "size": options.size,
        "plans": {name: dict(plan) for name, plan in chosen.items()},
        "averages": averages(rows, plans.REFERENCE),
        "rows": list(rows),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the JSON, print the table."""
    options = parse(arguments)
    try:
        results = run(options)
    except ImpastoError as error:
        print(f"time_to_quality: {error}", file=sys.stderr)
        return error.exit_code
    print(table(results["averages"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
