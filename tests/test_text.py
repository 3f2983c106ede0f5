from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impasto.text import format_path, format_value, parse_layers, parse_shape

sides = st.integers(1, 10**6)
names = st.from_regex(r"(conv|relu)[1-5]_[1-4]", fullmatch=True)
weights = st.floats(0, allow_infinity=False, allow_nan=False)


@given(sides, sides)
def test_a_spelt_shape_is_read_back(height: int, width: int) -> None:
    assert parse_shape(format_value((height, width))) == (height, width)


@given(st.dictionaries(names, weights))
def test_spelt_layers_are_read_back_to_the_last_digit(layers: dict[str, float]) -> None:
    assert parse_layers(format_value(layers)) == layers


@given(weights)
def test_a_spelt_number_is_read_back_to_the_last_digit(number: float) -> None:
    assert float(format_value(number)) == number


@pytest.mark.parametrize("text", ["300x450", " 300 x 450 ", "300×450"])
def test_a_shape_may_be_spelt_with_spaces_and_a_real_times_sign(text: str) -> None:
    assert parse_shape(text) == (300, 450)


@pytest.mark.parametrize("text", ["", "300", "300x", "x450", "3.5x4", "-3x4", "300x450x3"])
def test_what_is_no_shape_is_told_how_one_looks(text: str) -> None:
    with pytest.raises(ValueError, match="like 300x450"):
        parse_shape(text)


def test_a_layer_alone_weighs_one_and_empty_parts_are_nothing() -> None:
    assert parse_layers(" relu1_1 ,, relu2_1 = 0.25,") == {"relu1_1": 1.0, "relu2_1": 0.25}
    assert parse_layers("") == {}


def test_a_layer_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="relu1_1 is named twice"):
        parse_layers("relu1_1,relu1_1=2")


@pytest.mark.parametrize("text", ["relu1_1=much", "relu1_1=1=2"])
def test_a_weight_that_is_no_number_is_told_how_one_looks(text: str) -> None:
    with pytest.raises(ValueError, match=r"like relu3_1=0.5"):
        parse_layers(text)


@pytest.mark.parametrize("value", [None, (3, 4), {"relu1_1": 1.0}, 7])
def test_what_is_not_text_is_passed_on(value: object) -> None:
    assert parse_shape(value) is value
    assert parse_layers(value) is value


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "yes"), (False, "no"), (None, "none"), (3, "3"), (1.0, "1"), (0.3, "0.3"), ("a", "a")],
)
def test_plain_values_are_spelt_as_a_person_would(value: object, text: str) -> None:
    assert format_value(value) == text


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "bell\a", "sur\udcffrogate", "\x1b[31m"])
def test_odd_paths_are_quoted(name: str) -> None:
    assert format_path(name) == repr(name)


@pytest.mark.parametrize("name", ["a photo.jpg", "Übung {0} %s.png", "絵.png"])
def test_usual_paths_are_left_alone(name: str) -> None:
    assert format_path(name) == name
    assert format_path(Path(name)) == name
