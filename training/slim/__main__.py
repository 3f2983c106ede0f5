"""`python -m training.slim`: learn the bundled backbone anew; see docs/slim.md."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from impasto.errors import SettingError, UnknownNameError
from training.command import Parser, ended
from training.held_out import HELD_OUT
from training.slim.config import LESSONS, Recipe

__all__ = ["main"]


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = Parser(prog="python -m training.slim", description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--art", type=Path, nargs="+", required=True, help="folders of paintings")
    parser.add_argument("--lessons", choices=LESSONS, default="components", help="what to learn")
    parser.add_argument("--teachers", type=Path, help="folder of the teachers that are files")
    parser.add_argument("--out", type=Path, required=True, help="weights to write, .safetensors")
    parser.add_argument("--start", type=Path, metavar="WEIGHTS", help="weights to begin from")
    parser.add_argument("--minutes", type=float, default=0.0, help="stop after so much learning")
    parser.add_argument("--steps", type=int, default=0, help="stop after so many: repeatable")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--threads", type=int, default=0, help="0: as many as torch takes")
    parser.add_argument("--checkpoint-every", type=int, default=500, metavar="STEPS")
    more = f"not learnt from, beside {', '.join(HELD_OUT)}: names without endings"
    parser.add_argument("--held-out", nargs="*", default=[], metavar="NAME", help=more)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another value for a field of the recipe, as JSON: --set pooling='\"average\"'",
    )
    return parser.parse_args(arguments)


def change(recipe: Recipe, pairs: Sequence[str]) -> Recipe:
    """A recipe with NAME=VALUE changes.

    Raises:
        SettingError: for a value that is not JSON, or not of its field's type and range.
        UnknownNameError: if there is no such field.
    """
    names = [field.name for field in fields(Recipe) if field.name != "matches"]
    changes: dict[str, Any] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name not in names:
            raise UnknownNameError("field of the recipe", name, names)
        try:
            changes[name] = json.loads(value)
        except json.JSONDecodeError:
            raise SettingError(f"--set {pair}: {value!r} is not JSON; quote strings") from None
    return recipe.replace(**changes)


def run(options: argparse.Namespace) -> None:
    """Learn from first to last, with progress, log, plot, checkpoints and weights."""
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    from training.slim.session import Session

    session = Session.begin(
        change(Recipe(matches=LESSONS[options.lessons]), options.set),
        photos=options.photos,
        art=options.art,
        teachers=options.teachers,
        out=options.out,
        steps=options.steps,
        minutes=options.minutes,
        resume=options.resume,
        device=options.device,
        threads=options.threads,
        checkpoint_every=options.checkpoint_every,
        held_out=options.held_out,
        start=options.start,
    )
    columns = (*Progress.get_default_columns()[:2], TextColumn("{task.fields[status]}"))
    with Progress(*columns, TimeElapsedColumn(), refresh_per_second=1) as progress:
        task = progress.add_task("learning", total=1.0, status="")
        for result in session:
            progress.update(task, completed=result.share, status=f"step {result.step}")
    print(f"wrote {options.out}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    return ended(run, parse, arguments, "stopped; --resume goes on from the last checkpoint")


if __name__ == "__main__":
    sys.exit(main())
