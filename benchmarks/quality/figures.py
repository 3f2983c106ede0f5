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
from benchmarks.quality.compare import Curve, compare, style_at
from benchmarks.quality.contenders import IDENTITY
from benchmarks.quality.painting import Job
from benchmarks.quality.pairs import HELD_OUT, Pair

__all__ = ["MIDDLE", "Row", "by_contender", "curves", "noises", "results_of", "to_json"]

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
    def readings(self) -> dict[str, Any]:
        """What was read off it."""
        readings: dict[str, Any] = self.record["read"]
        return readings

    def flat(self) -> dict[str, Any]:
        """The painting as one line of the results."""
        line: dict[str, Any] = {
            "contender": self.job.contender.name,
            "pair": self.pair,
            "strength": self.job.strength,
        }
        for judge in self.job.contender.judges:
            line |= {f"{judge}_{k}": round(v, 4) for k, v in self.readings[judge].items()}
        line |= {name: round(self.readings[name], 4) for name in ("colour", "fine", "fine_ratio")}
        return line | {name: self.record[name] for name in ("seconds", "cpu_seconds")}


def curves(rows: Sequence[Row], judge: str) -> Mapping[str, Curve]:
    """(content distance, style distance) at every strength, by pair."""
    return _by_pair(
        rows, lambda row: (row.readings[judge]["content"], row.readings[judge]["style"])
    )


def noises(rows: Sequence[Row], judge: str) -> Mapping[str, Curve]:
    """(style distance, fine noise) at every strength, by pair."""
    return _by_pair(rows, lambda row: (row.readings[judge]["style"], row.readings["fine_ratio"]))


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


def results_of(
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


def to_json(results: Mapping[str, Any]) -> str:
    """The results as JSON, a painting to a line."""
    paintings = ",\n".join(f"  {json.dumps(line)}" for line in results["paintings"])
    head = json.dumps({**results, "paintings": []}, indent=2).removesuffix("[]\n}")
    return f"{head}[\n{paintings}\n]}}\n"


def _figures(own: Sequence[Row], references: Sequence[Row]) -> dict[str, Any]:
    contender = own[0].job.contender
    by_strength: dict[float, list[Row]] = defaultdict(list)
    for row in own:
        by_strength[row.job.strength].append(row)
    figures: dict[str, Any] = {
        "weights": contender.weights(),
        "strengths": {
            f"{strength:g}": _means(rows, contender.judges)
            for strength, rows in sorted(by_strength.items())
        },
    }
    if contender.kind == IDENTITY:
        return figures
    figures["seconds"] = round(mean(row.record["seconds"] for row in own), 2)
    figures["cpu_seconds"] = round(mean(row.record["cpu_seconds"] for row in own), 2)
    figures["steps_per_cpu_s"] = round(own[0].job.steps / figures["cpu_seconds"], 2)
    figures["equal_content"] = _against(own, references)
    unseen = [
        [row for row in each if Path(row.job.style).stem in HELD_OUT] for each in (own, references)
    ]
    figures["equal_content_held_out"] = _against(*unseen)
    figures["noise_at_equal_style"] = {
        judge: _round(asdict(compare(noises(own, judge), noises(references, judge))))
        for judge in _fair(own, references)
    }
    return figures


def _against(own: Sequence[Row], references: Sequence[Row]) -> dict[str, Any]:
    """The comparison by each judge that guided neither side."""
    comparisons = {}
    for judge in _fair(own, references):
        both = asdict(compare(curves(own, judge), curves(references, judge)))
        both["style"] = _style_at_reference(own, references, judge)
        comparisons[judge] = _round(both)
    return comparisons


def _fair(own: Sequence[Row], references: Sequence[Row]) -> list[str]:
    """The judges that guided neither side."""
    if not own or not references:
        return []
    fair = set(references[0].job.contender.judges)
    return [judge for judge in own[0].job.contender.judges if judge in fair]


def _round(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in figures.items()}


def _means(rows: Sequence[Row], judges: Sequence[str]) -> dict[str, Any]:
    means: dict[str, Any] = {
        judge: {
            kind: round(mean(row.readings[judge][kind] for row in rows), 4)
            for kind in ("style", "content")
        }
        for judge in judges
    }
    means["colour"] = round(mean(row.readings["colour"] for row in rows), 2)
    means["fine_ratio"] = round(median(row.readings["fine_ratio"] for row in rows), 3)
    return means | {"paintings": len(rows)}


def _style_at_reference(own: Sequence[Row], references: Sequence[Row], judge: str) -> float | None:
    """Mean style distance where content is as far as in the reference's middle painting."""
    ours = curves(own, judge)
    middle = {
        row.pair: row.readings[judge]["content"]
        for row in references
        if row.job.strength == MIDDLE and row.pair in ours
    }
    styles = [style_at(ours[pair], content) for pair, content in middle.items()]
    distances = [style for style in styles if style is not None]
    return mean(distances) if distances else None


def _by_pair(
    rows: Sequence[Row], point: Callable[[Row], tuple[float, float]]
) -> dict[str, list[tuple[float, float]]]:
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        points[row.pair].append(point(row))
    return points
