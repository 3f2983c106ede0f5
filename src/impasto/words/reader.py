"""From tokens to what is wished: each term with its amount and share, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from impasto.words.lexer import Token
from impasto.words.vocabulary import Term

__all__ = ["Item", "idle", "read"]

REFUSED, MILDLY_REFUSED = -0.5, -0.3  # what is not wished, as an amount: a little of the contrary
MORE, LESS = 1.2, -0.5
ISH = 0.4  # "reddish"
MOST = 2.0  # that several amounts come to
_FILLERS = ("stop", "and", "or", "than", "compared", "but", "carrier", "hue", "region")


@dataclass(frozen=True)
class Item:
    """A term as it is wished.

    Attributes:
        term: of the vocabulary.
        words: as they were written, its amount with them.
        factor: amount of its effects; negative for the contrary.
        share: weight of its style in a blend, if nothing says it in figures.
        fraction, parts: the share in figures; None for neither.
        refused: whether it is asked to be left out.
        has_amount: whether an amount stands beside it.
        hued: whether its clause speaks of colours: "the colours of the sea".
    """

    term: Term
    words: str
    factor: float = 1.0
    share: float = 1.0
    fraction: float | None = None
    parts: float | None = None
    refused: bool = False
    has_amount: bool = False
    hued: bool = False


@dataclass
class _Amount:
    """Amounts that wait for the term they belong to."""

    factor: float = 1.0
    share: float = 1.0
    fraction: float | None = None
    parts: float | None = None
    words: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.words)

    def add(self, token: Token) -> None:
        self.words.append(token.text)
        if token.number is not None:
            if token.number.kind == "fraction":
                self.fraction = token.number.values[0]
            elif token.number.kind == "parts":
                self.parts = token.number.values[0]
        elif token.term is not None:
            self.factor = _product(self.factor, token.term.factor)
            self.share = min(3.0, self.share * token.term.share)
        else:
            more = token.kind == "more"
            self.factor = _product(self.factor, MORE if more else LESS)
            self.share *= 2.0 if more else 0.5

    def on(self, item: Item) -> Item:
        if not self:
            return item
        factor, fraction = self.factor, self.fraction
        if fraction is not None and not item.term.style and not item.term.palette:
            factor, fraction = factor * fraction, None  # "70% dark" is no share of the picture
        return replace(
            item,
            factor=_product(item.factor, factor),
            share=item.share * self.share,
            fraction=item.fraction if fraction is None else fraction,
            parts=item.parts if self.parts is None else self.parts,
            has_amount=True,
        )


def read(pieces: Sequence[Token]) -> tuple[list[Item], list[str]]:
    """What is wished, and the words that nothing is known of.

    A clause ends at a comma or a stop. In it an amount belongs to the term behind it, or to the
    one before where the clause begins with a term and ends with an amount. A negation reaches to
    the end of its clause or to "but", and over a list that ends with "or": "no red, blue or green".
    What a style is without does not refuse the style: "a not too dark watercolour".

    Args:
        pieces: as `impasto.words.lexer.tokens` gives them.

    Example:
        >>> from impasto.words.lexer import tokens
        >>> items, unknown = read(tokens("a little woodcut, not dark, quantum"))
        >>> [(item.term.en, item.share, item.refused) for item in items], unknown
        ([('woodcut', 0.35, False), ('dark', 1.0, True)], ['quantum'])
    """
    items: list[Item] = []
    clauses = list(_clauses(pieces))
    sign = 1.0
    for at, clause in enumerate(clauses):
        sign = sign if _goes_on(clauses, at) else 1.0
        found, sign = _clause(clause, sign)
        items += found
    return items, [token.text for token in pieces if token.kind == "unknown"]


def idle(pieces: Sequence[Token]) -> list[str]:
    """Words that say nothing by themselves, and are refused all the same: "no shapes, please".

    Example:
        >>> from impasto.words.lexer import tokens
        >>> idle(tokens("no shapes, red colours, no dark colours"))
        ['shapes']
    """
    found = []
    for clause in _clauses(pieces):
        kinds = {token.kind for token in clause}
        if kinds & {"negation", "lacking"} and not any(token.term is not None for token in clause):
            found += [token.text for token in clause if token.kind in ("carrier", "hue")]
    return found


def _clauses(pieces: Sequence[Token]) -> Iterator[list[Token]]:
    """Runs between breaks; the break that ends one is its last token.

    A number behind a colon or a bracket belongs to what stands before: "oil: 70%, pencil (30%)".
    """
    clause: list[Token] = []
    for token, behind in pairwise([*pieces, Token("end", "")]):
        if token.text in _OPENING and behind.kind == "number":
            continue
        clause.append(token)
        if token.kind == "break":
            yield clause
            clause = []
    yield clause


def _goes_on(clauses: Sequence[Sequence[Token]], at: int) -> bool:
    """Whether a clause goes on with the list of the one before it."""
    if at == 0 or clauses[at - 1][-1].text not in _COMMAS:
        return False
    for clause in clauses[at:]:
        kinds = [token.kind for token in clause]
        if "or" in kinds:
            return True
        alone = [kind for kind in kinds if kind not in ("stop", "break")]
        if alone != ["term"] or clause[-1].text not in _COMMAS:
            return False
    return False


_COMMAS = (",", "，")
_OPENING = (":", "：", "(", "（", "[")


def _clause(clause: Sequence[Token], sign: float) -> tuple[list[Item], float]:
    """The items of a clause, and whether it ends refusing."""
    left_out = ("unknown", "break")
    kept = [token for token in _without_context(clause) if token.kind not in left_out]
    said = [token for token in kept if token.kind not in _FILLERS]
    after = len(said) > 1 and _is_term(said[0]) and _is_amount(said[-1])
    items: list[Item] = []
    waiting = _Amount()
    since = 0  # where the negation stands that is in force
    for at, token in enumerate(kept):
        if sign < 0 and _is_style(token) and _describes_it(kept[since:at]):
            sign = 1.0
        if token.kind in _NEGATIONS:
            sign, since = _NEGATIONS[token.kind], at
        elif token.kind == "but":
            sign = 1.0
        elif _is_amount(token):
            waiting.add(token)
            if items and (after or _ends_adjective(kept, at)):
                items[-1] = _joined(waiting, items[-1], before=False)
                waiting = _Amount()
        elif token.term is not None:
            items.append(_joined(waiting, _item(token, sign), before=True))
            waiting = _Amount()
    if waiting and items:  # "watercolour mostly": nothing is left that it could belong to
        items[-1] = _joined(waiting, items[-1], before=False)
    if any(token.kind == "hue" for token in kept):
        items = [replace(item, hued=True) for item in items]
    return _compared(_with_ratio(items, said), kept), sign


_NEGATIONS = {"negation": REFUSED, "lacking": REFUSED, "mild_negation": MILDLY_REFUSED}
_STYLES = ("medium", "movement", "artist", "title")
_LEADS_ON = ("的", "之", "by", "in", "from")


def _ends_adjective(kept: Sequence[Token], at: int) -> bool:
    """Whether an amount belongs to the term before it: 暗一点的水彩, a darker watercolour."""
    before, behind = kept[at - 1], kept[at + 1 : at + 2]
    return _is_term(before) and not _is_style(before) and [t.text for t in behind] == ["的"]


def _is_style(token: Token) -> bool:
    return token.term is not None and bool(token.term.style) and token.term.kind in _STYLES


def _describes_it(before: Sequence[Token]) -> bool:
    """Whether a negation and what it refuses only say what the style behind them is without.

    "Not too dark" does wherever a style stands directly behind it, and "without blue" where a word
    leads on to the style; "no red watercolour" refuses the style.
    """
    if not any(token.term is not None for token in before) or any(map(_is_style, before)):
        return False
    leads_on = before[-1].text.casefold() in _LEADS_ON
    if before[0].kind == "mild_negation":
        return leads_on or _is_term(before[-1])
    return before[0].kind == "lacking" and leads_on


def _item(token: Token, sign: float) -> Item:
    assert token.term is not None
    factor = ISH if token.ending == "ish" else 1.0
    refused = sign < 0
    return Item(
        token.term,
        token.text,
        factor * sign if refused else factor,
        refused=refused,
        has_amount=token.ending == "ish",
    )


def _joined(amount: _Amount, item: Item, *, before: bool) -> Item:
    if not amount:
        return item
    parts = [*amount.words, item.words] if before else [item.words, *amount.words]
    gap = " " if any(part.isascii() for part in parts) else ""
    return replace(amount.on(item), words=gap.join(parts))


def _without_context(clause: Sequence[Token]) -> Iterator[Token]:
    """The clause without words that only say what another term is about: "fine lines"."""
    for at, token in enumerate(clause):
        if token.term is not None and token.term.ignore:
            continue
        if token.term is not None and token.term.context:
            near = [*clause[max(0, at - 2) : at], *clause[at + 1 : at + 3]]
            has_amount = at > 0 and _is_amount(clause[at - 1])
            if not has_amount and any(_describes(other) for other in near):
                continue
        yield token


def _describes(token: Token) -> bool:
    return token.term is not None and not token.term.context and token.term.kind in _DESCRIBING


_DESCRIBING = ("stroke", "light", "tone")


def _is_term(token: Token) -> bool:
    return token.kind == "term"


def _is_amount(token: Token) -> bool:
    if token.kind == "number":
        return token.number is not None and token.number.kind in ("fraction", "parts")
    return token.kind in ("amount", "more", "less")


def _with_ratio(items: list[Item], said: Sequence[Token]) -> list[Item]:
    """3:7 goes to the first and the second style in the order they are written in.

    Where there are no two styles it goes to colours.
    """
    for token in said:
        if token.number is not None and token.number.kind == "ratio":
            wished = [(at, item.term) for at, item in enumerate(items) if not item.refused]
            places = [at for at, term in wished if term.style]
            colours = [at for at, term in wished if term.kind == "colour"]
            places = colours if len(places) < 2 <= len(colours) else places
            for at, value in zip(places, token.number.values, strict=False):
                items[at] = replace(items[at], parts=value, has_amount=True)
    return items


def _compared(items: list[Item], clause: Sequence[Token]) -> list[Item]:
    """ "More A than B", "A 多于 B", "A 比 B 少", "twice as much A as B"."""
    kinds = [token.kind for token in clause]
    ratio = 0.0
    if "exceeds" in kinds or ("more" in kinds and "compared" in kinds):
        ratio = 2.0
    elif "falls_short" in kinds or ("less" in kinds and "compared" in kinds):
        ratio = 0.5
    elif "than" in kinds:
        ratio = 2.0 if "more" in kinds else 0.5 if "less" in kinds else 0.0
    for token in clause:
        if token.number is not None and token.number.kind == "times":
            ratio = token.number.values[0]
    wished = [at for at, item in enumerate(items) if not item.refused]
    if not ratio or len(wished) < 2:
        return items
    first, second = wished[0], wished[1]
    for at, part in ((first, ratio), (second, 1.0)):
        # Of a colour there is less than of the other then, and not less of its effect.
        colours = {item.term.kind for item in (items[first], items[second])} == {"colour"}
        factor = 1.0 if colours or part == max(ratio, 1.0) else 0.5
        items[at] = replace(
            items[at], share=part, parts=None, fraction=None, factor=factor, has_amount=True
        )
    return items


def _product(one: float, other: float) -> float:
    sign = -1.0 if (one < 0) != (other < 0) else 1.0
    return sign * min(abs(one * other), MOST)
