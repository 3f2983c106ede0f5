"""Paints every task with both trees, and makes a row of each."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tools.golden.compare import Difference, compare, compare_folders
from tools.golden.handover import HANDOVERS
from tools.golden.journeys import JOURNEYS, Journey
from tools.golden.report import Row
from tools.golden.tasks import PAINTINGS, words
from tools.golden.tree import TaskError, Tree

__all__ = ["SECTIONS", "hand_over", "journeys", "paintings"]

# Few enough that one that ends its process takes few with it.
AT_ONCE = 8

Outcome = tuple[float | None, str]  # seconds, and why it failed


def paintings(base: Tree, new: Tree, folder: Path, names: Sequence[str]) -> Iterator[Row]:
    """The tasks that are one `impasto stylize` each.

    Args:
        base, new: the two sides.
        folder: for what they paint: `base/TASK/` and `new/TASK/`.
        names: of the tasks.
    """
    for first in range(0, len(names), AT_ONCE):
        some = names[first : first + AT_ONCE]
        before = _in_one_process(base, folder / "base", some)
        after = _in_one_process(new, folder / "new", some)
        for name in some:
            yield _row(name, folder, before[name], after[name])


def _in_one_process(tree: Tree, folder: Path, names: Sequence[str]) -> dict[str, Outcome]:
    """Paint tasks with one side, in one child process."""
    commands = []
    for name in names:
        (folder / name).mkdir(parents=True)
        line = ["stylize", *words(PAINTINGS[name])]
        commands.append((name, [*line, "-o", str(folder / name / "picture.png")]))
    tasks, report = folder / f"{names[0]}.json", folder / f"{names[0]}.jsonl"
    tasks.write_text(json.dumps(commands))
    script = Path(__file__).with_name("child.py")
    reason = "its process ended before"
    try:
        tree.run([sys.executable, "-P", str(script), str(tasks), str(report)])
    except TaskError as error:
        reason = f"its process ended before: {error}"
    lines = report.read_text().splitlines() if report.exists() else []
    outcomes = {line["task"]: (line["seconds"], line["error"]) for line in map(json.loads, lines)}
    return {name: outcomes.get(name, (None, reason)) for name in names}


def journeys(base: Tree, new: Tree, folder: Path, names: Sequence[str]) -> Iterator[Row]:
    """The tasks of several commands; arguments as for `paintings`."""
    for name in names:
        outcomes = [
            _travel(tree, JOURNEYS[name], folder / side / name)
            for tree, side in ((base, "base"), (new, "new"))
        ]
        yield _row(name, folder, *outcomes)


def _travel(tree: Tree, journey: Journey, result: Path) -> Outcome:
    result.mkdir(parents=True)
    work = result.with_name(f"{result.name}-work")
    work.mkdir()
    start = time.perf_counter()
    try:
        journey.paint(tree, result, work)
    except TaskError as error:
        return None, str(error)
    seconds = time.perf_counter() - start
    for one, other in journey.alike:
        difference = compare(result / one, result / other)
        if difference.where:
            return seconds, f"{one} and {other}: {difference}"
    return seconds, ""


def hand_over(base: Tree, new: Tree, folder: Path, names: Sequence[str]) -> Iterator[Row]:
    """What `base` leaves half done and `new` ends; arguments as for `paintings`."""
    for name in names:
        expected, actual = folder / "base" / name, folder / "new" / name
        for place in (expected, actual):
            place.mkdir(parents=True)
        try:
            seconds = HANDOVERS[name](base, new, expected, actual)
        except TaskError as error:
            yield Row(name, Difference(math.inf, str(error)))
        else:
            yield Row(name, compare_folders(expected, actual), *seconds)


def _row(name: str, folder: Path, before: Outcome, after: Outcome) -> Row:
    """A row from what both sides told and painted; a failure is a difference, even on both."""
    failures = [
        f"{side}: {outcome[1]}"
        for side, outcome in (("base", before), ("new", after))
        if outcome[1]
    ]
    if failures:
        difference = Difference(math.inf, "; ".join(failures))
    else:
        difference = compare_folders(folder / "base" / name, folder / "new" / name)
    return Row(name, difference, before[0], after[0])


SECTIONS: tuple[tuple[Callable[..., Iterator[Row]], Sequence[str]], ...] = (
    (paintings, tuple(PAINTINGS)),
    (journeys, tuple(JOURNEYS)),
    (hand_over, tuple(HANDOVERS)),
)
