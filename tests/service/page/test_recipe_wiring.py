"""Saved recipes as buttons."""

from __future__ import annotations

from impasto.service.page.recipe_wiring import chips


def test_no_saved_recipe_shows_nothing() -> None:
    assert chips([], "en") == ""


def test_a_name_with_odd_signs_stays_a_name() -> None:
    html = chips(['"><b>', "calm"], "zh")
    assert "<b>" not in html
    assert html.count("<button") == 2
    assert 'aria-label="已保存的配方：' in html
