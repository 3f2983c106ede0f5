from __future__ import annotations

import pytest

from impasto.words.numbers import number_at


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("70%", 0.7),
        ("70 percent", 0.7),
        ("seventy-five percent", 0.75),
        ("3/4", 0.75),
        ("half", 0.5),
        ("two thirds", 2 / 3),
        ("a quarter", 0.25),
        ("七成", 0.7),
        ("七成半", 0.75),
        ("三分", 0.3),
        ("百分之四十", 0.4),
        ("百分之40", 0.4),
        ("三分之二", 2 / 3),
        ("百分之百", 1),
        ("百分之一百", 1),
        ("百分之二十五", 0.25),
        ("十二分之十", 10 / 12),
        ("一半", 0.5),
        ("半", 0.5),
    ],
)
def test_shares_in_figures_and_words(text: str, share: float) -> None:
    number = number_at(text, 0)
    assert number is not None
    assert (number.kind, number.length) == ("fraction", len(text))
    assert number.values == pytest.approx((share,))


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("3:7", "ratio", (3, 7)),
        ("1 : 2 : 1", "ratio", (1, 2, 1)),
        ("三比七", "ratio", (3, 7)),
        ("三七开", "ratio", (3, 7)),
        ("2 parts", "parts", (2,)),
        ("three parts", "parts", (3,)),
        ("两份", "parts", (2,)),
        ("twice", "times", (2,)),
        ("3 times", "times", (3,)),
        ("两倍", "times", (2,)),
    ],
)
def test_parts_ratios_and_times(text: str, kind: str, values: tuple[float, ...]) -> None:
    number = number_at(text, 0)
    assert number is not None
    assert (number.kind, number.values) == (kind, values)


@pytest.mark.parametrize("text", ["十十分之一", "二十三四分之一", "二二十分之一"])
def test_chinese_figures_that_are_no_number_are_none(text: str) -> None:
    assert number_at(text, 0) is None


@pytest.mark.parametrize("text", ["watercolour", "水彩", "0%", "200%", "5/0", "99999"])
def test_what_is_no_number_or_no_share_is_none(text: str) -> None:
    number = number_at(text, 0)
    assert number is None or number.kind == "parts"
