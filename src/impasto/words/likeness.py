"""Words that nothing is known of: terms that are written like them, and slips of the pen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import NamedTuple

from impasto.chinese import is_chinese
from impasto.words.lexer import Token
from impasto.words.spelling import key_of, normalized
from impasto.words.vocabulary import Term, lexicon

__all__ = ["mended", "nearest"]

NEAR, NEAR_CHINESE = 0.6, 0.4  # how like a word a term has to be; of two characters one
NEAREST = 3
# A slip of the pen: one letter of eight, about, in a word that is long enough for no other.
SLIP, SHORTEST, SHORTEST_CHINESE = 0.86, 5, 3
BITS = 64  # that the characters of a word are told apart by, before it is compared


@lru_cache(maxsize=256)
def nearest(word: str) -> tuple[str, ...]:
    """Terms that are written most like an unknown word, the likest first.

    Example:
        >>> nearest("waterclour")[0]
        'watercolour'
    """
    chinese = any(map(is_chinese, word))
    found = _alike(word, chinese, NEAR_CHINESE if chinese else NEAR)
    ranked = sorted((-ratio, written) for ratio, written, _ in found)
    return tuple(dict.fromkeys(written for _, written in ranked))[:NEAREST]


def mended(pieces: Sequence[Token]) -> tuple[list[Token], list[str]]:
    """Tokens in which words with a slip of the pen are the terms that they are nearly.

    Two words are looked at together too: "van goh". In Chinese one character may be wrong.

    Returns:
        The tokens, and a sentence for each slip: nothing is mended in silence.

    Example:
        >>> from impasto.words.lexer import tokens
        >>> mended(tokens("pointilizm"))[1]
        ['pointilizm is read as pointillism']
    """
    out: list[Token] = []
    notes = []
    at = 0
    while at < len(pieces):
        token, used = pieces[at], 1
        two = pieces[at + 1] if at + 1 < len(pieces) else None
        together = two is not None and _is_word(token) and _is_word(two)
        if together and two is not None and "unknown" in (token.kind, two.kind):
            term = _slip(f"{token.text} {two.text}")
            if term is not None:
                token, used = replace(token, text=f"{token.text} {two.text}"), 2
                out.append(replace(token, kind="term", term=term))
                notes.append(f"{token.text} is read as {term.name}")
                at += used
                continue
        term = _slip(token.text) if token.kind == "unknown" else None
        if term is not None:
            kind = "amount" if term.kind == "amount" else "term"
            notes.append(f"{token.text} is read as {term.name}")
            token = replace(token, kind=kind, term=term)
        out.append(token)
        at += used
    return out, notes


def _is_word(token: Token) -> bool:
    return token.kind in ("unknown", "term", "amount", "stop", "carrier", "hue")


def _slip(word: str) -> Term | None:
    """The term that a word is but for a slip; None if none is, or several are."""
    chinese = any(map(is_chinese, word))
    spelt = normalized(word) if chinese else key_of(word)
    if len(spelt) < (SHORTEST_CHINESE if chinese else SHORTEST):
        return None
    if chinese:
        same = _with_one_wrong(spelt)
        return same[0] if len({id(term) for term in same}) == 1 else None
    found = sorted(_alike(word, chinese, SLIP), key=lambda row: (-row[0], row[1]))
    if not found or found[0][1][:1].casefold() != spelt[:1]:
        return None
    best = {id(term) for ratio, _, term in found if ratio == found[0][0]}
    return found[0][2] if len(best) == 1 else None


def _with_one_wrong(word: str) -> list[Term]:
    """Chinese terms that differ from a word in one character."""
    if len(word) > lexicon().longest:
        return []
    known = _chinese_but_one()
    return [term for hole in _holes(word) for term in known.get(hole, ())]


def _holes(word: str) -> Iterator[tuple[str, str]]:
    """A word without each of its characters in turn: what stands before it, and behind it."""
    return ((word[:at], word[at + 1 :]) for at in range(len(word)))


@cache
def _chinese_but_one() -> Mapping[tuple[str, str], list[Term]]:
    """Chinese terms by what is left of their entries without one character."""
    found: dict[tuple[str, str], list[Term]] = {}
    for entry, meaning in lexicon().chinese.items():
        if isinstance(meaning, Term) and len(entry) >= SHORTEST_CHINESE:
            for hole in _holes(entry):
                found.setdefault(hole, []).append(meaning)
    return found


class _Entry(NamedTuple):
    """A spelling of the vocabulary, as it is compared.

    Attributes:
        spelt: without what makes no difference.
        written: as the vocabulary writes it.
        term: that it stands for.
        letters: that it has, see `_letters`.
    """

    spelt: str
    written: str
    term: Term
    letters: int


@cache
def _shelves(chinese: bool) -> Mapping[str, list[_Entry]]:
    """Entries by the characters that a word has to have one of to be compared with them.

    Few mistake the first letter; any character of a Chinese word may be the wrong one.
    """
    shelves: dict[str, list[_Entry]] = {}
    known = lexicon().chinese if chinese else lexicon().english
    for spelt, meaning in known.items():
        if isinstance(meaning, str):
            continue
        written = spelt if chinese else lexicon().written[spelt]
        entry = _Entry(spelt, written, meaning, _letters(spelt))
        for character in set(spelt) if chinese else spelt[:1]:
            shelves.setdefault(character, []).append(entry)
    return shelves


def _letters(word: str) -> int:
    """The characters of a word as bits; two of other scripts may share one."""
    bits = 0
    for character in word:
        bits |= 1 << ord(character) % BITS
    return bits


def _candidates(spelt: str, chinese: bool, least: float) -> Iterator[_Entry]:
    """Entries whose length and letters leave room for a ratio of `least`."""
    shelves = _shelves(chinese)
    letters, length = _letters(spelt), len(spelt)
    seen = set[str]()
    for character in dict.fromkeys(spelt) if chinese else spelt[:1]:
        for entry in shelves.get(character, ()):
            # The ratio is twice what is common over both lengths, and no more is common than
            # either has without the letters that the other lacks.
            own = length - (letters & ~entry.letters).bit_count()
            others = len(entry.spelt) - (entry.letters & ~letters).bit_count()
            needed = least * (length + len(entry.spelt))
            if 2 * min(own, others) >= needed and entry.spelt not in seen:
                seen.add(entry.spelt)
                yield entry


def _alike(word: str, chinese: bool, least: float) -> Iterator[tuple[float, str, Term]]:
    """Terms that are written like a word: how like, from `least` to 1, and as what."""
    spelt = normalized(word) if chinese else key_of(word)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(spelt)
    for entry in _candidates(spelt, chinese, least):
        matcher.set_seq1(entry.spelt)
        if matcher.quick_ratio() >= least and (ratio := matcher.ratio()) >= least:
            yield ratio, entry.written, entry.term
