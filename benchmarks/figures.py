"""From the records of all paintings to the figures of each contender, as JSON knows them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

from benchmarks import machine
from benchmarks.compare import Curve, compared, style_at
from benchmarks.contenders import IDENTITY
from benchmarks.painting import Job
from benchmarks.pairs import HELD_OUT, Pair

__all__ = ["MIDDLE", "Row", "by_contender", "curves", "noises", "spelt", "whole"]

MIDDLE = 0.5


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


def by_contender(rows: Sequence[Row], reference: str) -> dict[str, dict[str, Any]]:
    """Each contender's figures by its name, in the order of the rows.

    Args:
        rows: all paintings.
        reference: name of the contender that the others are compared with.
    """
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_name[row.job.contender.name].append(row)
    return {name: _figures(own, by_name.get(reference, [])) for name, own in by_name.items()}


def whole(
    rows: Sequence[Row], figures: Mapping[str, Any], reference: str, missing: int
) -> dict[str, Any]:
    """All there is to know of a run.

    Args:
        rows: all paintings, at least one.
        figures: see `by_contender`.
        reference: name of the contender that the others are compared with.
        missing: paintings that were asked for and are not there.
    """
    job = rows[0].job
    # Of each painting's own record: some may be kept from a run with others.
    processes = sorted({row.record["processes"] for row in rows if "processes" in row.record})
    return {
        "machine": machine.describe(),
        "setting": {
            "size": job.size,
            "steps": job.steps,
            "seed": job.seed,
            "threads": 1,
            "processes": processes,
        },
        "reference": reference,
        "held_out": list(HELD_OUT),
        "missing": missing,
        "contenders": dict(figures),
        "paintings": [row.flat() for row in rows],
    }


def spelt(told: Mapping[str, Any]) -> str:
    """The results as JSON, a painting to a line."""
    paintings = ",\n".join(f"  {json.dumps(line)}" for line in told["paintings"])
    head = json.dumps({**told, "paintings": []}, indent=2).removesuffix("[]\n}")
    return f"{head}[\n{paintings}\n]}}\n"


def _figures(own: Sequence[Row], references: Sequence[Row]) -> dict[str, Any]:
    contender = own[0].job.contender
    by_strength: dict[float, list[Row]] = defaultdict(list)
    for row in own:
        by_strength[row.job.strength].append(row)
    told: dict[str, Any] = {
        "weights": contender.weights(),
        "strengths": {
            f"{strength:g}": _means(rows, contender.judges)
            for strength, rows in sorted(by_strength.items())
        },
    }
    if contender.kind == IDENTITY:
        return told
    told["seconds"] = round(mean(row.record["seconds"] for row in own), 2)
    told["cpu_seconds"] = round(mean(row.record["cpu_seconds"] for row in own), 2)
    told["steps_per_cpu_s"] = round(own[0].job.steps / told["cpu_seconds"], 2)
    told["equal_content"] = _against(own, references)
    unseen = [
        [row for row in each if Path(row.job.style).stem in HELD_OUT] for each in (own, references)
    ]
    told["equal_content_held_out"] = _against(*unseen)
    told["noise_at_equal_style"] = {
        judge: _rounded(asdict(compared(noises(own, judge), noises(references, judge))))
        for judge in _fair(own, references)
    }
    return told


def _against(own: Sequence[Row], references: Sequence[Row]) -> dict[str, Any]:
    """The comparison by each judge that guided neither side."""
    told = {}
    for judge in _fair(own, references):
        both = asdict(compared(curves(own, judge), curves(references, judge)))
        both["style"] = _style_at_reference(own, references, judge)
        told[judge] = _rounded(both)
    return told


def _fair(own: Sequence[Row], references: Sequence[Row]) -> list[str]:
    """The judges that guided neither side."""
    if not own or not references:
        return []
    fair = set(references[0].job.contender.judges)
    return [judge for judge in own[0].job.contender.judges if judge in fair]


def _rounded(told: Mapping[str, Any]) -> dict[str, Any]:
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in told.items()}


def _means(rows: Sequence[Row], judges: Sequence[str]) -> dict[str, Any]:
    means: dict[str, Any] = {
        judge: {
            kind: round(mean(row.read[judge][kind] for row in rows), 4)
            for kind in ("style", "content")
        }
        for judge in judges
    }
    means["colour"] = round(mean(row.read["colour"] for row in rows), 2)
    means["fine_ratio"] = round(median(row.read["fine_ratio"] for row in rows), 3)
    return means | {"paintings": len(rows)}


def _style_at_reference(own: Sequence[Row], references: Sequence[Row], judge: str) -> float | None:
    """Mean style distance where content is as far as in the reference's middle painting."""
    ours = curves(own, judge)
    middle = {
        row.pair: row.read[judge]["content"]
        for row in references
        if row.job.strength == MIDDLE and row.pair in ours
    }
    found = [style_at(ours[pair], content) for pair, content in middle.items()]
    reached = [style for style in found if style is not None]
    return mean(reached) if reached else None


def _by_pair(
    rows: Sequence[Row], point: Callable[[Row], tuple[float, float]]
) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        found[row.pair].append(point(row))
    return found
