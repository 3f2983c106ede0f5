"""Pictures that words may mean without naming them, as a plan asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

__all__ = ["Library", "Shelf"]


class Library(Protocol):
    """Pictures that can be searched."""

    def alike(self, wishes: Sequence[str]) -> str | None:
        """The picture that is most like wishes such as "blue" and "not dark"; None without any."""

    def titled(self, word: str) -> str | None:
        """The picture with a word in its title; None if none has it."""

    def colours(self, style: str) -> Sequence[str]:
        """The largest colours of a style, as "#rrggbb"; none of one that was not measured."""


# The library is loaded where it is asked: its measuring needs numpy, and most words ask nothing.
class Shelf:
    """The user's own library, and the styles that come along."""

    def alike(self, wishes: Sequence[str]) -> str | None:
        """As `Library.alike`.

        Example:
            >>> isinstance(Shelf().alike(["blue", "swirling"]), str)
            True
        """
        from impasto.library import search

        found = search(wishes, limit=1)
        return found[0].name if found else None

    def titled(self, word: str) -> str | None:
        """As `Library.titled`, of the user's own: the vocabulary knows the titles of the others."""
        from impasto.library import Library as Pictures
        from impasto.library import search

        own = Pictures().entries()
        found = search((), words=word, limit=1, entries=own) if own else []
        return found[0].name if found else None

    def colours(self, style: str) -> Sequence[str]:
        """As `Library.colours`.

        Example:
            >>> len(Shelf().colours("starry-night"))
            5
        """
        from impasto.library import Library as Pictures
        from impasto.library.bundled import bundled_entries

        entries = (*Pictures().entries(), *bundled_entries())
        measured = next((entry for entry in entries if entry.name == style), None)
        return [] if measured is None else [colour for colour, _ in measured.attributes.palette]
