"""How soon which plan of steps paints how well: `python -m benchmarks.time_to_quality --judge FILE
--pair PHOTOGRAPH PAINTING …`.

Every pair is painted by every plan, in turn, on one thread; a network that guided nothing reads how
far each painting is from its style and from its photograph. CPU seconds are compared within one run
alone, since they are worth something only beside the machine they were taken on.
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
from benchmarks.quality.pairs import Pair
from benchmarks.time_to_quality import plans
from benchmarks.time_to_quality.judge import Judge
from benchmarks.time_to_quality.measure import paint
from benchmarks.time_to_quality.tables import averages, table
from impasto.errors import ImpastoError
from impasto.files import file_sha256

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
    judge, chosen = Judge(options.judge), plans.select(options.plans)
    if options.work:
        options.work.mkdir(parents=True, exist_ok=True)
    rows = []
    for content, style in options.pair:
        pair = Pair(content, style)
        for name, plan in chosen.items():
            out = options.work and options.work / f"{content.stem}-{style.stem}-{name}.png"
            row = paint(judge, pair, plan, size=options.size, every=options.every, out=out)
            rows.append({"plan": name, **row})
            print(json.dumps(rows[-1]), flush=True)
    return {
        "machine": machine.describe(),
        "judge_sha256": file_sha256(options.judge),
        "size": options.size,
        "plans": {name: dict(plan) for name, plan in chosen.items()},
        "averages": averages(rows, plans.REFERENCE),
        "rows": rows,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the JSON, print the table."""
    options = parse(arguments)
    try:
        results = run(options)
        options.out.write_text(json.dumps(results, indent=1) + "\n")
    except ImpastoError as error:
        print(f"time_to_quality: {error}", file=sys.stderr)
        return error.exit_code
    print(table(results["averages"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
