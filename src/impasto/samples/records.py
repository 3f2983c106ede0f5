"""What is on record about a sample: its words in the languages of the page, and its origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

__all__ = ["Artist", "Drawing", "Language", "Painting", "Photograph", "Sample", "Words"]

Language: TypeAlias = Literal["en", "zh"]


class Words(NamedTuple):
    """One text in the languages of the page.

    Example:
        >>> Words("a cat", "一只猫").of("zh")
        '一只猫'
    """

    en: str
    zh: str

    def of(self, language: Language) -> str:
        """The text in one of them."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Photograph:
    """A photograph to paint.

    Attributes:
        shows: what is in it.
        origin: who took it, and where it was taken from.
        licence: as its source states it.
    """

    shows: Words
    origin: str
    licence: str

    def caption(self, language: Language = "en") -> str:
        """What it shows, in a few words."""
        return self.shows.of(language)


@dataclass(frozen=True)
class Drawing:
    """A style picture that code painted: one of `impasto.painters`.

    Attributes:
        shows: what it looks like.
    """

    shows: Words

    def caption(self, language: Language = "en") -> str:
        """What it shows, in a few words."""
        return self.shows.of(language)


class Artist(NamedTuple):
    """Who made a painting.

    Attributes:
        name: as museums give it.
        died: the year on which the term of protection depends.
    """

    name: Words
    died: int


@dataclass(frozen=True)
class Painting:
    """A style picture that is the scan of a work in the public domain.

    Attributes:
        title: as museums give it.
        artist: of the work.
        year: in which it was finished.
        origin: the page that the scan comes from or, where none is known, the collection that
            keeps the work.
        is_about: the year is an estimate.
    """

    title: Words
    artist: Artist
    year: int
    origin: str
    is_about: bool = False

    def caption(self, language: Language = "en") -> str:
        """Title, artist and year.

        Example:
            >>> hokusai = Artist(Words("Katsushika Hokusai", "葛饰北斋"), 1849)
            >>> wave = Painting(Words("The Great Wave", "巨浪"), hokusai, 1831, "", is_about=True)
            >>> wave.caption(), wave.caption("zh")
            ('The Great Wave, Katsushika Hokusai, about 1831', '《巨浪》，葛饰北斋，约 1831 年')
        """
        title, name = self.title.of(language), self.artist.name.of(language)
        if language == "zh":
            return f"《{title}》，{name}，{'约 ' if self.is_about else ''}{self.year} 年"
        return f"{title}, {name}, {'about ' if self.is_about else ''}{self.year}"


Sample: TypeAlias = Photograph | Drawing | Painting
