"""Events as JSON, and the log of a run: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, get_args

from impasto.errors import OutputError
from impasto.events import Event, Finished, Preview, Started, Step
from impasto.text import format_path

__all__ = ["Log", "event_from_record", "event_to_record"]

# Name of each event in JSON: started, step, part, preview, finished.
KINDS: Mapping[str, type[Any]] = {kind.__name__.lower(): kind for kind in get_args(Event)}
PICTURE = "picture"  # the one attribute that JSON does not know


def event_to_record(event: Event) -> dict[str, Any]:
    """An event as JSON knows it: its name as `event`, then its attributes without the picture.

    Seconds are rounded to milliseconds, and `retries` is left out where there were none.

    Example:
        >>> event_to_record(Step(1, 500, (300, 450), {"total": 2.0}, 0.5))
        {'event': 'step', 'step': 1, 'steps': 500, 'scale': [300, 450], 'losses': {'total': 2.0},
         'seconds': 0.5}
    """
    record: dict[str, Any] = {"event": type(event).__name__.lower()}
    for field in fields(event):
        if field.name != PICTURE:
            record[field.name] = _plain(getattr(event, field.name))
    if isinstance(event, Started):
        record["scales"] = [{"scale": size, "steps": steps} for size, steps in record["scales"]]
    elif isinstance(event, Step) and not event.retries:
        del record["retries"]
    for name in record.keys() & {"seconds", "predicted_s"}:
        record[name] = round(record[name], 3)
    return record


def event_from_record(record: Mapping[str, Any]) -> Event | None:
    """The event that `event_to_record` wrote, with None for its picture.

    Keys that no attribute has are passed over, and an attribute without a key has its default, so
    that records of other versions can be read.

    Returns:
        None for an event of no kind that this version knows.

    Raises:
        ValueError: something is missing, or is not of its type.

    Example:
        >>> event_from_record({"event": "preview", "step": 5, "more": True})
        Preview(step=5)
        >>> event_from_record({"event": "cancelled", "step": 5}) is None
        True
    """
    kind = KINDS.get(name := str(record.get("event")))
    if kind is None:
        return None
    values = {**record}
    if kind in (Preview, Finished):
        values[PICTURE] = None
    if kind is Started:
        values["scales"] = [_scale(part) for part in record.get("scales", ())]
    event: Event = _reader(name).validate_python(values)  # its ValidationError is a ValueError
    return event


def _plain(value: Any) -> Any:
    """A value as `json` would read it back: lists for tuples, dicts for mappings."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _scale(part: Any) -> Any:
    """One scale: an object, or the pair that an event has."""
    return (part.get("scale"), part.get("steps")) if isinstance(part, Mapping) else part


@cache
def _reader(name: str) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(KINDS[name])


class Log:
    """Writes every event to a file as it comes.

    Args:
        path: the file; written anew.
        earlier: events of the run before it was interrupted, so that the log of a resumed run
            has neither gap nor repeat.

    Raises:
        OutputError: if the file cannot be written.
    """

    def __init__(self, path: str | Path, earlier: Iterable[Event] = ()) -> None:
        self._path = path = Path(path)
        self._has_start = False
        try:
            self._file = path.open("w", encoding="utf-8")
        except OSError as error:
            raise _unwritable(path, error) from None
        for event in earlier:
            self(event)

    def __call__(self, event: Event) -> None:
        """Write one event and flush, so that a reader follows the run; previews are left out."""
        if isinstance(event, Preview) or (isinstance(event, Started) and self._has_start):
            return
        self._has_start |= isinstance(event, Started)
        try:
            self._file.write(json.dumps(event_to_record(event)) + "\n")
            self._file.flush()
        except OSError as error:
            raise _unwritable(self._path, error) from None

    def close(self) -> None:
        """Close the file."""
        with suppress(OSError):  # writing has raised already where there was no room
            self._file.close()


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"the log {format_path(path)} cannot be written ({error.strerror}): name a file you can "
        "write to"
    )
