"""`python -m training.brush`: learn the bundled one-pass network anew; see docs/one-pass.md."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from impasto.errors import SettingError
from training.command import Parser, ended
from training.held_out import HELD_OUT, is_held_out

__all__ = ["main"]

PHOTO_SIDE, ART_SIDE = 512, 768  # px that are kept
EXAM_PHOTOS, EXAM_SMALL, EXAM_LARGE = 24, 24, 4
EXAMINE_S = 30.0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = Parser(prog="python -m training.brush", description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    more = "folders of paintings: one of many small ones, then those of large ones"
    parser.add_argument("--art", type=Path, nargs="+", required=True, help=more)
    parser.add_argument("--out", type=Path, required=True, help="network to write, .safetensors")
    parser.add_argument("--start", type=Path, metavar="NETWORK", help="network to begin from")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument("--minutes", type=float, required=True, help="how long to learn")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    more = "another value for a field of the recipe, as JSON: --set lr=0.0005"
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=more)
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> None:
    """Learn from first to last, with a log, a sheet and the network, written every half minute."""
    import torch
    from torch import Tensor

    from impasto import imaging
    from impasto.networks import stylizers
    from training.brush.data import Pictures
    from training.brush.learning import Learning, Recipe
    from training.slim.checks import check_same
    from training.slim.data import Folder
    from training.slim.saving import (
        CHECKPOINT,
        LOG,
        PLOT,
        commit,
        describe,
        read_checkpoint,
        write_checkpoint,
    )

    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    recipe = Recipe(**_changes(options.set, [field.name for field in fields(Recipe)]))
    smallest = max(*recipe.sides, *recipe.style_sides)

    def read(folder: Path, longest: int) -> Folder:
        return Folder.read(folder, smallest=smallest, longest=longest, without=is_held_out)

    photos = read(options.photos, PHOTO_SIDE)
    folders = [read(folder, ART_SIDE) for folder in options.art]
    asides = [EXAM_SMALL] + [EXAM_LARGE] * (len(folders) - 1)
    parts = [folder.split(aside) for folder, aside in zip(folders, asides, strict=True)]
    learnt_photos, exam_photos = photos.split(EXAM_PHOTOS)
    learnt, examined = (
        Pictures(of, Folder.joined(art), recipe.styles, recipe.each, recipe.seed, options.device)
        for of, art in (
            (learnt_photos, [part[0] for part in parts]),
            (exam_photos, [part[1] for part in parts]),
        )
    )
    start = None if options.start is None else stylizers.load(options.start)
    learning = Learning(recipe, 60 * options.minutes, learnt, examined, options.device, start)
    checkpoint = options.out.with_suffix(CHECKPOINT)
    written = json.loads(json.dumps(asdict(recipe) | {"minutes": options.minutes}))
    if options.resume:
        state = read_checkpoint(checkpoint)
        check_same(checkpoint, state, "recipe", written, "--set, --minutes")
        learning.restore(state)
    facts = {
        "name": options.out.stem,
        "photos": f"{len(photos.names)} from {options.photos.name}",
        "art": ", ".join(
            f"{len(folder.names)} from {path.name}"
            for folder, path in zip(folders, options.art, strict=True)
        )
        + f", without {', '.join(HELD_OUT)}",
        "start": "random" if options.start is None else describe(options.start),
        "recipe": json.dumps(asdict(recipe)),
        "commit": commit(),
        "device": options.device,
        "licence": "MIT",
    }
    told = time.monotonic()
    log = options.out.with_suffix(LOG)
    if not options.resume:
        log.write_text("")

    def keep() -> None:
        seconds = learning.spent
        line = json.dumps(asdict(learning.examine(round(seconds, 1))))
        with log.open("a") as file:
            file.write(line + "\n")
        print(line, flush=True)
        length = f"{learning.step} steps, {seconds / 60:.1f} minutes"
        stylizers.save(options.out, learning.average, {**facts, "length": length})
        write_checkpoint(checkpoint, {"recipe": written, **learning.state()})

    try:
        for _ in learning:
            if time.monotonic() - told > EXAMINE_S:
                keep()
                told = time.monotonic()
    finally:
        keep()
    sheet: Tensor = learning.sheet()
    place = options.out.with_suffix(PLOT)
    imaging.write(place, sheet.permute(1, 2, 0).numpy())
    print(f"wrote {options.out}, {log} and {place}")


def _changes(pairs: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """The fields of a recipe that are set otherwise.

    Raises:
        SettingError: no such field, or no JSON.
    """
    changes: dict[str, Any] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name not in names:
            raise SettingError(f"--set {pair}: the recipe has {', '.join(names)}")
        try:
            read = json.loads(value)
        except json.JSONDecodeError:
            raise SettingError(f"--set {pair}: {value!r} is not JSON; quote strings") from None
        changes[name] = tuple(read) if isinstance(read, list) else read
    return changes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    return ended(run, parse, arguments, "stopped; --resume goes on from here")


if __name__ == "__main__":
    sys.exit(main())
