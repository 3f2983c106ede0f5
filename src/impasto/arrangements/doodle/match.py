"""Which region of a painting each colour of a drawing stands for.

Letters: N colours of the drawing, K known ones of the painting's regions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Matching", "distinct", "matched"]

# Distances in Oklab, where black and white are 1 apart.
SAME = 0.04  # nearer colours are the same
FAR = 0.25  # a colour so far from all others is like none of them
SHARED = 0.2  # two colours share a region rather than that one goes so much farther
APART = 0.11  # the colours that stand for regions are moved so far apart, to be told in a drawing
# What colours that are compared by their order, not as they are, vary by.
TYPICAL = 0.15
# What a whole height and a whole width of the picture apart count beside them: where colours leave
# it open, what is drawn above is of what is above in the painting.
HEIGHT, WIDTH = 0.3, 0.1


@dataclass(frozen=True)
class Matching:
    """Regions for the colours of a drawing.

    Attributes:
        regions: of each colour, N numbers below K.
        distances: of each colour to its region's, in Oklab.
        unused: regions that no colour stands for.
    """

    regions: tuple[int, ...]
    distances: tuple[float, ...]
    unused: tuple[int, ...]

    @property
    def far(self) -> tuple[int, ...]:
        """Colours that no region has."""
        return tuple(n for n, distance in enumerate(self.distances) if distance > FAR)

    def shared(self, colour: int) -> tuple[int, ...]:
        """The colours before this one that stand for its region too."""
        before = range(colour)
        return tuple(n for n in before if self.regions[n] == self.regions[colour])


def matched(
    drawn: NDArray[Any],
    known: NDArray[Any],
    places: tuple[NDArray[Any], NDArray[Any]] | None = None,
) -> Matching:
    """The nearest region of each colour, one to one where that is possible.

    Args:
        drawn: (N, 3) in Oklab.
        known: (K, 3) likewise.
        places: (N, 2) and (K, 2), the middles of what is drawn and of the regions, (y, x) from 0
            to 1. With them, colours that are no known ones themselves are compared by how light
            and how colourful each is among its own, since crayons are purer than paint, and by
            where they are; without, just as they are.

    Returns:
        Of all ways the one with the least sum of distances; a region that is taken again costs
        `SHARED` more.

    Example:
        >>> blue, red = (0.45, -0.03, -0.31), (0.63, 0.22, 0.13)
        >>> matched(np.array([red, blue]), np.array([blue, red])).regions
        (1, 0)
    """
    drawn, known = np.asarray(drawn, float), np.asarray(known, float)
    apart = _distances(drawn, known)
    cost = apart
    if places is not None:
        away = np.abs(places[0][:, None] - places[1]) @ np.array([HEIGHT, WIDTH])
        alike = _distances(_order(drawn), _order(known)) + away
        # What is drawn in a known colour is meant as it is.
        cost = np.where(apart < SAME, apart - 1, alike)
    copies = np.concatenate([cost, *[cost + SHARED] * (len(drawn) - 1)], 1)
    regions = [column % len(known) for column in _assigned(copies)]
    unused = tuple(sorted(set(range(len(known))) - set(regions)))
    distances = tuple(float(apart[n, region]) for n, region in enumerate(regions))
    return Matching(tuple(regions), distances, unused)


def distinct(colours: NDArray[Any]) -> NDArray[Any]:
    """Colours moved apart until all of them can be told in a drawing.

    Args:
        colours: (K, 3) in Oklab.

    Returns:
        (K, 3); what is far enough from all others stays as it is.

    Example:
        >>> greys = np.array([[0.5, 0, 0], [0.52, 0, 0], [0.9, 0, 0]])
        >>> distinct(greys).round(3)[:, 0].tolist()
        [0.454, 0.566, 0.9]
    """
    colours = np.array(colours, float)
    for _ in range(200):
        moved = False
        for one in range(len(colours)):
            for other in range(one):
                line = colours[one] - colours[other]
                length = float(np.linalg.norm(line))
                if length >= APART:
                    continue
                # The same colour twice: the later one becomes lighter, or darker if it is light.
                way = line / length if length > 1e-6 else np.array([1.0, 0.0, 0.0])
                push = (APART - length) / 2 + 1e-3
                colours[one] += push * way
                colours[other] -= push * way
                moved = True
        colours[:, 0] = colours[:, 0].clip(0, 1)
        if not moved:
            break
    return colours


def _distances(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.sqrt(np.square(one[:, None] - other).sum(-1)))


def _order(colours: NDArray[Any]) -> NDArray[Any]:
    """Colours less their mean, lightness and colour each over what it varies."""
    x = colours - colours.mean(0)
    light, colour = np.sqrt(np.square(x[:, 0]).mean()), np.sqrt(np.square(x[:, 1:]).sum(1).mean())
    scale = [max(light, 1e-3), max(colour, 1e-3), max(colour, 1e-3)]
    return np.asarray(TYPICAL * x / scale)


def _assigned(cost: NDArray[Any]) -> list[int]:
    """The column of each row with the least sum of costs, each column once at most.

    Args:
        cost: (N, M), M at least N, finite.

    Source: Kuhn (1955) and Munkres (1957), in the form of shortest augmenting paths.
    """
    rows, columns = cost.shape
    of_row, of_column = np.zeros(rows + 1), np.zeros(columns + 1)
    taken = np.zeros(columns + 1, int)  # by which row, from 1; column 0 is where a row comes in
    for row in range(1, rows + 1):
        taken[0], at = row, 0
        least = np.full(columns + 1, np.inf)
        before = np.zeros(columns + 1, int)
        seen = np.zeros(columns + 1, bool)
        while taken[at]:
            seen[at] = True
            free = np.flatnonzero(~seen[1:]) + 1
            reduced = cost[taken[at] - 1, free - 1] - of_row[taken[at]] - of_column[free]
            nearer = reduced < least[free]
            least[free[nearer]], before[free[nearer]] = reduced[nearer], at
            following = int(free[least[free].argmin()])
            step = least[following]
            of_row[taken[seen]] += step
            of_column[seen] -= step
            least[~seen] -= step
            at = following
        while at:
            taken[at] = taken[before[at]]
            at = int(before[at])
    found = [0] * rows
    for column in range(1, columns + 1):
        if taken[column]:
            found[taken[column] - 1] = column - 1
    return found
