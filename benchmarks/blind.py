"""Which of two paintings eyes prefer that do not know which is which.

    python -m benchmarks.blind lay PAIRS.json --out FOLDER [--readers 3] [--seed 0]
    python -m benchmarks.blind count FOLDER [--out RESULTS.json]

PAIRS.json is a list of objects with the paths `content`, `style`, `old` and `new`. Each reader gets
a folder of sheets, content and style above the paintings A and B, in an order and with sides of
their own, and writes `answers.txt` there: a line for each sheet, its number and A, B or `=`. The
key lies in `FOLDER/key.json`, which no reader is given. A pair goes to the painting that more
readers chose; without a majority it is a tie.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from impasto.errors import ImpastoError, PictureError, SettingError
from impasto.files import replacing
from impasto.reports.sheet import contact_sheet

__all__ = ["Pair", "count", "lay", "main", "majority", "read_answers"]

CELL = (720, 540)
KEY, ANSWERS = "key.json", "answers.txt"
OLD, NEW, TIE = "old", "new", "tie"


class Pair(NamedTuple):
    """What a sheet shows.

    Attributes:
        content, style: the pictures that were given.
        old, new: the paintings.
    """

    content: Path
    style: Path
    old: Path
    new: Path

    @property
    def name(self) -> str:
        """Of content and style."""
        return f"{self.content.stem}-{self.style.stem}"


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a JSON file; relative paths start at its folder.

    Raises:
        SettingError: not a list of such objects.
    """
    try:
        listed = json.loads(path.read_text("utf-8"))
        return [Pair(*(path.parent / one[field] for field in Pair._fields)) for one in listed]
    except (ValueError, TypeError, KeyError) as error:
        raise SettingError(
            f"{path} is no list of pairs ({error}): each needs {', '.join(Pair._fields)}"
        ) from error


def lay(pairs: Sequence[Pair], out: Path, *, readers: int = 3, seed: int = 0) -> Path:
    """Write every reader's sheets, and the key.

    The sides are swapped from one reader to the next, so that nobody's liking for a side counts.

    Args:
        pairs: at least one.
        out: folder, which may not hold sheets yet.
        readers: how many.
        seed: of orders and sides.

    Returns:
        The key.

    Raises:
        SettingError: no pairs or readers, or the folder holds a key.
    """
    if not pairs or readers < 1:
        raise SettingError(f"{len(pairs)} pairs and {readers} readers: give at least one of each")
    key_file = out / KEY
    if key_file.exists():
        raise SettingError(f"{key_file} is there: lay sheets in another folder")
    dice = random.Random(seed)
    sides = [dice.random() < 0.5 for _ in pairs]
    key: dict[str, list[dict[str, str]]] = {}
    for reader in range(1, readers + 1):
        folder = out / f"reader-{reader}"
        folder.mkdir(parents=True, exist_ok=True)
        order = dice.sample(range(len(pairs)), len(pairs))
        key[folder.name] = []
        for number, which in enumerate(order, 1):
            pair, swapped = pairs[which], sides[which] != (reader % 2 == 0)
            a, b = (NEW, OLD) if swapped else (OLD, NEW)
            _sheet(pair, getattr(pair, a), getattr(pair, b), folder / f"{number:02}.jpg")
            key[folder.name].append({"pair": pair.name, "A": a, "B": b})
    with replacing(key_file) as draft:
        draft.write_text(json.dumps(key, indent=1), "utf-8")
    return key_file


def _sheet(pair: Pair, a: Path, b: Path, path: Path) -> None:
    shown = {"photograph": pair.content, "style": pair.style, "A": a, "B": b}
    cells = []
    for caption, file in shown.items():
        try:
            with Image.open(file) as picture:
                cells.append((caption, picture.convert("RGB")))
        except OSError as error:
            raise PictureError(f"{file} cannot be read: {error}") from error
    with replacing(path) as draft:
        contact_sheet(cells, columns=2, cell=CELL).save(draft, "JPEG", quality=92)


def read_answers(path: Path, sheets: int) -> list[str]:
    """A reader's answers, in the order of the sheets.

    Raises:
        SettingError: a line of another form, or not one line for each sheet.
    """
    answers: dict[int, str] = {}
    for line in path.read_text("utf-8").splitlines():
        if not line.strip():
            continue
        number, _, answer = line.strip().partition(" ")
        answer = answer.strip()[:1].upper()
        if not number.isdecimal() or answer not in ("A", "B", "="):
            raise SettingError(f"{path}: {line.strip()!r} is not a number and A, B or =")
        answers[int(number)] = answer
    if sorted(answers) != list(range(1, sheets + 1)):
        raise SettingError(f"{path} answers {len(answers)} of {sheets} sheets: answer each once")
    return [answers[number] for number in sorted(answers)]


def majority(votes: Sequence[str]) -> str:
    """What more voted for, old or new; tie where neither has more.

    Example:
        >>> majority(["new", "old", "new"]), majority(["new", "tie", "old"])
        ('new', 'tie')
    """
    counts = Counter(votes)
    if counts[OLD] == counts[NEW]:
        return TIE
    return NEW if counts[NEW] > counts[OLD] else OLD


def count(folder: Path) -> dict[str, Any]:
    """Every pair's votes and whose it is, and how many pairs each has.

    Raises:
        SettingError: answers are missing or of another form.
    """
    key: Mapping[str, list[dict[str, str]]] = json.loads((folder / KEY).read_text("utf-8"))
    votes: dict[str, list[str]] = {}
    for reader, sheets in key.items():
        answers = read_answers(folder / reader / ANSWERS, len(sheets))
        for sheet, answer in zip(sheets, answers, strict=True):
            votes.setdefault(sheet["pair"], []).append(sheet.get(answer, TIE))
    decided = {pair: majority(cast) for pair, cast in sorted(votes.items())}
    totals = Counter(decided.values())
    return {
        "pairs": len(decided),
        **{side: totals[side] for side in (NEW, OLD, TIE)},
        "votes": {pair: votes[pair] for pair in decided},
        "key": key,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.blind", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    laying = commands.add_parser("lay", help="write the sheets and the key")
    laying.add_argument("pairs", type=Path)
    laying.add_argument("--out", type=Path, required=True)
    laying.add_argument("--readers", type=int, default=3)
    laying.add_argument("--seed", type=int, default=0)
    counting = commands.add_parser("count", help="count the answers")
    counting.add_argument("folder", type=Path)
    counting.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    try:
        if options.command == "lay":
            pairs = read_pairs(options.pairs)
            print(lay(pairs, options.out, readers=options.readers, seed=options.seed))
            return 0
        result = count(options.folder)
        if options.out is not None:
            with replacing(options.out) as draft:
                draft.write_text(json.dumps(result, indent=1), "utf-8")
        print(
            f"of {result['pairs']} pairs new {result[NEW]}, old {result[OLD]}, ties {result[TIE]}"
        )
    except (ImpastoError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code if isinstance(error, ImpastoError) else 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
