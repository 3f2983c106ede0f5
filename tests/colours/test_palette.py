from __future__ import annotations

import pytest

from impasto.colours import MOST_COLOURS, amounts_of, parse_palette, parse_weighted
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


def test_amounts_stand_behind_colons_in_both_languages() -> None:
    assert parse_weighted("navy:3，石青：0.5；红") == ("#000080:3", "#1685a9:0.5", "#ff0000:1")
    assert amounts_of(parse_weighted("navy:3,red")) == [0.75, 0.25]


def test_weighted_colours_are_read_again_as_they_are() -> None:
    for text in ("朱红:0.851,月白:0.149", "navy:1,gold:1.00000000001", "navy:1e-6,gold:1e6"):
        palette = parse_weighted(text)
        assert parse_weighted(palette) == palette


def test_amounts_that_say_nothing_are_left_out() -> None:
    assert parse_weighted("navy:2,gold:2") == parse_weighted("navy,gold") == ("#000080", "#ffd700")
    assert parse_weighted("navy:7") == ("#000080",)
    assert amounts_of(("#000080",)) is None


def test_amounts_of_one_colour_go_together() -> None:
    assert amounts_of(parse_weighted("red:2,#f00,blue")) == [0.75, 0.25]


@pytest.mark.parametrize(
    "wrong",
    [
        *("navy:0", "navy:-1", "navy:", "navy:much", "navy:nan", "navy:1e9", "navy:1e-9"),
        *("navy:1e6,gold,navy:1", "navy:3,navy:-1"),
    ],
)
def test_an_amount_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(SettingError, match="no amount from 1e-06 to 1000000: give a number"):
        parse_weighted(wrong)


def test_a_painter_s_palette_has_no_amounts() -> None:
    with pytest.raises(UnknownNameError, match="navy:3"):
        parse_palette("navy:3")
