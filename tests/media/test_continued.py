from __future__ import annotations

import numpy as np
import pytest

from impasto.errors import InputError
from impasto.media.continued import DIFFERENCE, FADES, Continued

GREY = np.full((32, 32, 3), 100, np.uint8)


def test_the_first_picture_is_the_last_one_of_the_part_before_where_both_are_alike() -> None:
    errors = np.random.default_rng(0).integers(-6, 7, GREY.shape)
    last = (GREY + errors).astype(np.uint8)
    first = Continued(last).next(GREY).astype(int)
    # Of errors that cancel around each place, nearly all is laid on.
    assert np.abs(first - last).mean() < 0.3 * np.abs(errors).mean()


def test_what_has_moved_leaves_nothing_behind() -> None:
    last = GREY.copy()
    last[8:24, 4:16] = 200
    first = Continued(last).next(GREY)
    assert (first[10:22, 6:14] == GREY[10:22, 6:14]).all()


def test_what_is_laid_on_goes_evenly() -> None:
    continued = Continued(GREY + np.uint8(4))
    shown = [float(continued.next(GREY).mean()) for _ in range(FADES + 4)]
    assert shown == sorted(shown, reverse=True)
    assert shown[0] == 100 + round(4 * np.exp(-((4 / DIFFERENCE) ** 2)))
    assert shown[FADES:] == [100] * 4


def test_a_picture_without_errors_is_coded_as_it_was_painted() -> None:
    continued = Continued(GREY)
    assert all((continued.next(GREY) == GREY).all() for _ in range(3))


def test_black_and_white_stay_within_their_bounds() -> None:
    for level in (0, 255):
        picture = np.full_like(GREY, level)
        near = np.full_like(GREY, abs(level - 5))
        assert int(Continued(near).next(picture).mean()) == pytest.approx(abs(level - 4), abs=1)


def test_pictures_of_two_sizes_are_refused() -> None:
    with pytest.raises(InputError, match="32 x 32 px, and the part before it of 16 x 32 px"):
        Continued(GREY[:, :16]).next(GREY)
