"""Style pictures that describe themselves: the user's own and the bundled ones, found by wishes.

`search(["blue", "swirling"])` finds pictures by what was measured of them, `search([], words="van
gogh")` by their titles. `Library` keeps the user's own; their names are styles as those of samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from impasto.library.attributes import Attributes, measure
from impasto.library.bundled import bundled_entries
from impasto.library.searching import Entry, Found, ranked
from impasto.library.store import Added, Library, library_folder
from impasto.library.wishes import WISHES, Wish

__all__ = [
    "WISHES",
    "Added",
    "Attributes",
    "Entry",
    "Found",
    "Library",
    "Wish",
    "library_folder",
    "measure",
    "search",
]


def search(
    wishes: Iterable[str | Wish] = (),
    *,
    words: str = "",
    limit: int = 12,
    entries: Sequence[Entry] | None = None,
) -> list[Found]:
    """The pictures that fit best, best first.

    Args:
        wishes: words of `WISHES`, "not " before one for its contrary, or wishes of your own.
        words: titles, artists, years, in English or Chinese.
        limit: how many at most.
        entries: what is searched; the user's library and the bundled styles if left out.

    Returns:
        With names that are styles wherever one may be named.

    Raises:
        UnknownNameError: a word that is no wish.

    Example:
        >>> from impasto.library.bundled import bundled_entries
        >>> found = search(["blue", "swirling"], entries=bundled_entries(), limit=3)
        >>> "starry-night" in [each.name for each in found]
        True
        >>> search(words="星月夜", entries=bundled_entries())[0].name
        'starry-night'
    """
    if entries is None:
        entries = [*Library().entries(), *bundled_entries()]
    return ranked(wishes, words, entries, limit)
