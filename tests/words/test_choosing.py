from __future__ import annotations

import pytest

from impasto.errors import SettingError
from impasto.words import plan_of
from impasto.words.choosing import MOST_CHOSEN, Ranked, plan_by_rank, shares_of


def ranked(*shares: float) -> list[Ranked]:
    names = ("swirls", "mosaic", "oil", "woodcut", "pencil")
    return [Ranked(name, share, share) for name, share in zip(names, shares, strict=False)]


def never(words: str) -> list[Ranked]:
    raise AssertionError(f"{words} were ranked")


def test_the_nearest_are_blended_by_their_shares() -> None:
    plan = plan_by_rank("like rain at night", lambda _: ranked(0.4, 0.2, 0.2, 0.1, 0.1))
    assert len(plan.styles) == MOST_CHOSEN
    assert [(style.source, style.share) for style in plan.styles] == [
        ("swirls", 0.5),
        ("mosaic", 0.25),
        ("oil", 0.25),
    ]


def test_a_share_that_nobody_would_see_is_left_out() -> None:
    plan = plan_by_rank("qwerty", lambda _: ranked(0.97, 0.02, 0.01))
    assert [(style.source, style.share) for style in plan.styles] == [("swirls", 1.0)]


def test_settings_are_the_vocabulary_s() -> None:
    plan = plan_by_rank("cold, dark", lambda _: ranked(1.0))
    assert plan.tone == plan_of("cold, dark").tone


def test_nothing_is_ranked_where_a_style_is_named_or_given() -> None:
    assert plan_by_rank("woodcut, cold", never) == plan_of("woodcut, cold")
    assert plan_by_rank("cold", never, given=1) == plan_of("cold", given=1)


def test_words_that_say_nothing_count_beside_a_style_only_where_they_guide() -> None:
    with pytest.raises(SettingError, match="says nothing that is known here"):
        plan_by_rank("qwerty", never, given=1)
    plan = plan_by_rank("qwerty", never, given=1, guides=True)
    assert (plan.text, plan.styles) == ("qwerty", ())
    assert plan.notes == ("the vocabulary knows nothing of it: CLIP alone reads it",)


def test_no_words_are_refused() -> None:
    with pytest.raises(SettingError, match="0 characters"):
        plan_by_rank(" ", never)


def test_shares_of_far_apart_similarities_stay_finite() -> None:
    assert shares_of([-1.0, 1.0, 1.0], 1e6) == [0.0, 0.5, 0.5]
