"""Every term that words about a painting may have, and what each of them does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from impasto.chinese import is_chinese, simplified
from impasto.colours import Colour, catalogue, find, known_names, parse_palette
from impasto.samples.catalogue import CATALOGUE
from impasto.samples.records import Painting, Words
from impasto.words.spelling import key_of, normalized

__all__ = [
    "GRAMMAR",
    "KINDS",
    "Lexicon",
    "Term",
    "colour_terms",
    "default_style",
    "grammar",
    "lexicon",
    "terms",
]

KINDS = (
    *("medium", "movement", "artist", "title", "stroke", "light", "tone", "style", "scene"),
    *("colour", "amount"),
)
"""The kinds of terms, in the order in which they are listed."""

GRAMMAR = (
    *("more", "less", "than", "compared", "exceeds", "falls_short"),
    *("negation", "mild_negation", "lacking"),
    *("but", "and", "or", "parts", "tenths", "region", "hue", "carrier", "stop"),
)
"""The lists of words that hold others together: `carrier` has those that only carry what is said
of them ("look"), `hue` those that carry a colour, `lacking` the negations of what a style shall be
without, `region` those that name a part of a picture."""


@dataclass(frozen=True)
class Term:
    """A term of the vocabulary; what its fields do is written at the top of `vocabulary.toml`.

    Attributes:
        kind: one of `KINDS`.
        en, zh: its word in each language; one of them may be empty.
        also: other words for the same.
        ignore: known, and without effect.
        context: without effect beside a term that says what it is like ("fine lines").
        factor, share: of an amount: what it makes of an effect, and of a style in a blend.
    """

    kind: str
    en: str
    zh: str
    also: tuple[str, ...] = ()
    style: tuple[str, ...] = ()
    near: bool = False
    weight: float = 1.0
    scale: float | None = None
    strength: float | None = None
    palette: tuple[str, ...] = ()
    tone: Mapping[str, float] = field(default_factory=dict)
    tint: Mapping[str, float] = field(default_factory=dict)
    direction: float | None = None
    color: Literal["luminance"] | None = None
    wish: str | None = None
    ignore: bool = False
    context: bool = False
    factor: float = 1.0
    share: float = 1.0

    @property
    def name(self) -> str:
        """What it is called in messages: its English word if it has one."""
        return self.en or self.zh

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that it may be written as."""
        return tuple(word for word in (self.en, self.zh, *self.also) if word)


@dataclass(frozen=True)
class Lexicon:
    """What a spelling means: `Term`s, and names of lists in `GRAMMAR`.

    Attributes:
        english: by `key_of`, in which spaces make no difference.
        chinese: by its characters.
        written: of an English key, as the vocabulary writes it.
        longest: how many characters the longest Chinese entry has.
        mixed: entries with figures, or with letters and Chinese characters, the longest first.
    """

    english: Mapping[str, Term | str]
    chinese: Mapping[str, Term | str]
    written: Mapping[str, str]
    longest: int
    mixed: Sequence[tuple[str, Term | str]]


@cache
def terms() -> tuple[Term, ...]:
    """Every term but the names of colours, in the order of the vocabulary.

    Example:
        >>> [term.zh for term in terms()][:2]
        ['水彩', '油画']
    """
    own = [_read(kind, row) for kind in KINDS for row in _file()[kind]["terms"]]
    return (*own, *_works())


@cache
def colour_terms() -> tuple[Term, ...]:
    """A term for every name of a colour that `impasto.colours` knows."""
    names: dict[Colour, list[str]] = {colour: [] for colour in catalogue().values()}
    for name in known_names():
        names[find(name)].append(name)
    return tuple(_colour_term(colour, also) for colour, also in names.items())


def _colour_term(colour: Colour, also: Sequence[str]) -> Term:
    chinese = colour.kind == "chinese"
    en, zh = ("", colour.name) if chinese else (colour.name, colour.gloss)
    others = tuple(name for name in also if name not in (en, zh))
    return Term("colour", en, zh, others, palette=(colour.value,))


@cache
def lexicon() -> Lexicon:
    """All spellings; where two terms share one the earlier has it, grammar last but for stop."""
    english: dict[str, Term | str] = {}
    chinese: dict[str, Term | str] = {}
    written: dict[str, str] = {}
    mixed: dict[str, Term | str] = {}
    for words, meaning in _entries():
        for word in words:
            if re.search(r"\d|[A-Za-z].*[\u3400-\u9fff]|\w/\w", word):
                mixed.setdefault(normalized(word), meaning)
            elif any(map(is_chinese, word)) or word == "、":
                spelt = simplified(word).replace("·", "").replace(" ", "")
                chinese.setdefault(spelt, meaning)
                # 红色 is known by 红, and 蓝调 not by 蓝: only this ending says nothing.
                if isinstance(meaning, Term) and meaning.kind == "colour":
                    chinese.setdefault(spelt.removesuffix("色") + "色", meaning)
                    if len(spelt) > 2:
                        chinese.setdefault(spelt.removesuffix("色"), meaning)
            else:
                english.setdefault(key_of(word), meaning)
                written.setdefault(key_of(word), word)
    longest = max(map(len, chinese))
    return Lexicon(
        english, chinese, written, longest, sorted(mixed.items(), key=lambda row: -len(row[0]))
    )


@cache
def grammar() -> Mapping[str, tuple[str, ...]]:
    """The lists of words that hold others together, by their names."""
    return MappingProxyType({name: tuple(_file()["grammar"][name]) for name in GRAMMAR})


def default_style() -> str:
    """The style of words that name none."""
    return str(_file()["default_style"])


def _entries() -> Iterator[tuple[tuple[str, ...], Term | str]]:
    for term in terms():
        yield term.words, term
    for name in GRAMMAR[:-1]:
        yield grammar()[name], name
    for term in colour_terms():
        yield term.words, term
    yield grammar()["stop"], "stop"


def _works() -> Iterator[Term]:
    """The styles that come along, by name, title and artist."""
    for name, sample in CATALOGUE["style"].items():
        if not isinstance(sample, Painting):
            yield Term("title", name, "", style=(name,))
            continue
        yield Term("title", sample.title.en, sample.title.zh, (name,), style=(name,))
    artists: dict[Words, list[str]] = {}
    for name, sample in CATALOGUE["style"].items():
        if isinstance(sample, Painting):
            artists.setdefault(sample.artist.name, []).append(name)
    for (en, zh), works in artists.items():
        yield Term("artist", en, zh, style=tuple(works))


def _read(kind: str, row: Mapping[str, Any]) -> Term:
    values = {**row, "palette": parse_palette(row["palette"]) if row.get("palette") else ()}
    for name in ("also", "style"):
        values[name] = tuple(row.get(name, ()))
    return Term(kind, **values)


@cache
def _file() -> dict[str, Any]:
    text = (files("impasto.words") / "vocabulary.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
