"""Words about a painting cut into tokens: terms, amounts, numbers, grammar, and what is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from unicodedata import category

from impasto.chinese import is_chinese
from impasto.colours import mixed
from impasto.words.numbers import Number, number_at, wrong_share_at
from impasto.words.spelling import key_of, normalized, roots, stem
from impasto.words.vocabulary import Term, lexicon

__all__ = ["Token", "tokens"]

MOST_WORDS = 7  # that a term has
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|[&+]", re.UNICODE)
_GAP, _INITIAL_GAP = re.compile(r"[ \-_·]*"), re.compile(r"\.?[ \-_·]*")  # "J. M. W. Turner"
_BREAKS = frozenset(',;.!?/|\n()[]{}<>:"“”。…—~')

# What a word before the name of a colour makes of it: more lightness, and chroma as a factor.
_SHADES = {
    **dict.fromkeys(
        ("pale", "浅", "淡", "嫩", "light", "pastel", "soft", "icy", "亮"), (0.14, 0.75)
    ),
    **dict.fromkeys(("dark", "deep", "深", "暗", "浓", "老"), (-0.16, 0.9)),
    **dict.fromkeys(("bright", "vivid", "鲜", "艳", "electric", "neon", "hot"), (0.04, 1.25)),
    **dict.fromkeys(("dusty", "muted", "灰", "faded", "smoky", "dull", "雾霾"), (0.0, 0.55)),
}


@dataclass(frozen=True)
class Token:
    """A piece of the words.

    Attributes:
        kind: "term", "amount", "number", "break", "unknown", or a list of `GRAMMAR`.
        text: as it was written.
        term: of a term or an amount.
        number: of a number.
        ending: of a term that was found by its root: "ish".
        start: where it begins in the text.
    """

    kind: str
    text: str
    term: Term | None = None
    number: Number | None = None
    ending: str = ""
    start: int = 0


def tokens(text: str) -> list[Token]:
    """The tokens of words, in their order; spaces are left out.

    Chinese is cut by the longest entry of the vocabulary, English at spaces and hyphens by the
    longest run of words that is one.

    Args:
        text: in either language, or both.

    Example:
        >>> [(token.kind, token.text) for token in tokens("三分水彩, very dark")]
        [('number', '三分'), ('term', '水彩'), ('break', ','), ('amount', 'very'), ('term', 'dark')]
    """
    # Where each normalized character stands in what was written, which is what people are told.
    places, flat = [], ""
    for place, character in enumerate(text):
        part = normalized(character)
        places += [place] * len(part)
        flat += part
    places.append(len(text))
    found: list[Token] = []
    last = 0
    for start, end, token in _cut(flat):
        # A single character may stand for several words: ﷺ is one that nobody could name in parts.
        written = text[places[start] : places[end - 1] + 1].strip()
        if start == last and found and _belong(found[-1], replace(token, text=written)):
            before = found[-1]
            found[-1] = Token("unknown", before.text + written, start=before.start)
        else:
            found.append(replace(token, text=written, start=places[start]))
        last = end
    return found


def _belong(one: Token, other: Token) -> bool:
    """Whether two neighbours are one unknown Chinese word: 大象 is not large, nor is 象大."""
    kinds = {one.kind, other.kind}
    if not (is_chinese(one.text[-1:] or " ") and is_chinese(other.text[:1] or " ")):
        return False
    short = all(token.kind == "unknown" or len(token.text) == 1 for token in (one, other))
    return "unknown" in kinds and kinds <= {"unknown", "term"} and short


def _cut(text: str) -> Iterator[tuple[int, int, Token]]:
    """Tokens with where they start and end in a normalized text."""
    at = 0
    while at < len(text):
        character = text[at]
        if character in _BREAKS and not (character in ":./" and _between_figures(text, at)):
            yield at, at + 1, Token("break", character)
            at += 1
            continue
        han = is_chinese(character) or character == "、"
        token, length = _chinese(text, at) if han else _english(text, at)
        may_begin = _may_begin_number(text, at)
        number = number_at(text, at) if may_begin else None
        # A number wins over a shorter entry, and an entry such as 十分 over the number in it.
        if number is not None and number.length >= length:
            token, length = Token("number", "", number=number), number.length
        if may_begin and (mixed := _mixed(text, at)) is not None and mixed[1] > length:
            token, length = mixed
        if may_begin and (wrong := wrong_share_at(text, at)):
            token, length = Token("unknown", ""), wrong
        if token is not None:
            yield at, at + length, token
        at += max(1, length)


def _mixed(text: str, at: int) -> tuple[Token, int] | None:
    """An entry with figures, or with letters and Chinese characters: 70s, Q版."""
    for entry, meaning in lexicon().mixed:
        end = at + len(entry)
        if text.startswith(entry, at) and not _goes_on(text, end):
            return _token(meaning), len(entry)
    return None


def _goes_on(text: str, end: int) -> bool:
    """Whether the word that ends here goes on, as 70s does in 70st."""
    return (text[end - 1] + text[end : end + 1]).isascii() and text[end : end + 1].isalnum()


def _may_begin_number(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    return not (before.isalnum() and before.isascii() and text[at].isascii())


def _between_figures(text: str, at: int) -> bool:
    near = text[at - 1 : at].strip() or " ", text[at + 1 : at + 2].strip() or " "
    return all(part.isdigit() for part in near)


def _chinese(text: str, at: int) -> tuple[Token | None, int]:
    known = lexicon()
    doubled, most = _doubled(text[at : at + 4])
    dots = text[at : at + known.longest].count("·")
    for length in range(min(known.longest + dots, len(text) - at), 0, -1):
        part = text[at : at + length].replace("·", "")
        if part in known.chinese:
            return _token(known.chinese[part]), length
        if doubled is not None and length <= most:
            return _token(doubled), most
        if (shade := _shade(part[:1], part[1:], known.chinese.get(part[1:]))) is not None:
            return Token("term", "", shade), length
        if (shade := _shade(part[:2], part[2:], known.chinese.get(part[2:]))) is not None:
            return Token("term", "", shade), length
    return Token("unknown", ""), 1


def _doubled(text: str) -> tuple[Term | None, int]:
    """The term of a doubled word and its length: 朦朦胧胧, 血红血红, 黑乎乎, 冷冷."""
    known = lexicon().chinese
    forms = []
    if len(text) == 4 and text[0] == text[1] and text[2] == text[3]:
        forms.append((text[0] + text[2], 4))
    if len(text) == 4 and text[:2] == text[2:]:
        forms.append((text[:2], 4))
    if len(text) >= 3 and text[1] == text[2]:
        forms.append((text[0], 3))
    if len(text) >= 2 and text[0] == text[1]:
        forms.append((text[0], 2))
    for root, length in forms:
        if isinstance(meaning := known.get(root), Term) and meaning.kind != "amount":
            return meaning, length
    return None, 0


def _english(text: str, at: int) -> tuple[Token | None, int]:
    run = _run(text, at)
    if not run:
        strange = _strange(text, at)
        # Else a space, a hyphen, a lonely mark.
        return (Token("unknown", ""), strange) if strange else (None, 1)
    known = lexicon().english
    stems = [stem(word) for word, _ in run]
    for count in range(len(run), 0, -1):
        key, length = "".join(stems[:count]), run[count - 1][1] - at
        if key in known:
            return _token(known[key]), length
        rest = known.get("".join(stems[1:count]))
        if count > 1 and (shade := _shade(run[0][0], " ".join(stems[1:count]), rest)):
            return Token("term", "", shade), length
    for root, ending in roots(stems[0]):
        if isinstance(meaning := known.get(root), Term):
            return replace(_token(meaning), ending=ending), run[0][1] - at
    return Token("unknown", ""), run[0][1] - at


def _strange(text: str, at: int) -> int:
    """The length of figures that are no number here, such as a year, or of signs such as 🌊."""
    end = at
    while end < len(text) and text[end].isnumeric() and not is_chinese(text[end]):
        end += 1
    if end == at:
        while end < len(text) and (_is_sign(text[end]) or (end > at and _joins(text[end]))):
            end += 1
    return end - at


def _is_sign(character: str) -> bool:
    """Whether it is a picture or an ornament: not the ° and ® of ordinary writing."""
    return character >= "\u2190" and category(character) == "So"


def _joins(character: str) -> bool:
    """Whether it belongs to the sign before it, as a colour of skin does."""
    return category(character) in ("Sk", "Cf", "Mn", "Me")


def _run(text: str, at: int) -> list[tuple[str, int]]:
    """Up to `MOST_WORDS` words that only spaces and hyphens part, and where each ends."""
    run: list[tuple[str, int]] = []
    while len(run) < MOST_WORDS and (found := _WORD.match(text, at)):
        if is_chinese(found[0][0]):
            break
        # Letters may lead over into characters without a space: "klimt风".
        word = "".join(letter for letter in _until_chinese(found[0]))
        run.append((word, at + len(word)))
        at += len(word)
        gap = (_INITIAL_GAP if len(word) == 1 else _GAP).match(text, at)
        at = gap.end() if gap else at
    return run


def _until_chinese(word: str) -> Iterator[str]:
    for letter in word:
        if is_chinese(letter):
            return
        yield letter


def _shade(shade: str, name: str, colour: Term | str | None) -> Term | None:
    """The term of "pale green", where nothing has that name."""
    if not isinstance(colour, Term) or colour.kind != "colour" or shade not in _SHADES:
        return None
    lighter, chroma = _SHADES[shade]
    palette = tuple(mixed(value, lighter, chroma) for value in colour.palette)
    return replace(colour, en=f"{shade} {name}" if key_of(shade) else name, palette=palette)


def _token(meaning: Term | str) -> Token:
    if isinstance(meaning, str):
        return Token(meaning, "")
    return Token("amount" if meaning.kind == "amount" else "term", "", meaning)
