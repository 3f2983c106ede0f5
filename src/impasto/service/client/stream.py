"""A job's events from afar: server-sent events become those a run at home tells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from impasto.errors import ServerError
from impasto.events import Event
from impasto.service.contract import JobEvent

__all__ = ["ServerSentEvent", "parsed", "typed"]

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


def parsed(lines: Iterable[str]) -> Iterator[ServerSentEvent]:
    """Events from the lines of a stream (WHATWG HTML, 9.2.6).

    Example:
        >>> [sent.event for sent in parsed(["id: 1", "event: step", 'data: {"step": 1}', ""])]
        ['step']
    """
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
            if len(value) > _LONGEST:
                raise ServerError("the server tells an event too long to be one: check its address")
        elif fields.get("event") and "data" in fields:
            yield ServerSentEvent(fields.get("id", ""), fields["event"], _object(fields["data"]))
            fields = {}
        else:
            fields = {}


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
