"""The first pass: a film is read once, to count its frames and to find its cuts."""

from __future__ import annotations

from collections.abc import Generator

from impasto.errors import InputError
from impasto.text import format_path
from impasto.workflows.film.events import FilmNote, FilmScan
from impasto.workflows.film.frames import read
from impasto.workflows.film.order import Order
from impasto.workflows.film.plan import Plan, Planner

__all__ = ["looked_through"]


def looked_through(order: Order) -> Generator[FilmScan | FilmNote, None, Plan]:
    """Read a film, and tell how far it is and what the reader has to say.

    Returns:
        The plan.

    Raises:
        InputError: there is no frame between start and end.
    """
    from impasto.media.cuts import Cuts

    notes: list[str] = []
    planner = Planner(Cuts(), order.segment)
    yield from planner.look(read(order, notes=notes), _expected(order))
    yield from map(FilmNote, dict.fromkeys(notes))
    if not planner.plan.frames:
        raise InputError(
            f"{format_path(order.film)} has no frame between its start and its end: give other "
            "times"
        )
    return planner.plan


def _expected(order: Order) -> int:
    """How many frames a film has between its times, as its file says; 0 where it does not."""
    from impasto.media.film import open_source

    with open_source(order.film, rate=order.rate, max_megapixels=order.max_megapixels) as source:
        info = source.info
    ends = min(order.end or info.seconds, info.seconds)
    return max(0, round((ends - (order.start or 0)) * (order.rate or info.rate)))
