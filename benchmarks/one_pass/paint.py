"""All pairs painted by every side in turn, each side in a process that stays warm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.one_pass.sides import Side, Worker, request
from benchmarks.quality.pairs import Pair

__all__ = ["picture_of", "warm"]


def picture_of(work: Path, side: str, pair: Pair) -> Path:
    """Where the painting of a pair lies."""
    return work / side / f"{pair.content.stem}-{pair.style.stem}.png"


def warm(
    sides: Sequence[Side],
    pairs: Sequence[Pair],
    *,
    size: int,
    threads: int,
    rounds: int,
    work: Path | None,
) -> tuple[dict[str, list[dict[str, float]]], dict[str, str]]:
    """Paint all pairs several times, the sides in turn, once their networks are loaded.

    The first pair is painted once beforehand, and does not count. From pair to pair another side
    begins, so that no side always follows the other.

    Args:
        sides: that are compared.
        pairs: to paint.
        size: longest side, in px.
        threads: each side may use.
        rounds: paintings of each pair by each side; the median of their seconds counts.
        work: folder of the paintings; None to write none.

    Returns:
        By side, `width`, `height`, `seconds` and `cpu_seconds` of each pair as `worker.answer`
        tells them, and the versions of the sides' packages.

    Raises:
        ImpastoError: a side cannot paint.
    """
    answers: dict[str, list[list[dict[str, Any]]]] = {
        side.name: [[] for _ in pairs] for side in sides
    }
    versions: dict[str, str] = {}
    with ExitStack() as stack:
        workers = {side.name: stack.enter_context(Worker(side, threads)) for side in sides}
        for name, worker in workers.items():
            versions |= worker.versions
            worker.paint(request(pairs[0], size, None))
            if work is not None:
                (work / name).mkdir(parents=True, exist_ok=True)
        for turn in range(rounds):
            for number, pair in enumerate(pairs):
                order = list(workers.items())
                for name, worker in reversed(order) if (turn + number) % 2 else order:
                    kept = work if turn == 0 else None
                    out = None if kept is None else picture_of(kept, name, pair)
                    answers[name][number].append(worker.paint(request(pair, size, out)))
    return {name: [_median(each) for each in own] for name, own in answers.items()}, versions


def _median(answers: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {name: median(answer[name] for answer in answers) for name in answers[0]}
