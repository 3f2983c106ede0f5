"""From what is wished to a plan: shares of styles, and settings that go together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from impasto.colours import MOST_COLOURS, distance, oklab
from impasto.settings.tones import MOST_TONE, TONES
from impasto.words.plan import DECIMALS, MOST_STYLES, PAINT
from impasto.words.reader import Item

__all__ = ["Composed", "composed", "without"]

OPPOSITES = {"dark": "light", "high-contrast": "soft", "warm": "cold", "vivid": "muted"}
STRENGTH = 0.5  # that words about strength start from
STRENGTHS = (0.1, 0.9)  # what words may come to
PER_FACTOR = 0.4  # of strength, for an amount of the only style
OTHERS = 3  # styles that are named beside the one that is taken
LEAST_TONE = 0.05  # less is not seen
LEAST = 10**-DECIMALS  # share of a style that is asked for at all
SCALES = (0.3, 3.0)
AGAIN = 0.25  # what a second word for the same adds of itself
SAME_HUE = math.radians(40)
SOME_CHROMA = 0.04  # of Oklab, below which a colour has no hue worth a word
LITTLE = 0.5  # share up to which an amount is a little
LIKE = 0.12  # of Oklab, within which a colour is the one that is not wished


class Composed:
    """A plan in the making.

    Attributes:
        values: of `Plan`, by name.
        meanings: what each item was read as, in their order.
        notes: what else there is to tell.
        wishes: of the items, for a library that is searched by them.
        unwished: colours that are refused while no palette is asked for, by their words.
        shown: items that only say what the photograph shows.
    """

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.meanings: list[str] = []
        self.notes: list[str] = []
        self.wishes: list[str] = []
        self.unwished: dict[str, tuple[str, ...]] = {}
        self.shown: list[Item] = []


def composed(items: Sequence[Item], given: int, directed: frozenset[str]) -> Composed:
    """What items come to; their order makes no difference.

    Args:
        items: as `impasto.words.reader.read` gives them.
        given: how many style pictures are given beside the words, each of the weight 1.
        directed: names of the painters whose strokes can be turned.
    """
    out = Composed()
    items = _with_little_colours(items)
    styles = _styles(items, out)
    _tones(items, out)
    _strokes(items, out)
    _colours(items, out)
    _strength(items, styles, given, out)
    _shares(styles, given, out)
    _directions(items, directed, out)
    out.meanings = [
        "what the photograph shows" if item in out.shown else _meaning(item, styles)
        for item in items
    ]
    out.wishes = sorted({_wish(item) for item in items if item.term.wish})
    return out


def _with_little_colours(items: Sequence[Item]) -> Sequence[Item]:
    """Items in which a little of a colour beside another colour is a part of the palette.

    Alone, or "bluish", it is a tint.
    """
    if not any(_is_colour(item) and not _is_tint(item) for item in items):
        return items
    return [
        replace(item, factor=1.0)
        if _is_colour(item) and _is_tint(item) and item.share <= LITTLE
        else item
        for item in items
    ]


def _is_colour(item: Item) -> bool:
    return item.term.kind == "colour" and not item.refused and item.factor > 0


def _styles(items: Sequence[Item], out: Composed) -> dict[str, list[Item]]:
    """Items by the style that they are painted in, without what is refused."""
    refused = {style for item in items if item.refused for style in item.term.style[:1]}
    wished = [item for item in items if item.term.style and not item.refused]
    chosen: dict[str, list[Item]] = {}
    # What leaves least choice goes first: with a title the artist says nothing more.
    for item in sorted(wished, key=lambda item: (len(item.term.style), item.term.style)):
        # With an amount of its own a style is meant as one beside the others.
        styles = item.term.style[:1] if item.has_amount else item.term.style
        open_to = [style for style in styles if style not in refused]
        known = [style for style in open_to if style in chosen]
        if known:
            chosen[known[0]].append(item)
        elif open_to:
            chosen[open_to[0]] = [item]
        else:
            out.notes.append(f"{item.words} is left out, since words beside it refuse its style")
    return chosen


def _shares(styles: Mapping[str, list[Item]], given: int, out: Composed) -> None:
    weights = {style: max(map(_weight, items)) for style, items in styles.items()}
    fractions = {
        style: max(item.fraction or 0.0 for item in items) for style, items in styles.items()
    }
    parts = {style: max(item.parts or 0.0 for item in items) for style, items in styles.items()}
    if any(fractions.values()):
        told = sum(fractions.values())
        others = [style for style in styles if not fractions[style]]
        unsaid = sum(weights[style] for style in others) + given
        # What figures leave is for those that have none; where they leave nothing, a usual share.
        unit = (1 - told) / unsaid if told < 1 and unsaid else told / max(1, len(styles) + given)
        weights = {s: fractions[s] or weights[s] * unit for s in styles}
        own = given * unit
    elif any(parts.values()):
        unit = sum(parts.values()) / sum(1 for part in parts.values() if part)
        weights = {style: parts[style] or weights[style] * unit for style in styles}
        own = given * unit
    else:
        own = float(given)
    ranked = sorted(weights.items(), key=lambda row: (-row[1], row[0]))
    if len(ranked) > MOST_STYLES:
        left_out = ", ".join(style for style, _ in ranked[MOST_STYLES:])
        out.notes.append(f"more than {MOST_STYLES} styles are no style: {left_out} are left out")
        ranked = ranked[:MOST_STYLES]
    total = sum(weight for _, weight in ranked) + own
    shares = [(style, max(round(weight / total, DECIMALS), LEAST)) for style, weight in ranked]
    out.values["styles"] = [{"source": style, "share": share} for style, share in shares]
    if given and styles:
        out.values["given"] = round(1 - sum(share for _, share in shares), DECIMALS)


def _weight(item: Item) -> float:
    return item.share * item.term.weight


def _tones(items: Iterable[Item], out: Composed) -> None:
    amounts: dict[str, list[float]] = {}
    for item in items:
        for tone, amount in {**item.term.tone, **_tint(item)}.items():
            amounts.setdefault(tone, []).append(amount * item.factor)
    net = {tone: _together(parts) for tone, parts in amounts.items()}
    for one, other in OPPOSITES.items():
        towards = net.pop(one, 0.0) - net.pop(other, 0.0)
        net[one], net[other] = max(towards, 0.0), max(-towards, 0.0)
        if one in amounts and other in amounts and not round(towards, 2):
            out.notes.append(f"{one} and {other} leave nothing of each other")
    out.values["tone"] = {
        tone: min(round(net[tone], 2), MOST_TONE)
        for tone in TONES
        if net.get(tone, 0) >= LEAST_TONE
    }


def _tint(item: Item) -> Mapping[str, float]:
    """Tones in place of a palette, where a little of a colour is wished."""
    return item.term.tint if _is_tint(item) else {}


def _is_tint(item: Item) -> bool:
    return bool(item.term.tint) and item.has_amount and 0 < item.factor < 1


def _together(parts: Sequence[float]) -> float:
    """Several words for one thing: the strongest each way, and a little of the others."""
    total = 0.0
    for sign in (1, -1):
        same = sorted((abs(part) for part in parts if part * sign > 0), reverse=True)
        total += sign * (same[0] + AGAIN * math.fsum(same[1:])) if same else 0.0
    return total


def _strokes(items: Iterable[Item], out: Composed) -> None:
    powers = [math.log2(item.term.scale) * item.factor for item in items if item.term.scale]
    if not powers:
        return
    scale = 2 ** _together(powers)
    scale = round(min(max(scale, SCALES[0]), SCALES[1]), 2)
    if scale != 1:
        out.values["style_scale"] = scale
    elif any(abs(power) > 0 for power in powers):
        out.notes.append("fine and broad leave the strokes as large as they are")


def _strength(
    items: Iterable[Item], styles: Mapping[str, list[Item]], given: int, out: Composed
) -> None:
    steps = [item.term.strength * item.factor for item in items if item.term.strength]
    strength = STRENGTH + _together(steps)
    told = bool(steps)
    if len(styles) == 1 and not given:
        # An amount of the only style can be no share: it is how much of it there is.
        (only,) = styles.values()
        for item in only:
            if item.fraction is not None:
                strength, told = item.fraction, True
            elif item.has_amount and item.factor != 1 and not item.parts:
                strength, told = strength + PER_FACTOR * (item.factor - 1), True
    if told:
        strength = round(min(max(strength, STRENGTHS[0]), STRENGTHS[1]), 2)
        out.values["strength"] = strength


def _colours(items: Sequence[Item], out: Composed) -> None:
    if any(item.term.color for item in items if not item.refused):
        out.values["color"] = "luminance"
    coloured = [
        item
        for item in items
        if item.term.palette and not item.refused and item.factor > 0 and not _is_tint(item)
    ]
    scenes = [item for item in coloured if item.term.kind == "scene"]
    named = [item for item in coloured if item.term.kind != "scene"]
    # A scene is mostly what the photograph shows: its colours are meant where nothing else is.
    others = named or any(item.term.style and not item.refused for item in items)
    shown = [item for item in scenes if others and not item.hued]
    out.shown = shown
    if shown:
        names = ", ".join(sorted({item.term.name for item in shown}))
        out.notes.append(f"{names}: for a photograph of it; say colours of it to have these")
    counted = [item for item in coloured if item not in shown]
    wished = [colour for item in counted for colour in item.term.palette]
    amounts = _amounts(counted)
    unwished = [c for item in items if _refuses(item) for c in item.term.palette]
    palette = without(wished, unwished)
    if unwished and not palette:
        refused = sorted((item.term.name, item.term.palette) for item in items if _refuses(item))
        out.unwished = dict(refused)
    if len(palette) > MOST_COLOURS:
        out.notes.append(
            f"of {len(palette)} colours the first {MOST_COLOURS} by lightness are taken"
        )
    if palette and out.values.get("color"):
        out.notes.append("the photograph keeps its colours, so the palette is left out")
        palette = []
    palette = palette[:MOST_COLOURS]
    if len(palette) > 1 and any(colour in amounts for colour in palette):
        all_amounts = sum(amounts[colour] for colour in palette)
        palette = [
            f"{colour}:{max(round(amounts[colour] / all_amounts, DECIMALS), LEAST):g}"
            for colour in palette
        ]
    out.values["palette"] = palette


def _amounts(items: Sequence[Item]) -> dict[str, float]:
    """How much of each colour is wished; nothing where no colour has an amount."""
    parts = _parts_of(items)
    if len(set(parts)) < 2:
        return {}
    amounts: dict[str, float] = {}
    for item, part in zip(items, parts, strict=True):
        for colour in item.term.palette:
            amounts[colour] = amounts.get(colour, 0.0) + part / len(item.term.palette)
    return amounts


def _parts_of(items: Sequence[Item]) -> list[float]:
    """The amount of each item: in figures where it has such, else by its words."""
    told = sum(item.fraction or 0.0 for item in items)
    if told:
        unsaid = sum(item.share for item in items if not item.fraction)
        unit = (1 - told) / unsaid if told < 1 and unsaid else told / len(items)
        return [item.fraction or item.share * unit for item in items]
    parts = [item.parts for item in items if item.parts]
    if parts:
        usual = sum(parts) / len(parts)
        return [item.parts or item.share * usual for item in items]
    return [item.share for item in items]


def without(colours: Iterable[str], unwished: Sequence[str]) -> list[str]:
    """Colours without those that are like others, each once, from dark to light.

    Example:
        >>> without(["#ffffff", "#3050a0", "#000000"], ["#2f5da8"])
        ['#000000', '#ffffff']
    """
    left = [colour for colour in colours if not any(_like(colour, no) for no in unwished)]
    return sorted(dict.fromkeys(left), key=lambda colour: (oklab(colour), colour))


def _refuses(item: Item) -> bool:
    return (item.refused or item.factor < 0) and item.term.kind == "colour"


def _like(one: str, other: str) -> bool:
    """Whether a colour is another, or one of its shades."""
    if distance(one, other) < LIKE:
        return True
    (_, a, b), (_, c, d) = oklab(one), oklab(other)
    if min(math.hypot(a, b), math.hypot(c, d)) < SOME_CHROMA:
        return False
    apart = abs(math.atan2(b, a) - math.atan2(d, c))
    return min(apart, 2 * math.pi - apart) < SAME_HUE


def _directions(items: Sequence[Item], directed: frozenset[str], out: Composed) -> None:
    wished = sorted(
        {
            item.term.direction
            for item in items
            if not item.refused and item.term.direction is not None
        }
    )
    if not wished:
        return
    direction = wished[-1]
    if len(wished) > 1:
        out.notes.append(f"of several directions of strokes {direction:g} degrees is taken")
    turned = False
    for style in out.values["styles"]:
        name = style["source"].removeprefix(PAINT)
        if name in directed:
            style["source"] = f"{PAINT}{quote(name)}?direction={direction:g}"
            turned = True
    if turned:
        out.values["direction"] = direction
    else:
        out.notes.append(
            "strokes can be turned only where a painter of ours makes the style: "
            f"{', '.join(sorted(directed)) or 'none here'}"
        )


def _meaning(item: Item, styles: Mapping[str, list[Item]]) -> str:
    """What an item was read as, in words."""
    term, said = item.term, []
    if item.refused and (term.style or term.palette):
        said.append(f"no {term.name}")
    for style, those in styles.items():
        if item in those:
            others = [other for other in term.style if other != style]
            also = f" (also: {', '.join(others[:OTHERS])})" if others and len(those) == 1 else ""
            said.append(f"{'near ' if term.near else ''}style {style}{also}")
    if term.scale and term.scale != 1:
        said.append(f"strokes x {2 ** (math.log2(term.scale) * item.factor):.2g}")
    for tone, amount in {**term.tone, **_tint(item)}.items():
        towards = amount * item.factor
        other = {**OPPOSITES, **{b: a for a, b in OPPOSITES.items()}}.get(tone)
        if towards > 0 or other is None:
            said.append(f"{tone} {max(towards, 0):.2g}")
        else:
            said.append(f"{other} {-towards:.2g}")
    if term.palette and not item.refused and not _is_tint(item):
        said.append(f"colours {', '.join(term.palette)}")
    if term.strength:
        said.append(f"strength {term.strength * item.factor:+.2g}")
    if term.direction is not None:
        said.append(f"strokes at {term.direction:g} degrees")
    if term.color:
        said.append("the photograph's colours")
    return ", ".join(said) or f"{term.wish or term.name}: for a search in the library"


def _wish(item: Item) -> str:
    against = item.refused or item.factor < 0
    return f"not {item.term.wish}" if against else str(item.term.wish)
