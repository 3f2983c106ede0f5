from __future__ import annotations

import math

import pytest
import torch

from benchmarks.clusters import two_way_error


def test_values_that_differ_by_one_group_only_count_as_many_as_there_are_groups() -> None:
    by_rows = {(row, column): 3.0 * int(row) for row in "012" for column in "abcdefg"}
    # Deviation 3 of three values: 3 / sqrt(3).
    assert two_way_error(by_rows) == pytest.approx(math.sqrt(3))
    by_columns = {(column, row): value for (row, column), value in by_rows.items()}
    assert two_way_error(by_columns) == pytest.approx(math.sqrt(3))


def test_values_that_differ_by_both_groups_have_both_errors() -> None:
    added = {(i, j): 3.0 * int(i) + 4.0 * int(j) for i in "01" for j in "01"}
    alone = (3.5**2 + 0.5**2 + 0.5**2 + 3.5**2) / 4 / 3
    assert two_way_error(added) == pytest.approx(math.sqrt(1.5**2 + 2.0**2 - alone))


def test_independent_values_have_about_the_plain_error() -> None:
    noise = torch.randn(40, 40, generator=torch.Generator().manual_seed(0))
    values = {(str(i), str(j)): noise[i, j].item() for i in range(40) for j in range(40)}
    assert two_way_error(values) == pytest.approx(1 / 40, rel=0.3)


def test_it_is_never_below_the_plain_error() -> None:
    # Rows and columns add up to nothing, so the sum over groups would be below nothing.
    board = {(i, j): 1.0 if i == j else -1.0 for i in "01" for j in "01"}
    assert two_way_error(board) == pytest.approx(math.sqrt(4 / 4 / 3))


def test_a_single_group_tells_no_error() -> None:
    assert two_way_error({("lion", "mosaic"): 1.0, ("lion", "wave"): 2.0}) is None
    assert two_way_error({}) is None
