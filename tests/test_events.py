from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, asdict
from typing import get_args

import pytest

from impasto import events
from impasto.events import Event, Finished, Preview, Step

STEP = Step(3, 10, (96, 128), {"content": 1.0, "total": 1.0}, 0.5)


def test_the_stream_has_every_event_and_no_other() -> None:
    assert sorted(e.__name__ for e in get_args(Event)) == [
        n for n in events.__all__ if n != "Event"
    ]


def test_a_step_is_nothing_but_numbers() -> None:
    assert json.loads(json.dumps(asdict(STEP)))["losses"] == {"content": 1.0, "total": 1.0}


def test_events_cannot_be_changed_by_a_listener() -> None:
    with pytest.raises(FrozenInstanceError):
        STEP.step = 4  # type: ignore[misc]


@pytest.mark.parametrize("event", [Preview(3, "pixels"), Finished(3, "pixels", 0.5)])
def test_pictures_stay_out_of_what_is_printed(event: Event) -> None:
    assert "pixels" not in repr(event)
