"""A job's events from afar: server-sent events become those a run at home tells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from httpx_sse import EventSource, SSEError

from impasto.errors import ServerError
from impasto.events import Event
from impasto.service.contract import JobEvent

__all__ = ["ServerSentEvent", "received", "typed"]

_LONGEST = 1_000_000  # characters of one event


@dataclass(frozen=True)
class ServerSentEvent:
    """One server-sent event.

    Attributes:
        id: what to send as Last-Event-ID to go on after it; "" if it has none.
        event: its name.
        data: as JSON knows it.
    """

    id: str
    event: str
    data: dict[str, Any]


def received(response: httpx.Response) -> Iterator[ServerSentEvent]:
    """The events of a response, as they come; what is none of ours is passed over.

    Args:
        response: being streamed, or read whole.

    Raises:
        ServerError: it is no stream of events, or one is too long or no JSON object.
        httpx.TransportError: it breaks off.

    Example:
        >>> kind = {"Content-Type": "text/event-stream"}
        >>> text = 'id: 1\\nevent: step\\ndata: {"step": 1}\\n\\n'
        >>> [sent.event for sent in received(httpx.Response(200, headers=kind, text=text))]
        ['step']
    """
    if response.status_code == httpx.codes.NO_CONTENT:  # there is nothing more to listen to
        return
    try:
        for sent in EventSource(response).iter_sse():
            if len(sent.data) > _LONGEST:
                raise ServerError("the server tells an event too long to be one: check its address")
            if sent.event and sent.data:
                yield ServerSentEvent(sent.id, sent.event, _object(sent.data))
    except SSEError:
        kind = response.headers.get("content-type", "nothing that is named")
        raise ServerError(
            f"the server answers with {kind} where events should come: check its address"
        ) from None


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ServerError("the server tells an event that is no JSON object: check its version")
    return value


def typed(sent: ServerSentEvent, settings: Mapping[str, Any]) -> Event | None:
    """The event a run at home would tell; None for one that no run tells.

    Args:
        sent: by the server.
        settings: of the job.

    Returns:
        The event; pictures are None, as they are still on the server.

    Raises:
        ServerError: it lacks something.

    Example:
        >>> typed(ServerSentEvent("9", "preview", {"step": 5}), {})
        Preview(step=5)
    """
    at_home = {"backbone": str(settings.get("backbone", "")), "device": "the server", "threads": 0}
    defaults = at_home if sent.event == "started" else {"step": 0, "seconds": 0.0}
    if sent.event not in ("started", "finished"):
        defaults = {}
    try:
        return JobEvent(0, sent.event, sent.data).run_event(**defaults)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise ServerError(
            f"the server's event {sent.event} is not as this version knows it: use the same "
            "version of impasto on both sides"
        ) from None
