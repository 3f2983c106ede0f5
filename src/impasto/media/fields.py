"""Interlaced films: two fields of every other line, half a frame apart in time, become a frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from impasto.media.pyav import load

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

__all__ = ["whole_frames"]

# One frame for two fields; frames that are whole already pass.
_FILTER = "bwdif", "mode=send_frame:deint=interlaced"


def whole_frames(frames: Iterable[VideoFrame], clock: Fraction) -> Iterator[VideoFrame]:
    """Frames without combs, by BWDIF (Dobson and Philip, after Weston's 3-field method).

    Args:
        frames: of one film, in the order in which they are shown.
        clock: the time base of their times.
    """
    graph, kind = None, None
    for frame in frames:
        now = (frame.width, frame.height, frame.format.name)
        if graph is None or now != kind:
            yield from _rest(graph)
            graph, kind = _graph(frame, clock), now
        graph.push(frame)
        yield from _ready(graph)
    yield from _rest(graph)


def _graph(frame: VideoFrame, clock: Fraction) -> Any:
    graph = load("an interlaced film").filter.Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=clock
    )
    graph.link_nodes(source, graph.add(*_FILTER), graph.add("buffersink")).configure()
    return graph


def _ready(graph: Any) -> Iterator[VideoFrame]:
    error = load("an interlaced film").error
    while True:
        try:
            yield graph.pull()
        except (error.BlockingIOError, error.EOFError):
            return


def _rest(graph: Any) -> Iterator[VideoFrame]:
    if graph is not None:
        graph.push(None)
        yield from _ready(graph)
