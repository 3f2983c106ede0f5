"""What the API and the engine say, as the page says it: in the person's language, by the page's
labels, without options, files of the server and internal names.

The sentences themselves stand in `impasto.service.page.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from impasto.service.page.controls import controls
from impasto.service.page.labels import in_labels, words_of
from impasto.service.page.texts import CHINESE
from impasto.service.page.wording import PIECES, ROWS
from impasto.task import Role

__all__ = ["Wording", "in_words", "wordings"]

_NUMBER = r"-?\d[\d.,]*"
# What a place may hold, by its name; any other may hold anything.
_INSIDE = {
    **dict.fromkeys(
        ("width", "height", "side", "count", "limit", "enough", "low", "high"), _NUMBER
    ),
    "setting": r"[a-z_]+(?: \w+)?",
    "network": r"[\w.-]+",
    "name": r"\S+",
    "wish": r"(?:whole )?number(?: .+)?",
}
LONGEST = 500  # characters of a sentence
_DIGITS = "0123456789"
_PLACES = re.compile(r"<(\w+)>|(…)")
_KINDS = {Role(kind).phrase.removeprefix("the "): kind for kind in Role.KINDS}


@dataclass(frozen=True)
class Wording:
    """One row of the tables.

    Attributes:
        engine: what the API or the engine says.
        english, chinese: what the page says for it, with places for the engine's values.
    """

    engine: re.Pattern[str]
    english: str
    chinese: str


def in_words(sentence: str, language: str) -> str:
    """A sentence of the API or the engine as the page says it.

    One that no table knows is told with the page's labels; in Chinese it is said before that the
    explanation is in English. The page's own sentences stay as they are.

    Args:
        sentence: of an error or a note.
        language: "en" or "zh".

    Example:
        >>> in_words("the content image is empty (0 bytes): export or download it again", "en")
        'The photograph is empty: save or download it again, then choose it anew.'
        >>> in_words("the moon is full", "zh")
        '原因只有英文说明：the moon is full'
    """
    sentence = " ".join(sentence.split())
    if len(sentence) > LONGEST:  # the patterns take long over long texts
        sentence = f"{sentence[:LONGEST]}…"
    for wording in wordings():
        if found := wording.engine.fullmatch(sentence):
            return _filled(wording, found.groupdict(), language)
    if language == "zh" and not _is_own(sentence):
        return _piece(language, "only_english", sentence=in_labels(sentence, language))
    return in_labels(sentence, language)


@cache
def wordings() -> tuple[Wording, ...]:
    """Every row of the tables, in the order in which they are tried."""
    return tuple(Wording(_pattern(engine), en, zh) for engine, en, zh in ROWS)


def _pattern(engine: str) -> re.Pattern[str]:
    """`<name>` stands for a value, and `…` for anything that the page does not repeat."""
    parts, end = [], 0
    for place in _PLACES.finditer(engine):
        kind = (place[1] or "").rstrip(_DIGITS)
        parts += [re.escape(engine[end : place.start()])]
        parts += [f"(?P<{place[1]}>{_INSIDE.get(kind, '.+?')})" if place[1] else ".*"]
        end = place.end()
    return re.compile("".join([*parts, re.escape(engine[end:])]))


def _filled(wording: Wording, values: Mapping[str, str], language: str) -> str:
    spoken = {name: _spoken(name, value, language) for name, value in values.items()}
    template = wording.chinese if language == "zh" else wording.english
    text = template.format(**spoken, label=_labels(language))
    first = re.match(r"\{(picture\d?)\}", template)
    is_role = first is not None and _role(values[first[1]].split(" and ")[0]) is not None
    text = text[:1].upper() + text[1:] if is_role else text
    return re.sub(r" (?=“)|(?<=”) ", "", text) if language == "zh" else text


def _spoken(name: str, value: str, language: str) -> str:
    """A value of the engine's in the page's words; what kind it is, its place's name says."""
    change = _CHANGES.get(name.rstrip(_DIGITS))
    return value if change is None else change(value, language)


def _picture(name: str, language: str) -> str:
    """A role as the page calls it; a file by its own name."""
    parts = name.split(" and ")
    if len(parts) > 1 and all(_role(part) for part in parts):
        return _piece(language, "and").join(_picture(part, language) for part in parts)
    if (role := _role(name)) is None:
        return f"“{name}”" if language == "zh" else name
    key = role.kind.replace(" ", "_")
    return _piece(language, key if role.number == 1 else f"{key}_of", number=role.number)


def _role(phrase: str) -> Role | None:
    """The role that a message means; None for a file's name."""
    found = re.fullmatch(r"(?:the )?(.+?)(?: (\d+))?", phrase)
    kind = _KINDS.get(found[1]) if found else None
    return None if found is None or kind is None else Role(kind, int(found[2] or 1))


def _setting(name: str, language: str) -> str:
    """The label of a setting, and what part of it is meant."""
    name, _, part = name.partition(" ")
    label = _labels(language).get(name, name.replace("_", " "))
    return f"{label} ({int(part) + 1 if part.isdigit() else part})" if part else label


def _choices(names: str, language: str) -> str:
    """'a', 'b' or 'c'; a, b, c."""
    found = [name.strip(" '") for name in re.split(r", | or ", names)]
    found = [name for name in found if not name.startswith("image:")]
    *others, last = found
    between = _piece(language, "comma").join(others)
    return f"{between}{_piece(language, 'or')}{last}" if others else last


def _value(text: str, _language: str) -> str:
    """A value that was typed, without the quotes of Python."""
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return f"“{text[1:-1]}”" if quoted else text


def _bounds(words: str, language: str) -> str:
    """From "number of at least 1" and its like."""
    words, _, rest = words.partition("number")
    kind = _piece(language, "whole_number" if words else "number")
    if span := re.fullmatch(r" from (\S+) to (\S+)", rest):
        return _piece(language, "from_to", kind=kind, low=span[1], high=span[2])
    found = re.findall(r"(least|above|most|below) (\S+)", rest)
    bounds = [_piece(language, word, number=bound) for word, bound in found]
    if not bounds:
        return _piece(language, "unbounded", kind=kind)
    return _piece(language, "bounded", kind=kind, bounds=_piece(language, "and").join(bounds))


def _network(file: str, _language: str) -> str:
    """The name of a network from that of its file."""
    name = file.partition("-")[0]
    return re.sub(r"^vgg(?=\d)", "VGG-", name)


def _piece(language: str, key: str, **parts: object) -> str:
    return PIECES[language][key].format(**parts)


_CHANGES: Mapping[str, Callable[[str, str], str]] = {
    "picture": _picture,
    "setting": _setting,
    "choices": _choices,
    "value": _value,
    "wish": _bounds,
    "network": _network,
}


def _labels(language: str) -> dict[str, str]:
    return {control.name: words_of(control, language)[0] for control in controls()}


@cache
def _own() -> re.Pattern[str]:
    texts = (re.sub(r"\\{\w+\\}", ".*", re.escape(text)) for text in CHINESE.values())
    return re.compile("|".join(texts))


def _is_own(sentence: str) -> bool:
    """Whether the page says it itself, in Chinese."""
    return _own().fullmatch(sentence) is not None
