"""How a word is written, so that all ways of writing it are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from impasto.chinese import simplified

__all__ = ["key_of", "normalized", "roots", "stem"]

_ENDINGS = ("ish", "est", "er", "ly", "ness", "ed", "ing", "y")


def normalized(text: str) -> str:
    """Text without case, accents, full-width forms and traditional characters.

    Example:
        >>> normalized("Cézanne’s COLOURS，濃墨")
        "cezanne's colours,浓墨"
    """
    text = simplified(text).replace("’", "'").replace("‘", "'")
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def stem(word: str) -> str:
    """An English word without its plural, possessive and British or American spelling.

    Args:
        word: normalized, without spaces.

    Example:
        >>> stem("colours"), stem("brushes"), stem("monet's"), stem("grey"), stem("iris")
        ('color', 'brush', 'monet', 'gray', 'iris')
    """
    word = word.removesuffix("'s").replace("'", "")
    word = word.replace("colour", "color").replace("grey", "gray").replace("isation", "ization")
    word = re.sub("is(ed?|ing)$", r"iz\1", word) if len(word) > 6 else word
    if re.search("(sh|ch|x|s|z)es$", word):
        return word[:-2]
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and re.search("[^siu]s$", word) else word


def key_of(words: str) -> str:
    """What all spellings of an English term have in common; spaces and hyphens say nothing.

    Example:
        >>> key_of("Wood-cuts") == key_of("woodcut"), key_of("stained-glass windows")
        (True, 'stainedglasswindow')
    """
    parts = re.split(r"[\s\-_.]+", normalized(words))
    return "".join(stem(part) for part in parts)


def roots(word: str) -> Iterator[tuple[str, str]]:
    """The words that a longer one may be made of, and the ending of each.

    Args:
        word: as `stem` gives it.

    Example:
        >>> list(roots("reddish"))
        [('redd', 'ish'), ('red', 'ish'), ('redde', 'ish')]
    """
    for ending in _ENDINGS:
        root = word.removesuffix(ending)
        if root == word or len(root) < 3:
            continue
        yield root, ending
        if root[-1] == root[-2]:
            yield root[:-1], ending
        yield root + "e", ending
        if root.endswith("i"):
            yield root[:-1] + "y", ending
