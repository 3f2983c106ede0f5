from __future__ import annotations

import pytest

from impasto.errors import SettingError, UnknownNameError
from impasto.settings import StyleSettings
from impasto.settings.tones import TONES, checked_tones


def test_tones_are_kept_in_their_own_order_and_without_those_of_0() -> None:
    assert list(checked_tones("sepia, dark=0.5, warm=0")) == ["dark", "sepia"]
    assert list(checked_tones(dict.fromkeys(reversed(TONES), 1))) == list(TONES)


def test_a_palette_is_kept_as_numbers_whatever_it_was_written_as() -> None:
    settings = StyleSettings(palette="ochre, 石青")
    assert settings.palette == ("#c8923b", "#1685a9")
    assert StyleSettings(palette=settings.palette) == settings


def test_an_unknown_tone_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'warm'"):
        StyleSettings(tone="warn")


@pytest.mark.parametrize("amount", [-0.1, 2.5])
def test_an_amount_out_of_its_range_is_refused(amount: float) -> None:
    with pytest.raises(SettingError, match="from 0 to 2"):
        StyleSettings(tone={"dark": amount})


@pytest.mark.parametrize("name", ["luminance", "match", "histogram"])
def test_a_palette_beside_the_photographs_colours_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match="leave one of them out"):
        StyleSettings(palette="ochre", color=name)
