"""From a phrase to its plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from impasto.colours import MOST_COLOURS
from impasto.errors import SettingError
from impasto.painters import DIRECTED
from impasto.words.composing import Composed, composed, without
from impasto.words.lexer import Token, tokens
from impasto.words.likeness import mended, nearest
from impasto.words.plan import Plan, Reading, Unknown
from impasto.words.reader import idle, read
from impasto.words.shelf import Library, Shelf
from impasto.words.vocabulary import Term, default_style

__all__ = ["DIRECTED", "MOST_TEXT", "Library", "plan", "plan_of"]

MOST_TEXT = 1000  # characters
MOST_NAMED = 12  # unknown words whose nearest terms are looked for: nobody reads more


def plan(text: str, *, given: int = 0) -> Plan:
    """What words about a painting come to: styles and settings, in English or Chinese.

    Args:
        text: such as "mostly watercolour, a little woodcut, cold" or "三分水彩七分浮世绘，偏冷".
        given: how many style pictures are given beside the words, before those of the plan.

    Returns:
        The plan: `plan.sources()` are its styles and `plan.settings(given)` its settings, as
        `impasto.stylize` takes them; `plan.unknown` names what was not understood.

    Raises:
        SettingError: nothing of the words is understood, or they are too long.

    Example:
        >>> made = plan("great wave, very dark")
        >>> made.sources(), made.settings()
        (['great-wave'], {'tone': {'dark': 1.5}})
    """
    return plan_of(text, given=given, library=Shelf())


def plan_of(
    text: str,
    *,
    given: int = 0,
    library: Library | None = None,
    directed: Collection[str] = DIRECTED,
    chooses: bool = True,
) -> Plan:
    """The plan that words come to.

    It is the same whatever their order, and whichever words of the vocabulary say a thing.

    Args:
        text: a phrase in English or Chinese, of at most `MOST_TEXT` characters.
        given: how many style pictures are given beside it.
        library: searched where the words say what a style is like and name none, by words that the
            vocabulary does not know, and for the colours of a style that is to be without one.
        directed: names of the painters whose strokes can be turned.
        chooses: whether a style is chosen for words that name none, where no picture is given.

    Returns:
        What was understood, with what was not in `unknown`. Words that name no style leave `styles`
        empty where pictures are given; alone they take the library's best, or the default style.

    Raises:
        SettingError: nothing of it is understood, or it is empty or too long.

    Example:
        >>> print(plan_of("三分水彩七分浮世绘").command("photo.jpg"))
        impasto stylize photo.jpg ukiyo-e watercolour --style-blend 0.7,0.3
    """
    if not text.strip() or len(text) > MOST_TEXT:
        raise SettingError(
            f"the words have {len(text.strip())} characters: give 1 to {MOST_TEXT}, such as "
            "'mostly watercolour, a little woodcut, cold'"
        )
    pieces = tokens(text)
    if library is not None:
        pieces = [_titled(piece, library) for piece in pieces]
    pieces, corrected = mended(pieces)
    items, strange = read(pieces)
    strange += idle(pieces)
    unknown = list(_unknown(dict.fromkeys(strange)))
    strangers = len(unknown)
    regions = dict.fromkeys(piece.text for piece in pieces if piece.kind == "region")
    unknown += [Unknown(words=word, region=True) for word in regions]
    if not items:
        named = "; ".join(_told(word) for word in unknown[:MOST_NAMED])
        if len(unknown) > MOST_NAMED:
            named += f"; and {len(unknown) - MOST_NAMED} more"
        raise SettingError(
            f"{text!r} says nothing that is known here{f' ({named})' if named else ''}: "
            "`impasto words` lists the words"
        )
    made = composed(items, given, frozenset(directed))
    if chooses and not made.values["styles"] and not given:
        _choose_style(made, library)
    if made.unwished:
        _leave_out(made, library)
    made.notes += corrected
    if strangers > MOST_NAMED:
        made.notes.append(
            f"{strangers} words are unknown: nearest terms are named for the first {MOST_NAMED}"
        )
    if regions:
        named = ", ".join(regions)
        made.notes.append(
            f"words cannot choose a part of the picture ({named}), and all of it takes what they "
            "say: white in a --mask is where a style paints, in --keep where the photograph stays"
        )
    return Plan(
        text=text,
        readings=tuple(
            Reading(words=item.words, meaning=meaning)
            for item, meaning in zip(items, made.meanings, strict=True)
        ),
        unknown=tuple(unknown),
        notes=tuple(sorted(made.notes)),
        **made.values,
    )


def _titled(piece: Token, library: Library) -> Token:
    """An unknown word as the style of the library that has it in its title."""
    if piece.kind != "unknown" or (name := library.titled(piece.text)) is None:
        return piece
    term = Term("title", piece.text, "", style=(name,))
    return replace(piece, kind="term", term=term)


def _choose_style(made: Composed, library: Library | None) -> None:
    """The style of words that name none."""
    name = library.alike(made.wishes) if library is not None and made.wishes else None
    if name is not None:
        why = f"no style is named: of all {name} is most {' and '.join(made.wishes)}"
    else:
        name = default_style()
        why = f"no style is named: {name} is taken, name another or give a picture"
    made.values["styles"] = [{"source": name, "share": 1.0}]
    made.notes.append(why)


def _leave_out(made: Composed, library: Library | None) -> None:
    """The colours of the styles without those that are not wished, where no others are."""
    refused = ", ".join(made.unwished)
    measured: list[str] = []
    if library is not None and not made.values.get("color"):
        for style in made.values["styles"]:
            measured += library.colours(style["source"])
    palette = without(measured, [c for colours in made.unwished.values() for c in colours])
    if palette and len(palette) < len(set(measured)):
        made.values["palette"] = palette[:MOST_COLOURS]
        made.notes.append(f"the palette is the style's own without {refused}")
    elif palette:
        made.notes.append(f"the style has no {refused} to leave out")
    else:
        made.notes.append(f"no palette is known that {refused} could be left out of: name colours")


def _unknown(words: Iterable[str]) -> Iterator[Unknown]:
    """Words that nothing is known of, the first `MOST_NAMED` with their nearest terms."""
    for place, word in enumerate(words):
        yield Unknown(words=word, nearest=nearest(word) if place < MOST_NAMED else ())


def _told(unknown: Unknown) -> str:
    if unknown.region:
        return f"{unknown.words} is a part of the picture"
    near = f", did you mean {' or '.join(unknown.nearest)}?" if unknown.nearest else ""
    return f"{unknown.words} is unknown{near}"
