"""`python -m tools.golden --base REV`: see `tools.golden`."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

import tools.golden
from tools.golden import inputs
from tools.golden.painting import SECTIONS, hand_over
from tools.golden.report import Row, summary, table
from tools.golden.tree import TaskError, Tree, check_out

__all__ = ["choose", "main"]

ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Paint, compare, print the table.

    Returns:
        0 if all pictures are equal, 1 if not, 2 if it could not begin.
    """
    options = _parse(arguments)
    # A worktree and child processes are left behind by a program that just ends.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        names = choose(options.only, options.handover)
        with check_out(options.base, ROOT) as base_root, _folder(options.keep) as folder:
            rows = _paint(base_root, folder, names, options.tolerance)
    except TaskError as error:
        print(f"golden: {error}", file=sys.stderr)
        return 2
    print(f"\n{table(rows, options.tolerance)}\n\n{summary(rows, options.tolerance)}")
    return 0 if all(row.difference.within(options.tolerance) for row in rows) else 1


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    about = (tools.golden.__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser("python -m tools.golden", description=about)
    parser.add_argument("--base", required=True, metavar="REV", help="the revision to compare with")
    parser.add_argument(
        "--only",
        action="append",
        metavar="NAME",
        help="paint this task; * stands for any letters; may be given again",
    )
    parser.add_argument(
        "--handover",
        action="store_true",
        help="also go on, with the working tree, with what REV left half done",
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        default=0.0,
        metavar="LEVELS",
        help="largest difference that counts as equal, in levels of 255 (default: 0)",
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep inputs and pictures there")
    return parser.parse_args(arguments)


def choose(only: Sequence[str] | None, handover: bool) -> list[list[str]]:
    """The names of the tasks to paint, section by section.

    Args:
        only: patterns; a task is painted that one of them fits. None for all tasks.
        handover: whether the last section counts where there are no patterns.

    Raises:
        TaskError: nothing fits a pattern.

    Example:
        >>> choose(["color-m*", "batch"], handover=False)
        [['color-match'], ['batch'], []]
    """
    if only is None:
        sections = [(paint is not hand_over or handover, names) for paint, names in SECTIONS]
        return [list(names) if counts else [] for counts, names in sections]
    all_names = [name for _, names in SECTIONS for name in names]
    for pattern in only:
        if not any(fnmatch(name, pattern) for name in all_names):
            raise TaskError(f"no task is called {pattern}: take of {', '.join(all_names)}")
    return [
        [name for name in names if any(fnmatch(name, pattern) for pattern in only)]
        for _, names in SECTIONS
    ]


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """An empty folder: the one that is to be kept, or a temporary one."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="impasto-golden-") as folder:
            yield Path(folder)
        return
    keep.mkdir(parents=True, exist_ok=True)
    if any(keep.iterdir()):
        raise TaskError(f"{keep} is not empty: name another folder with --keep")
    yield keep.resolve()


def _paint(
    base_root: Path, folder: Path, names: Sequence[Sequence[str]], tolerance: float
) -> list[Row]:
    place = folder / "inputs"
    place.mkdir()
    inputs.make(place, ROOT)
    sides = [
        Tree(root, folder / "home" / side, place)
        for root, side in ((base_root, "base"), (ROOT, "new"))
    ]
    for tree in sides:
        tree.check()
    rows = []
    for (paint, _), some in zip(SECTIONS, names, strict=True):
        for row in paint(*sides, folder, some):
            mark = "=" if row.difference.within(tolerance) else "!"
            print(f"{mark} {row.task}", flush=True)
            rows.append(row)
    return rows


if __name__ == "__main__":
    sys.exit(main())
