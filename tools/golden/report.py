"""The table of what was painted, and whether it is equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.golden.compare import Difference

__all__ = ["Row", "summary", "table"]


@dataclass(frozen=True)
class Row:
    """One task.

    Attributes:
        task: its name.
        difference: between what the two sides painted.
        base_s, new_s: seconds each side took; None where it did not paint to its end.
    """

    task: str
    difference: Difference
    base_s: float | None = None
    new_s: float | None = None


def table(rows: Sequence[Row], tolerance: float = 0.0) -> str:
    """The rows as aligned columns, those that differ marked.

    Example:
        >>> print(table([Row("default", Difference(), 1.25, 1.5)]))
          task     base s  new s  pictures
          default     1.2    1.5  equal
    """
    head = ("task", "base s", "new s", "pictures")
    cells = [(r.task, _seconds(r.base_s), _seconds(r.new_s), str(r.difference)) for r in rows]
    marks = [" ", *(" " if row.difference.within(tolerance) else "!" for row in rows)]
    wide = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    lines = [
        f"{mark} {line[0]:<{wide[0]}}  {line[1]:>{wide[1]}}  {line[2]:>{wide[2]}}  {line[3]}"
        for mark, line in zip(marks, [head, *cells], strict=True)
    ]
    return "\n".join(lines)


def summary(rows: Sequence[Row], tolerance: float = 0.0) -> str:
    """How many are equal, and what it took, in a sentence.

    Example:
        >>> summary([Row("default", Difference(), 1.0, 2.0)])
        '1 of 1 tasks equal; base 1 s, new 2 s'
    """
    equal = sum(row.difference.within(tolerance) for row in rows)
    base, new = sum(row.base_s or 0 for row in rows), sum(row.new_s or 0 for row in rows)
    alike = f"equal within {tolerance:g} of 255" if tolerance else "equal"
    return f"{equal} of {len(rows)} tasks {alike}; base {base:.0f} s, new {new:.0f} s"


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.1f}"
