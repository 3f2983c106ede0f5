"""Finding pictures by what is wished of them: every picture is scored, and told best first."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, isinf, log

from impasto.library.attributes import COLOURS, Attributes
from impasto.library.wishes import Wish, wishes_of
from impasto.library.words import ranked_by_words

__all__ = ["Entry", "Found", "ranked"]

# Of a picture, from which on it is as much in a colour as anybody wishes; and the least that a
# wish, wholly missed, leaves of a score.
ENOUGH, LEAST = 0.45, 0.02
BESIDE, BEYOND = 0.5, 0.15  # of a range, or of all there is where it is open: how far beyond is far


@dataclass(frozen=True)
class Entry:
    """A picture that can be found.

    Attributes:
        name: what it is taken by, wherever a style may stand.
        title: words about it, in any language.
        attributes: what was measured of it.
    """

    name: str
    title: str
    attributes: Attributes


@dataclass(frozen=True)
class Found:
    """A picture that was found.

    Attributes:
        name, title, attributes: as of its `Entry`.
        score: how well it fits, from 0 to 1.
    """

    name: str
    title: str
    score: float
    attributes: Attributes


def ranked(
    wishes: Iterable[str | Wish], words: str, entries: Sequence[Entry], limit: int
) -> list[Found]:
    """The entries that fit best, best first; of equals the first.

    A colour counts by its share of the picture; a wish toward high or low by the picture's place
    among all; a range by the distance to it. Wishes are multiplied, so that a picture that misses
    one of them is not found for the others.

    Args:
        wishes: words of `WISHES`, with "not " before them, or wishes.
        words: of titles; with wishes beside them they count as much as all of those.
        entries: what is searched.
        limit: how many at most.

    Raises:
        UnknownNameError: a word that is none.
    """
    asked = wishes_of(wishes)
    by_words = ranked_by_words(f"{words}", [f"{e.title} {e.name}" for e in entries])
    most = max(by_words, default=0.0)
    places = {
        wish.attribute: sorted(entry.attributes.value(wish.attribute) for entry in entries)
        for word in asked
        for wish in word
    }
    found = []
    for entry, in_words in zip(entries, by_words, strict=True):
        if words and in_words == 0 and not asked:
            continue
        fits = [_fit(word, entry.attributes, places) for word in asked]
        score = exp(sum(map(log, fits)) / len(fits)) if fits else 1.0
        if words:
            share = in_words / most if most else 0.0
            score = (score * max(share, LEAST)) ** 0.5 if fits else share
        found.append(Found(entry.name, entry.title, round(score, 4), entry.attributes))
    return sorted(found, key=lambda each: -each.score)[:limit]


def _fit(word: Sequence[Wish], attributes: Attributes, places: dict[str, list[float]]) -> float:
    """How well a picture fits a word, from `LEAST` to 1."""
    whole = sum(wish.weight for wish in word)
    parts = sum(
        wish.weight * _one(wish, attributes.value(wish.attribute), places[wish.attribute])
        for wish in word
    )
    return max(LEAST, parts / whole)


def _one(wish: Wish, value: float, places: list[float]) -> float:
    fit = _sought(wish, value, places)
    return 1 - fit if wish.avoid else fit


def _sought(wish: Wish, value: float, places: list[float]) -> float:
    if wish.toward is None:
        spread = places[-1] - places[0]
        is_open = isinf(wish.high) or isinf(wish.low)
        far = BEYOND * spread if is_open else BESIDE * (wish.high - wish.low)
        beyond = max(wish.low - value, value - wish.high, 0.0)
        return exp(-beyond / max(far, 1e-6))
    if wish.attribute in COLOURS:
        share = min(1.0, value / ENOUGH)
        return share if wish.toward == "high" else 1 - share
    # Among equals the middle of their places, so that their order says nothing.
    place = (bisect_left(places, value) + bisect_right(places, value)) / (2 * len(places))
    return place if wish.toward == "high" else 1 - place
