from __future__ import annotations

import pytest

from impasto.library.words import ranked_by_words, tokens


def test_case_accents_and_traditional_characters_make_no_difference() -> None:
    assert tokens("Cézanne") == tokens("CEZANNE")
    assert tokens("夢") == tokens("梦")
    assert tokens("van Gogh梵高") == ["van", "gogh", "梵高"]


def test_rarer_words_count_more_and_longer_titles_less() -> None:
    titles = ["a night", "a day", "a night by the river with boats and lamps", "a b c"]
    scores = ranked_by_words("night", titles)
    assert scores[0] > scores[2] > scores[1] == scores[3] == 0
    common, rare = ranked_by_words("a", titles)[1], ranked_by_words("day", titles)[1]
    assert rare > common > 0


@pytest.mark.parametrize("query", ["", "?!"])
def test_no_word_finds_nothing(query: str) -> None:
    assert ranked_by_words(query, ["a", "b"]) == [0.0, 0.0]
