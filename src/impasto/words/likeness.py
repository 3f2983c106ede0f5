"""Words that nothing is known of: terms that are written like them, and slips of the pen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache

from impasto.chinese import is_chinese
from impasto.words.lexer import Token
from impasto.words.spelling import key_of, normalized
from impasto.words.vocabulary import Term, lexicon

__all__ = ["mended", "nearest"]

NEAR, NEAR_CHINESE = 0.6, 0.4  # how like a word a term has to be; of two characters one
NEAREST = 3
# A slip of the pen: one letter of eight, about, in a word that is long enough for no other.
SLIP, SHORTEST, SHORTEST_CHINESE = 0.86, 5, 3


def nearest(word: str) -> tuple[str, ...]:
    """Terms that are written most like an unknown word, the likest first.

    Example:
        >>> nearest("waterclour")[0]
        'watercolour'
    """
    chinese = any(map(is_chinese, word))
    found = [(-ratio, written) for ratio, written, _ in _alike(word, chinese)]
    return tuple(dict.fromkeys(written for _, written in sorted(found)))[:NEAREST]


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
        same = [term for entry, term in _chinese_terms() if _one_wrong(entry, spelt)]
        return same[0] if len({id(term) for term in same}) == 1 else None
    found = sorted(_alike(word, chinese), key=lambda row: (-row[0], row[1]))
    if not found or found[0][0] < SLIP or found[0][1][:1].casefold() != spelt[:1]:
        return None
    best = {id(term) for ratio, _, term in found if ratio == found[0][0]}
    return found[0][2] if len(best) == 1 else None


def _chinese_terms() -> Iterator[tuple[str, Term]]:
    for entry, meaning in lexicon().chinese.items():
        if isinstance(meaning, Term):
            yield entry, meaning


def _one_wrong(entry: str, word: str) -> bool:
    return len(entry) == len(word) and sum(a != b for a, b in zip(entry, word, strict=True)) == 1


@lru_cache(maxsize=64)
def _alike(word: str, chinese: bool) -> tuple[tuple[float, str, Term], ...]:
    """Terms that are written somewhat like a word: how like, from 0 to 1, and as what."""
    return tuple(_compared(word, chinese))


def _compared(word: str, chinese: bool) -> Iterator[tuple[float, str, Term]]:
    spelt = normalized(word) if chinese else key_of(word)
    known, least = (lexicon().chinese, NEAR_CHINESE) if chinese else (lexicon().english, NEAR)
    letters = set(spelt)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(spelt)
    for entry, meaning in known.items():
        # Few mistake the first letter, and any character of a Chinese word may be the wrong one.
        begins_alike = bool(letters & set(entry)) if chinese else entry[0] == spelt[0]
        if not begins_alike or isinstance(meaning, str):
            continue
        # The ratio is twice what is common over both lengths: it cannot be more than this.
        if 2 * min(len(entry), len(spelt)) < least * (len(entry) + len(spelt)):
            continue
        matcher.set_seq1(entry)
        if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least:
            ratio = matcher.ratio()
            if ratio >= least:
                yield ratio, entry if chinese else lexicon().written[entry], meaning
