from __future__ import annotations

from impasto.colours import known_names, parse_palette
from impasto.painters import NAMES
from impasto.samples import names
from impasto.settings.tones import TONES
from impasto.words.lexer import tokens
from impasto.words.plan import PAINT
from impasto.words.vocabulary import (
    KINDS,
    Term,
    colour_terms,
    default_style,
    grammar,
    lexicon,
    terms,
)

EVERY = terms()


def test_there_are_some_three_hundred_terms_and_every_kind() -> None:
    assert len(EVERY) + len(colour_terms()) >= 300
    assert {term.kind for term in EVERY} == set(KINDS)


def test_what_a_term_does_is_there() -> None:
    styles = {*names("style"), *(PAINT + name for name in NAMES)}
    for term in EVERY:
        assert set(term.style) <= styles, term.name
        assert term.tone.keys() | term.tint.keys() <= set(TONES), term.name
        assert term.palette == (parse_palette(term.palette) if term.palette else ()), term.name


def test_every_term_of_the_file_is_written_in_both_languages() -> None:
    own = [term for term in EVERY if term.kind != "title"]
    assert [term.name for term in own if not (term.en and term.zh)] == []


def test_every_word_of_a_term_is_one_token_that_means_something() -> None:
    for term in EVERY:
        for word in term.words:
            kinds = [token.kind for token in tokens(word)]
            # A title of two parts is read by its parts.
            assert kinds in (["term"], ["amount"], ["number"]) or "," in word, word


def test_every_name_of_a_colour_is_a_term() -> None:
    written = {word for term in colour_terms() for word in term.words}
    assert set(known_names()) <= written


def test_the_styles_that_come_along_are_terms_by_name_title_and_artist() -> None:
    known = lexicon()
    for spelt, style in (
        ("starrynight", "starry-night"),
        ("vincentvangogh", "starry-night"),
        ("stainedglass", "stained-glass"),
    ):
        term = known.english[spelt]
        assert isinstance(term, Term)
        assert term.style[0] == style
    wave = known.chinese["神奈川冲浪里"]
    assert isinstance(wave, Term)
    assert wave.style == ("great-wave",)


def test_no_word_means_two_things_in_the_file() -> None:
    seen: dict[str, str] = {}
    for term in EVERY:
        if term.kind == "title" or term.style[:1] == (term.en,):
            continue  # works are terms by themselves, and may have a line beside
        for word in term.words:
            assert seen.setdefault(word, term.name) == term.name, word
    for name, words in grammar().items():
        for word in words:
            assert seen.setdefault(word, name) == name, word


def test_the_default_style_comes_along() -> None:
    assert default_style() in names("style")
