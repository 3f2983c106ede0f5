"""Texts that strangers post: how long they may be, and of what characters."""

from __future__ import annotations

from unicodedata import category

from impasto.errors import InputError

__all__ = ["check_characters", "check_length"]

_BREAKS = "\n\r\t"  # the only control characters that people type


def check_length(name: str, text: str, most: int) -> None:
    """Refuse a text with more characters than are read.

    Args:
        name: of the text, with its verb: "the words have".
        text: as it came.
        most: characters.

    Raises:
        InputError: it has more.

    Example:
        >>> check_length("the words have", "cold", most=3)
        Traceback (most recent call last):
        ...
        impasto.errors.InputError: the words have 4 characters, above the limit of 3: shorten them
    """
    if len(text) > most:
        it = "them" if name.endswith(" have") else "it"
        raise InputError(f"{name} {len(text)} characters, above the limit of {most}: shorten {it}")


def check_characters(name: str, text: str, allowed: str = _BREAKS) -> None:
    """Refuse characters that nobody sees and that no answer could hold: controls and surrogates.

    Args:
        name: of the text, with its verb.
        text: as it came.
        allowed: control characters that may be in it.

    Raises:
        InputError: naming the first.

    Example:
        >>> check_characters("the words have", "cold\\nblue")
        >>> check_characters("the words have", "cold\\x00")
        Traceback (most recent call last):
        ...
        impasto.errors.InputError: the words have the character U+0000, which nothing shows: leave \
it out
    """
    for character in text:
        if category(character) in ("Cc", "Cs") and character not in allowed:
            raise InputError(
                f"{name} the character U+{ord(character):04X}, which nothing shows: leave it out"
            )
