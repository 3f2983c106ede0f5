from __future__ import annotations

import pytest

from impasto.errors import SettingError, UnknownNameError
from impasto.painters import DIRECTED, NAMES, SHOWS, PaintSource, is_paint


def test_a_text_is_read_and_written_back_in_its_shortest_form() -> None:
    text = "paint:oil?seed=7&direction=30&palette=ochre,%2320A0C0&scale=1.50"
    source = PaintSource.parse(text)
    assert source == PaintSource("oil", ("#c8923b", "#20a0c0"), 1.5, 30.0)
    assert source.text == "paint:oil?palette=%23c8923b,%2320a0c0&scale=1.5&direction=30"
    assert PaintSource.parse(source.text) == source


def test_colours_may_have_commas_signs_and_chinese_names() -> None:
    assert PaintSource.parse("paint:mosaic?palette=#abc;石青").palette == ("#aabbcc", "#1685a9")
    assert PaintSource.parse("paint:mosaic?palette=red%2Cblue").palette == ("#ff0000", "#0000ff")


def test_a_painter_alone_is_a_source() -> None:
    assert PaintSource.parse("paint:woodcut") == PaintSource("woodcut")
    assert PaintSource("woodcut").text == "paint:woodcut"
    assert is_paint("paint:woodcut")
    assert not is_paint("woodcut")
    assert not is_paint(b"paint:woodcut")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("paint:oil?scale=9", "scale of paint:oil is 9: give one from 0.5 to 3"),
        ("paint:oil?scale=nan", "scale of paint:oil is nan: give one from 0.5 to 3"),
        ("paint:oil?direction=-1", "direction of paint:oil is -1: give one from 0 to 180"),
        ("paint:oil?seed=1.5", "seed is '1.5': give a whole number"),
        ("paint:oil?scale=big", "scale is 'big': give a number"),
        ("paint:oil?width=99999", "width of paint:oil is 99999: give one from 64 to 2048"),
        ("paint:oil?scael=2", "has 'scael', which no painter knows: did you mean scale?"),
        ("paint:oil?zzz=2", "there are palette, scale, direction, seed, width, height"),
        ("paint:oil?scale", "has scale without a value: write scale=… once"),
        ("paint:oil?scale=1&scale=2", "has scale twice: write scale=… once"),
        ("paint:oil?palette=#12", "'#12' is no colour"),
        ("paint:mosaic?direction=30", "no strokes that could lie in a direction: leave direction"),
    ],
)
def test_a_wrong_text_is_told_with_the_remedy(text: str, told: str) -> None:
    with pytest.raises(SettingError) as error:
        PaintSource.parse(text)
    assert told in str(error.value)


def test_an_unknown_painter_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'watercolour'"):
        PaintSource.parse("paint:watercolor?scale=2")


def test_an_unknown_colour_is_told_as_such() -> None:
    with pytest.raises(UnknownNameError, match="'ocher' is not a colour"):
        PaintSource.parse("paint:oil?palette=ocher")


def test_every_painter_has_its_words_in_both_languages() -> None:
    assert tuple(SHOWS) == NAMES
    assert all(en.isascii() and not zh.isascii() for en, zh in SHOWS.values())
    assert set(NAMES) > DIRECTED
