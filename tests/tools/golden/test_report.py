from __future__ import annotations

import math

from tools.golden.compare import Difference
from tools.golden.report import Row, summary, table

ROWS = [
    Row("alike", Difference(), 1.0, 2.0),
    Row("near", Difference(0.5, "0.5 of 255"), 3.0, 4.0),
    Row("broken", Difference(math.inf, "new: exit code 1"), 5.0),
]


def test_rows_that_differ_are_marked_and_a_side_that_failed_has_no_seconds() -> None:
    head, *lines = table(ROWS).splitlines()
    assert head.split() == ["task", "base", "s", "new", "s", "pictures"]
    assert [line[0] for line in lines] == [" ", "!", "!"]
    assert lines[2].split()[1:] == ["broken", "5.0", "-", "new:", "exit", "code", "1"]


def test_columns_are_aligned() -> None:
    head, *lines = table(ROWS).splitlines()
    at = head.index("pictures")
    assert [line[at:] for line in lines] == [str(row.difference) for row in ROWS]


def test_a_tolerance_unmarks_what_is_near() -> None:
    assert [line[0] for line in table(ROWS, 0.5).splitlines()[1:]] == [" ", " ", "!"]


def test_the_summary_counts_what_is_equal_and_adds_the_seconds() -> None:
    assert summary(ROWS) == "1 of 3 tasks equal; base 9 s, new 6 s"
    assert summary(ROWS, 0.5) == "2 of 3 tasks equal within 0.5 of 255; base 9 s, new 6 s"
