"""From a phrase to its plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from typing import Protocol

from impasto.chinese import is_chinese
from impasto.errors import SettingError
from impasto.painters import DIRECTED
from impasto.words.composing import Composed, composed
from impasto.words.lexer import tokens
from impasto.words.plan import Plan, Reading, Unknown
from impasto.words.reader import read
from impasto.words.spelling import key_of, normalized
from impasto.words.vocabulary import default_style, lexicon

__all__ = ["DIRECTED", "MOST_TEXT", "Library", "plan", "plan_of"]

MOST_TEXT = 1000  # characters
NEAR = 0.6  # how like an unknown word a term has to be, from 0 to 1
NEAREST = 3


class Found(Protocol):
    """A picture that a search found."""

    name: str
    score: float


class Library(Protocol):
    """Pictures that can be searched, such as `impasto.library.search`."""

    def __call__(
        self, wishes: Sequence[str], *, words: str = "", limit: int = 12
    ) -> Sequence[Found]:
        """The best pictures first, for wishes such as "blue" and "not dark"."""


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
    return plan_of(text, given=given)


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
        library: searched where the words say what a style is like, and name none.
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
    items, strange = read(tokens(text))
    unknown = [Unknown(words=word, nearest=_nearest(word)) for word in dict.fromkeys(strange)]
    if not items:
        named = "; ".join(_told(word) for word in unknown)
        raise SettingError(
            f"{text!r} says nothing that is known here{f' ({named})' if named else ''}: "
            "`impasto words` lists the words"
        )
    made = composed(items, given, frozenset(directed))
    if chooses and not made.values["styles"] and not given:
        _choose_style(made, library)
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


def _choose_style(made: Composed, library: Library | None) -> None:
    """The style of words that name none."""
    if library is not None and made.wishes:
        found = library(made.wishes, limit=1)
        if found:
            made.values["styles"] = [{"source": found[0].name, "share": 1.0}]
            made.notes.append(
                f"no style is named: {found[0].name} is {', '.join(made.wishes)} most of all"
            )
            return
    style = default_style()
    made.values["styles"] = [{"source": style, "share": 1.0}]
    made.notes.append(f"no style is named: {style} is taken, name another or give a picture")


def _told(unknown: Unknown) -> str:
    nearest = f", did you mean {' or '.join(unknown.nearest)}?" if unknown.nearest else ""
    return f"{unknown.words} is unknown{nearest}"


def _nearest(word: str) -> tuple[str, ...]:
    """Terms that are written most like an unknown word, the likest first."""
    chinese = any(map(is_chinese, word))
    known = lexicon().chinese if chinese else lexicon().english
    spelt = normalized(word) if chinese else key_of(word)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(spelt)
    least = 0.4 if chinese else NEAR  # of two characters one
    ranked = []
    for entry, meaning in known.items():
        if isinstance(meaning, str):
            continue
        if chinese and not set(entry) & set(spelt):
            continue
        if not chinese and (
            abs(len(entry) - len(spelt)) > 3 or not set(entry[:2]) & set(spelt[:2])
        ):
            continue
        matcher.set_seq1(entry)
        if matcher.quick_ratio() >= least and (ratio := matcher.ratio()) >= least:
            ranked.append((-ratio, entry if chinese else lexicon().written[entry]))
    return tuple(dict.fromkeys(name for _, name in sorted(ranked)))[:NEAREST]
