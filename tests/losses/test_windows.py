from __future__ import annotations

import pytest
import torch

from impasto.errors import SettingError
from impasto.losses import Window
from impasto.losses.windows import PART, parts, total_of


def test_the_whole_map_is_one_window() -> None:
    assert Window.whole(4, 7).size == (4, 7)


def test_a_cutout_without_the_partners_of_its_places_is_refused() -> None:
    window = Window(slice(0, 4), slice(0, 4), 0, 0, 9, 4)
    window.check(torch.zeros(6, 4), down=2, right=2)
    with pytest.raises(SettingError, match="cut out from 6 x 4 to 9 x 4"):
        window.check(torch.zeros(5, 4), down=2)


def test_at_the_end_of_the_map_no_partner_is_missed() -> None:
    Window(slice(2, 4), slice(0, 4), 5, 0, 9, 4).check(torch.zeros(4, 4), down=3, right=3)


def test_a_cutout_that_reaches_beyond_the_map_is_refused() -> None:
    with pytest.raises(SettingError, match=r"of 5 x 4 places at \(5, 0\) of a map of 9 x 4"):
        Window(slice(0, 4), slice(0, 4), 5, 0, 9, 4).check(torch.zeros(5, 4))


def test_rows_come_by_parts_in_order_and_each_once() -> None:
    every = [row for part in parts(11, PART // 3) for row in range(part.start, part.stop)]
    assert every == list(range(11))


def test_a_row_longer_than_a_part_is_one() -> None:
    assert list(parts(2, 2 * PART)) == [slice(0, 1), slice(1, 2)]


def test_many_small_numbers_do_not_vanish_beside_a_large_one() -> None:
    x = torch.ones(2**12, 2, 1)
    x[0] = 2.0**29
    assert total_of(x) == 2.0**30 + 2 * (2**12 - 1)
