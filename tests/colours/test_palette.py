from __future__ import annotations

import pytest

from impasto.colours import MOST_COLOURS, parse_palette
from impasto.errors import SettingError, UnknownNameError


def test_names_and_values_stand_side_by_side_in_both_languages() -> None:
    assert parse_palette("Steel-Blue，＃ＦＦＦ；红") == ("#4682b4", "#ffffff", "#ff0000")


def test_a_list_is_read_like_its_text() -> None:
    assert parse_palette(["ochre", "navy"]) == parse_palette("ochre,navy")


def test_what_was_read_is_read_again_as_it_is() -> None:
    palette = parse_palette("朱红,月白")
    assert parse_palette(palette) == palette


@pytest.mark.parametrize("wrong", ["", " , ", ",".join(f"#0000{n:02x}" for n in range(13))])
def test_no_colour_and_too_many_are_refused(wrong: str) -> None:
    with pytest.raises(SettingError, match=f"1 to {MOST_COLOURS} colours"):
        parse_palette(wrong)


@pytest.mark.parametrize("wrong", ["#12", "#12345g", "#"])
def test_a_number_that_is_no_colour_is_refused(wrong: str) -> None:
    with pytest.raises(SettingError, match="six hexadecimal digits"):
        parse_palette(wrong)


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'ochre'"):
        parse_palette("navy, ocher")
