"""A job's events from afar: server-sent events become those a run at home tells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from impasto.errors import ServerError
from impasto.events import Event, Finished, Preview, Started, Step

__all__ = ["ENDS", "Told", "parsed", "typed"]

ENDS = ("finished", "failed", "cancelled")
_LONGEST = 1_000_000  # characters of one event


@dataclass(frozen=True)
class Told:
    """One server-sent event.

    Attributes:
        id: what to send as Last-Event-ID to go on after it; "" if it has none.
        event: its name.
        data: as JSON knows it.
    """

    id: str
    event: str
    data: dict[str, Any]


def parsed(lines: Iterable[str]) -> Iterator[Told]:
    """Events from the lines of a stream (WHATWG HTML, 9.2.6).

    Example:
        >>> [told.event for told in parsed(["id: 1", "event: step", 'data: {"step": 1}', ""])]
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
            yield Told(fields.get("id", ""), fields["event"], _object(fields["data"]))
            fields = {}
        else:
            fields = {}


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ServerError("the server tells an event that is no JSON object: check its version")
    return found


def typed(told: Told, settings: Mapping[str, Any]) -> Event | None:
    """The event a run at home would tell; None for one that no run tells.

    Args:
        told: from the server.
        settings: of the job.

    Returns:
        The event; pictures are None, as they are still on the server.

    Raises:
        ServerError: it lacks something.

    Example:
        >>> typed(Told("9", "preview", {"step": 5}), {})
        Preview(step=5)
    """
    data = told.data
    try:
        if told.event == "started":
            return _started(data, settings)
        if told.event == "step":
            return Step(
                step=int(data["step"]),
                steps=int(data["steps"]),
                scale=(int(data["scale"][0]), int(data["scale"][1])),
                losses={str(name): float(value) for name, value in data["losses"].items()},
                seconds=float(data["seconds"]),
                retries=int(data.get("retries", 0)),
            )
        if told.event == "preview":
            return Preview(int(data["step"]), None)
        if told.event == "finished":
            return Finished(int(data.get("step", 0)), None, float(data.get("seconds", 0.0)))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise ServerError(
            f"the server's event {told.event} is not as this version knows it: use the same "
            "version of impasto on both sides"
        ) from None
    return None


def _started(data: Mapping[str, Any], settings: Mapping[str, Any]) -> Started:
    scales = []
    for part in data["scales"]:
        size, steps = (part["scale"], part["steps"]) if isinstance(part, dict) else part
        scales.append(((int(size[0]), int(size[1])), int(steps)))
    return Started(
        steps=int(data["steps"]),
        scales=tuple(scales),
        backbone=str(data.get("backbone", settings.get("backbone", ""))),
        device=str(data.get("device", "the server")),
        threads=int(data.get("threads") or 0),
        predicted_bytes=int(data.get("predicted_bytes", 0)),
        notes=tuple(str(note) for note in data.get("notes", ())),
    )
