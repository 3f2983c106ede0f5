"""Paintings with what was read off them, and the curves they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.compare import Curve
from benchmarks.painting import Job
from benchmarks.pairs import Pair

__all__ = ["Row", "curves", "noises"]


@dataclass(frozen=True)
class Row:
    """A painting and its record.

    Attributes:
        job: what was painted.
        record: see `records.complete`.
    """

    job: Job
    record: dict[str, Any]

    @property
    def pair(self) -> str:
        """Name of its pair."""
        return Pair(Path(self.job.content), Path(self.job.style)).name

    @property
    def read(self) -> dict[str, Any]:
        """What was read off it."""
        read: dict[str, Any] = self.record["read"]
        return read

    def flat(self) -> dict[str, Any]:
        """The painting as one line of the results."""
        told: dict[str, Any] = {
            "contender": self.job.contender.name,
            "pair": self.pair,
            "strength": self.job.strength,
        }
        for judge in self.job.contender.judges:
            told |= {f"{judge}_{k}": round(v, 4) for k, v in self.read[judge].items()}
        told |= {name: round(self.read[name], 4) for name in ("colour", "fine", "fine_ratio")}
        return told | {name: self.record[name] for name in ("seconds", "cpu_seconds")}


def curves(rows: Sequence[Row], judge: str) -> Mapping[str, Curve]:
    """(content distance, style distance) at every strength, by pair."""
    return _by_pair(rows, lambda row: (row.read[judge]["content"], row.read[judge]["style"]))


def noises(rows: Sequence[Row], judge: str) -> Mapping[str, Curve]:
    """(style distance, fine noise) at every strength, by pair."""
    return _by_pair(rows, lambda row: (row.read[judge]["style"], row.read["fine_ratio"]))


def _by_pair(
    rows: Sequence[Row], point: Callable[[Row], tuple[float, float]]
) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        found[row.pair].append(point(row))
    return found
