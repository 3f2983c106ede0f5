from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from impasto.work import RECENT, SMALL, Work, seconds_left_of_all, step_cost

Size = tuple[int, int]
Scales = Sequence[tuple[Size, int]]

# `--size 384 --steps 120`, as a newcomer ran it.
SCALES: Scales = [((64, 96), 54), ((128, 192), 38), ((255, 384), 28)]
STEPS = 120
PX_S = 4e-6


def painted(scales: Scales, px_s: float = PX_S) -> Iterator[tuple[int, Size, float]]:
    """Number, size and end of each step, on a clock where each px takes as long as any other."""
    step, seconds = 0, 0.0
    for size, count in scales:
        for _ in range(count):
            step, seconds = step + 1, seconds + px_s * step_cost(*size)
            yield step, size, seconds


def even(work: Work, steps: int, side: int = 64, pace: float = 1.0) -> Work:
    for step in range(1, steps + 1):
        work.add(step, (side, side), pace * step)
    return work


def test_a_run_whose_time_goes_with_its_pixels_is_told_the_time_left_exactly() -> None:
    steps = list(painted(SCALES))
    work, end = Work(SCALES, STEPS), steps[-1][2]
    work.add(*steps[0])
    for step, size, seconds in steps[1:]:
        work.add(step, size, seconds)
        assert work.seconds_left == pytest.approx(end - seconds, abs=1e-6)
        assert work.share == pytest.approx(seconds / end)


def test_counting_steps_alike_would_be_far_too_short() -> None:
    step, _, seconds = list(painted(SCALES))[53]
    whole = list(painted(SCALES))[-1][2]
    assert (whole - seconds) / (seconds / step * (STEPS - step)) > 5


def test_the_bar_is_filled_by_pixels_and_ends_full() -> None:
    work = Work([((100, 100), 10), ((200, 200), 10)], 20)
    work.add(10, (100, 100), 1.0)
    small, large = 100 * 100 + SMALL, 200 * 200 + SMALL
    assert work.share == pytest.approx(small / (small + large))
    work.add(20, (200, 200), 9.0)
    assert work.share == 1


def test_a_look_at_the_pictures_when_a_scale_begins_is_not_taken_for_the_pace() -> None:
    work, late = Work(SCALES, STEPS), 0.0
    steps = list(painted(SCALES))
    for step, size, seconds in steps[:94]:
        late += 5.0 if step in (1, 55, 93) else 0.0
        work.add(step, size, seconds + late)
    assert work.seconds_left == pytest.approx(steps[-1][2] - steps[93][2])


def test_a_scale_that_ends_early_moves_the_bar_on_and_never_back() -> None:
    work = Work([((64, 64), 10), ((128, 128), 4)], 14)
    shares = []
    for step, side in enumerate([64, 64, 64, 128, 128, 128, 128], 1):
        work.add(step, (side, side), float(step))
        shares.append(work.share)
    assert shares == sorted(shares)
    fine = step_cost(128, 128)
    assert shares[3] == pytest.approx((10 * step_cost(64, 64) + fine) / work.total)
    assert shares[-1] == 1
    assert work.seconds_left == 0


def test_nothing_is_told_before_the_second_step_unless_it_was_predicted() -> None:
    assert even(Work([((64, 64), 5)], 5), 1).seconds_left is None
    assert Work([], 0).seconds_left is None
    predicted = Work([((64, 64), 5)], 5, predicted_s=10.0)
    assert predicted.seconds_left == 10
    assert even(predicted, 1).seconds_left == pytest.approx(8)
    assert even(predicted, 2, pace=7.0).seconds_left == pytest.approx(3 * 7)


def test_a_run_that_goes_on_begins_where_it_was() -> None:
    work = Work([((64, 64), 4)], 4, first_step=3, predicted_s=6.0)
    assert (work.share, work.seconds_left) == (0.5, 6.0)
    work.add(3, (64, 64), 100.0)
    assert (work.share, work.seconds_left) == (0.75, 3.0)


def test_only_the_pace_of_late_counts() -> None:
    work = even(Work([((64, 64), 100)], 100), 50, pace=100.0)
    for n in range(1, RECENT + 1):
        work.add(50 + n, (64, 64), 5000.0 + n)
    assert work.seconds_left == pytest.approx(100 - 50 - RECENT)


def test_steps_that_nobody_told_of_count_for_what_they_are() -> None:
    work = Work([((64, 64), 10)], 10)
    for step in (1, 4, 5):
        work.add(step, (64, 64), 2.0 * step)
    assert work.seconds_left == pytest.approx(10.0)


def test_a_method_without_scales_counts_its_steps_alike() -> None:
    work = even(Work([], 10), 4, side=200, pace=2.0)
    assert (work.share, work.seconds_left) == (0.4, 12.0)


def test_several_paintings_take_as_long_as_those_that_are_done() -> None:
    assert seconds_left_of_all([(0.25, 15.0)], [], waiting=1) == pytest.approx(15 + 20)
    assert seconds_left_of_all([(0.25, 15.0), (0.0, None)], [], 2, workers=2) == pytest.approx(
        (15 + 20 + 2 * 20) / 2
    )


def test_the_last_paintings_take_as_long_as_the_slowest_of_them() -> None:
    assert seconds_left_of_all([(0.5, 10.0), (0.0, 20.0)], [20.0], 0, workers=2) == 20
    assert seconds_left_of_all([], [20.0], 0) == 0
