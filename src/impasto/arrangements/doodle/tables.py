"""The tables of a doodle in words: which colour is painted of which region, and what is left."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from impasto.arrangements.doodle.match import Matching
from impasto.arrangements.doodle.palette import Parts
from impasto.arrangements.doodle.quantise import Flat, flat_hex
from impasto.arrangements.doodle.words import word_of
from impasto.imaging import Picture

__all__ = ["notes_of"]


def notes_of(
    drawing: Picture,
    flat: Flat,
    parts: Parts,
    matching: Matching,
    lost: Collection[int] = (),
) -> Iterator[str]:
    """What is painted of what, in a sentence each; then what may surprise.

    Args:
        drawing, flat: as it was read, and its colours.
        parts: the painting in its regions.
        matching: of the one to the other.
        lost: regions that are drawn too small to be seen in the painting.
    """
    shares = parts.shares
    for n, region in enumerate(matching.regions):
        before = matching.shared(n)
        again = ""
        if before:
            again = f", as {_colour(flat, before[0])} is: the edge between them is lost"
        yield (
            f"{_colour(flat, n)}, {flat.shares[n]:.0%} of the drawing: painted of "
            f"{_region(parts, region, shares[region])}{again}"
        )
    for region in sorted(lost):
        yield f"{_region(parts, region, shares[region])}: drawn too small to be seen at this size"
    for n in matching.far if not parts.found else ():
        yield f"the label map has no colour like {_colour(flat, n)}: the nearest stands in for it"
    for region in matching.unused:
        if shares[region] > 0:
            told = _region(parts, region, shares[region])
            yield f"{told}: not drawn, so nothing is painted of it"
    if flat.shaded:
        yield (
            f"{drawing.name} looks like a photograph, not like a drawing in flat colours: it is "
            f"read in {len(flat.colours)} of them; `impasto stylize` paints photographs"
        )
    if drawing.alpha is not None:
        yield f"what is transparent in {drawing.name} counts as white paper"


def _colour(flat: Flat, n: int) -> str:
    return f"{flat.hexes[n]} {word_of(flat.colours[n])}"


def _region(parts: Parts, region: int, share: float) -> str:
    colour = parts.colours[region]
    return (
        f"the region {flat_hex(colour)}, {word_of(parts.paints[region])}, {share:.0%} of the "
        "painting"
    )
