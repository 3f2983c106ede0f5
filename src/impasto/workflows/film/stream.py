"""A film that is painted as it comes, or as another program takes it: nothing is kept of it.

A camera has no second pass: its cuts are found on the way, and a shot is looked at by its first
frame alone.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import ExitStack, closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.errors import ImpastoError, InputError, OutputError
from impasto.files import make_folder, sweep_drafts
from impasto.text import format_path
from impasto.workflows.film.events import (
    FilmEvent,
    FilmFinished,
    FilmFrame,
    FilmNote,
    FilmStarted,
    FilmWait,
)
from impasto.workflows.film.fitting import fitted, painted_shape
from impasto.workflows.film.frames import Seen, frames
from impasto.workflows.film.hands import Hand, hand_of
from impasto.workflows.film.in_flight import READ_AHEAD
from impasto.workflows.film.order import Order
from impasto.workflows.film.pipeline import ahead
from impasto.workflows.film.places import Places, places_of
from impasto.workflows.film.plan import Plan
from impasto.workflows.film.scan import looked_through
from impasto.workflows.film.segments import ENCODER_THREADS, RATE, painted, samples
from impasto.workflows.film.where import Where

if TYPE_CHECKING:
    from impasto.imaging.streams import Writable
    from impasto.media.film import Frame, LiveReader

__all__ = ["stream"]

LIVE = "a live film has no second pass: its cuts are found as they come, and it cannot be resumed"


def stream(
    order: Order,
    pipe: Writable | None = None,
    format: str = "y4m",
    *,
    live: bool = False,
    preview_every_s: float = 0.0,
) -> Generator[FilmEvent, None, None]:
    """Paint a film frame by frame; closing the generator ends a live film, which is then whole.

    Args:
        order: what is asked.
        pipe: what takes the frames; None for the order's output.
        format: of what goes there, "y4m" or "raw".
        live: whether the film is a camera or the address of a stream.
        preview_every_s: as for `impasto.paint_video`.

    Yields:
        As `impasto.paint_video` does; `frames` and `shots` of a live film are 0.

    Raises:
        ImpastoError: see `impasto.errors`.
    """
    with ExitStack() as stack:
        if live:
            from impasto.media.film import open_live

            camera = stack.enter_context(open_live(order.film))
            shape = painted_shape((camera.info.height, camera.info.width), order.settings)
            order = replace(order, shape=shape, film_rate=camera.info.rate)
            plan = Plan(())
            hand = hand_of(order)
            places = Places(order, (camera.info.height, camera.info.width))
            yield from map(FilmNote, (*hand.notes, *places.notes))
            film = _live(order, hand, camera, places.at())
        else:
            hand = hand_of(order)  # first: what is wrong with styles is told at once
            yield from map(FilmNote, hand.notes)
            if order.places:
                yield from map(FilmNote, places_of(order).notes)
            plan = yield from looked_through(order)
            film = _planned(order, hand, plan)
        begun = time.monotonic()
        notes = (LIVE,) if live else ()
        yield FilmStarted(plan.frames, len(plan.shots), order.shape, method=order.name, notes=notes)
        stack.enter_context(closing(film))
        sink = stack.enter_context(_Output(order, pipe, format))
        number, shown, ends = 0, begun - preview_every_s, Fraction(0)
        for frame in film:
            if frame is None:
                yield FilmWait(time.monotonic() - begun)
                continue
            number += 1
            sink.add(frame)
            now = time.monotonic()
            shows = preview_every_s > 0 and now - shown >= preview_every_s
            shown = now if shows else shown
            pixels = frame.pixels if shows else None
            ends = frame.time + frame.duration
            yield FilmFrame(number, plan.frames, float(frame.time), now - begun, pixels)
        if not number:
            raise InputError(f"no frame came from {format_path(order.film)}: try another one")
        told = camera.notes if live else ()
        yield from map(FilmNote, dict.fromkeys([*told, *sink.finish()]))
        path = None if pipe is not None or order.output is None else Path(order.output)
        seconds = time.monotonic() - begun
        yield FilmFinished(path, number, order.shape, seconds, float(ends - plan.begins))


def _planned(order: Order, hand: Hand, plan: Plan) -> Generator[Frame | None, None, None]:
    """The painted frames of a film that was looked through; None while others are read."""
    from impasto.media.film import Frame

    with closing(ahead(lambda: frames(order), READ_AHEAD)) as film:
        for shot in plan.shots:
            hand.begin((yield from samples(order, shot)))
            with closing(painted(order, hand, film, shot)) as paintings:
                for painting in paintings:
                    if painting is None:
                        yield None
                        continue
                    seen, pixels = painting
                    yield Frame(pixels, seen.time - plan.begins, seen.duration)


def _live(
    order: Order, hand: Hand, camera: LiveReader, where: Where
) -> Generator[Frame | None, None, None]:
    """The painted frames of a camera, which waits for nobody: what comes too fast is left out."""
    from impasto.media.cuts import Cuts
    from impasto.media.film import Frame

    cuts, begun = Cuts(), False
    for frame in camera:
        cut = cuts.is_cut(frame.pixels)
        pixels = fitted(frame.pixels, order.shape, order.settings)
        seen = Seen(frame.time, frame.duration, pixels, where=where)
        if cut or not begun:
            hand.begin([seen])
            begun = True
        pixels = hand.paint(seen, order.times.at(frame.time))
        yield Frame(pixels, frame.time, frame.duration)


class _Output:
    """Where the frames go: a pipe, or one segment that becomes the output.

    Leaving the block early, by closing its generator or by an error, finishes a file: so a live
    film ends. Its segment is removed once the output is there.
    """

    def __init__(self, order: Order, pipe: Writable | None, format: str) -> None:
        self._path: Path | None = None
        self._frames = 0
        rate = order.rate or order.film_rate or RATE
        if pipe is not None:
            from impasto.media.pipes import PipeWriter

            self._writer: Any = PipeWriter(pipe, format, order.shape, rate)
            return
        from impasto.media.film import SegmentWriter

        assert order.output is not None
        self._output = Path(order.output)
        path = self._output.with_name(f".{self._output.stem.replace('%', '')}.live.nut")
        make_folder(path.parent)
        if path.exists():
            raise OutputError(
                f"{format_path(path)} has an earlier film that could not be put in its place: move "
                "it away, or choose another output"
            )
        self._writer = SegmentWriter(
            path, order.shape, rate=rate, codec=order.codec, threads=ENCODER_THREADS
        )
        self._path = path

    def __enter__(self) -> _Output:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: Any
    ) -> None:
        if self._path is None or self._writer is None:
            return
        if not self._frames:
            self._writer.abandon()
            return
        try:
            self.finish()
        except ImpastoError:
            if kind is GeneratorExit or self._path.exists():
                raise
            return  # nothing is whole: what went wrong first says why
        if isinstance(error, ImpastoError):
            told = ImpastoError(f"{error}; the film so far is in {format_path(self._output)}")
            told.exit_code = error.exit_code
            raise told from error

    def add(self, frame: Frame) -> None:
        """Take a frame."""
        self._writer.add(frame)
        self._frames += 1

    def finish(self) -> list[str]:
        """Make the output whole; what there is to say of it.

        Raises:
            ImpastoError: it cannot be written; the error names the segment, which is kept.
        """
        writer, self._writer = self._writer, None
        writer.close()
        if self._path is None:
            return []
        from impasto.media.film import join

        try:
            notes = join([self._path], None, self._output)
        except ImpastoError as error:
            kept = ImpastoError(f"{error}; what was painted is kept in {format_path(self._path)}")
            kept.exit_code = error.exit_code
            raise kept from error
        self._path.unlink(missing_ok=True)
        sweep_drafts([self._path])
        return notes
