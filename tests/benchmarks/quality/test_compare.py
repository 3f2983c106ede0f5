from __future__ import annotations

import math

import pytest
import torch

from benchmarks.quality.compare import compare, log_ratio, style_at, two_way_error

# style · content = 8: a straight line in log-log.
CURVE = [(1.0, 8.0), (2.0, 4.0), (4.0, 2.0)]


def scale(factor: float) -> list[tuple[float, float]]:
    return [(content, factor * style) for content, style in CURVE]


def test_a_point_of_the_curve_is_itself_and_between_two_it_is_straight_in_logs() -> None:
    assert style_at(CURVE, 2.0) == pytest.approx(4.0)
    assert style_at(CURVE, 3.0) == pytest.approx(8 / 3)


def test_the_order_of_the_paintings_does_not_matter() -> None:
    assert style_at(CURVE[::-1], 3.0) == pytest.approx(8 / 3)


def test_nothing_is_said_beyond_the_ends_of_a_curve() -> None:
    assert style_at(CURVE, 0.99) is None
    assert style_at(CURVE, 4.01) is None


def test_half_the_style_distance_at_every_content_distance_is_a_ratio_of_half() -> None:
    assert log_ratio(scale(0.5), CURVE) == pytest.approx(math.log(0.5))
    assert log_ratio(CURVE, CURVE) == pytest.approx(0)


def test_only_the_stretch_in_common_counts() -> None:
    # From 2 to 4 this curve is twice the other; before, where the other has nothing, it soars.
    long = [(0.1, 1e6), (2.0, 8.0), (4.0, 4.0)]
    short = [(2.0, 4.0), (4.0, 2.0)]
    assert log_ratio(long, short) == pytest.approx(math.log(2))


def test_curves_that_share_no_content_distance_are_apart() -> None:
    assert log_ratio(CURVE, [(5.0, 1.0), (6.0, 0.5)]) is None
    comparison = compare({"a": CURVE}, {"a": [(5.0, 1.0), (6.0, 0.5)]})
    assert (comparison.ratio, comparison.pairs, comparison.apart) == (None, 0, 1)


def test_pairs_are_averaged_geometrically_and_those_won_are_counted() -> None:
    halves = ["lion in mosaic", "lion in wave", "tower in mosaic"]
    ours = {**dict.fromkeys(halves, scale(0.5)), "tower in wave": scale(8.0)}
    comparison = compare(ours, dict.fromkeys(ours, CURVE))
    assert comparison.ratio == pytest.approx(1.0)
    assert comparison.won == pytest.approx(3 / 4)
    # Logs -1, -1, -1, 3 in units of log 2: sums of a photograph or painting -2 and 2, both ways,
    # over 4 pairs, two groups; less 12 / 16 of the pairs alone, times 4 / 3.
    assert comparison.error == pytest.approx(math.log(2))


def test_a_single_photograph_tells_no_error() -> None:
    ours = {"lion in mosaic": scale(0.5), "lion in wave": scale(0.25)}
    assert compare(ours, dict.fromkeys(ours, CURVE)).error is None


def test_pairs_only_one_side_has_painted_are_left_out() -> None:
    comparison = compare({"a": scale(0.5), "b": CURVE}, {"a": CURVE, "c": CURVE})
    assert (comparison.pairs, comparison.apart, comparison.error) == (1, 0, None)
    assert comparison.ratio == pytest.approx(0.5)


def test_paintings_that_never_left_the_photograph_are_apart_from_all_others() -> None:
    still = [(0.0, 3.0), (0.0, 3.0)]
    assert log_ratio(still, CURVE) is None
    assert style_at(still, 0.0) == pytest.approx(3.0)


def test_values_that_differ_by_one_group_only_count_as_many_as_there_are_groups() -> None:
    by_rows = {(row, column): 3.0 * int(row) for row in "012" for column in "abcdefg"}
    # Deviation 3 of three values: 3 / sqrt(3).
    assert two_way_error(by_rows) == pytest.approx(math.sqrt(3))
    by_columns = {(column, row): value for (row, column), value in by_rows.items()}
    assert two_way_error(by_columns) == pytest.approx(math.sqrt(3))


def test_values_that_differ_by_both_groups_have_both_errors() -> None:
    sums = {(i, j): 3.0 * int(i) + 4.0 * int(j) for i in "01" for j in "01"}
    alone = (3.5**2 + 0.5**2 + 0.5**2 + 3.5**2) / 4 / 3
    assert two_way_error(sums) == pytest.approx(math.sqrt(1.5**2 + 2.0**2 - alone))


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
