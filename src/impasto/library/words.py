"""Words in titles: how well each title answers a query, by BM25; Chinese by pairs of characters."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from impasto.chinese import is_chinese, simplified

__all__ = ["ranked_by_words", "tokens"]

# Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.
SATURATION, LENGTH = 1.2, 0.75


def tokens(text: str) -> list[str]:
    """What is compared: words without case and accents, and pairs of Chinese characters.

    A Chinese character that stands alone is one token.

    Example:
        >>> tokens("Hanaōgi, 星月夜 1889")
        ['hanaogi', '星月', '月夜', '1889']
        >>> tokens("吻")
        ['吻']
    """
    plain = unicodedata.normalize("NFKD", simplified(text).casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found: list[str] = []
    for run in re.findall(r"\w+", plain):
        for part in _alike(run):
            if not is_chinese(part[0]) or len(part) == 1:
                found.append(part)
            else:
                found += [part[at : at + 2] for at in range(len(part) - 1)]
    return found


def _alike(run: str) -> list[str]:
    """A run of letters in parts that are Chinese or not."""
    parts: list[str] = []
    for letter in run:
        if parts and is_chinese(parts[-1][-1]) == is_chinese(letter):
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts


def ranked_by_words(query: str, titles: Sequence[str]) -> list[float]:
    """How well each title answers, at least 0; 0 where it has none of the words.

    Source: BM25 as Robertson & Zaragoza (2009) give it, with a weight of rarity that is never
    negative.

    Example:
        >>> scores = ranked_by_words("starry night", ["The Starry Night", "Night Café", "The Kiss"])
        >>> scores[0] > scores[1] > scores[2] == 0
        True
    """
    bags = [Counter(tokens(title)) for title in titles]
    mean = sum(bag.total() for bag in bags) / max(len(bags), 1) or 1.0
    scores = [0.0] * len(bags)
    for word in dict.fromkeys(tokens(query)):
        having = sum(word in bag for bag in bags)
        rarity = math.log(1 + (len(bags) - having + 0.5) / (having + 0.5))
        for which, bag in enumerate(bags):
            often = bag[word]
            longer = 1 - LENGTH + LENGTH * bag.total() / mean
            scores[which] += rarity * often * (SATURATION + 1) / (often + SATURATION * longer)
    return scores
