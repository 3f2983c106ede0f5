from __future__ import annotations

import pytest

from impasto.errors import SettingError
from training.slim.lr_schedule import Length, pace


@pytest.mark.parametrize("length", [(0, 0.0), (-5, 0.0), (5, -1.0), (0, float("nan"))])
def test_a_length_that_never_ends_is_refused(length: tuple[int, float]) -> None:
    with pytest.raises(SettingError, match="never ends"):
        Length(*length)


def test_of_two_ends_the_first_to_come_counts() -> None:
    length = Length(steps=10, seconds=100)
    assert length.share(5, 20) == 0.5
    assert length.share(5, 70) == 0.7
    assert length.share(5, 900) == 1


def test_the_pace_rises_evenly_and_falls_to_nothing() -> None:
    assert [pace(step, 0, 4) for step in (1, 2, 3, 4, 5)] == [0.25, 0.5, 0.75, 1, 1]
    assert pace(99, 1, 4) == pytest.approx(0)
