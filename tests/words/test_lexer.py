from __future__ import annotations

import pytest

from impasto.words.lexer import tokens


def said(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(text)]


def test_chinese_is_cut_by_the_longest_entry() -> None:
    assert said("木刻版画") == [("term", "木刻版画")]
    assert said("浮世绘海浪") == [("term", "浮世绘"), ("term", "海浪")]


def test_english_takes_the_longest_run_of_words() -> None:
    assert said("Van Gogh's Starry Night") == [("term", "Van Gogh's"), ("term", "Starry Night")]


def test_both_languages_stand_in_one_phrase() -> None:
    assert [text for _, text in said("klimt风格，more 金色")] == [
        "klimt",
        "风格",
        "，",
        "more",
        "金色",
    ]


def test_a_shade_before_a_colour_is_a_colour_of_its_own() -> None:
    (pale,), (green,) = tokens("pale teal"), tokens("teal")
    (deep,), (purple,) = tokens("深紫"), tokens("紫")
    for shade, plain in ((pale, green), (deep, purple)):
        assert shade.term is not None
        assert plain.term is not None
        assert shade.term.palette != plain.term.palette


def test_an_ending_leads_to_its_root() -> None:
    (token,) = tokens("purplish")
    assert token.term is not None
    assert token.term.en == "purple"


@pytest.mark.parametrize("word", ["qwyx", "量子", "大象", "zürich"])
def test_what_is_unknown_is_one_token_as_it_was_written(word: str) -> None:
    assert said(f"冷，{word}，cold")[2] == ("unknown", word)


@pytest.mark.parametrize("sign", ["1889", "0", "٠", "🌊", "👩\u200d🎨", "👍🏽", "❤\ufe0f", "🇫🇷"])
def test_figures_that_are_no_number_and_signs_are_unknown_not_silent(sign: str) -> None:
    assert said(f"cold {sign} oil")[1] == ("unknown", sign)


def test_marks_of_ordinary_writing_say_nothing() -> None:
    assert said("cold ° ® – oil") == [("term", "cold"), ("term", "oil")]


def test_tokens_say_where_they_stand() -> None:
    text = "濃墨 and  Pale-Green"
    for token in tokens(text):
        assert text[token.start :].startswith(token.text)


def test_odd_input_is_cut_too() -> None:
    for text in ("", "   ", "—…“”()[]", "%%%", "3:", "\x00\ud83c", "İstanbul", "😀水彩"):
        assert isinstance(tokens(text), list)


def test_a_character_that_stands_for_several_words_is_named_as_it_was_written() -> None:
    assert said("冷，\ufdfa")[-1] == ("unknown", "\ufdfa")


@pytest.mark.parametrize(
    "word", ["70s", "1920s", "3D", "8-bit", "Q版", "b/w", "J. M. W. Turner", "何塞·瓜达卢佩·波萨达"]
)
def test_figures_initials_and_dots_stand_in_terms(word: str) -> None:
    assert said(f"{word} cold") == [("term", word), ("term", "cold")]


def test_figures_that_are_a_share_stay_one_and_longer_words_are_unknown() -> None:
    assert [kind for kind, _ in said("100% cold")] == ["number", "term"]
    assert ("unknown", "st") in said("70st")


def test_a_doubled_word_with_a_meaning_of_its_own_has_it() -> None:
    (token,) = tokens("白茫茫")
    assert token.term is not None
    assert token.term.en == "misty"
