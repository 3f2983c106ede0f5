from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import OutputError
from impasto.events import Finished, Started, Step
from impasto.service.jobs.log import EventLog

STARTED = Started(4, (((48, 64), 4),), "slim", "cpu", 1, notes=("a note",))


def step(number: int) -> Step:
    losses = {"content": 1.0, "style": 2.0, "tv": 0.5, "total": 3.5}
    return Step(number, 4, (48, 64), losses, number / 2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_events_are_numbered_from_1_and_there_at_once(path: Path) -> None:
    log = EventLog(path)
    log.add_event(STARTED)
    log.add_event(step(1))
    log.add("preview", {"step": 1})
    log.add_event(Finished(1, None, 0.5), size=[48, 64])
    assert [(e["id"], e["event"]) for e in read(path)] == [
        (1, "started"),
        (2, "step"),
        (3, "preview"),
        (4, "finished"),
    ]
    started, first, preview, finished = (event["data"] for event in read(path))
    assert started["steps"] == 4
    assert started["scales"] == [{"scale": [48, 64], "steps": 4}]
    assert started["notes"] == ["a note"]
    assert (first["step"], first["scale"], first["seconds"]) == (1, [48, 64], 0.5)
    assert first["losses"]["total"] == 3.5
    assert preview == {"step": 1}
    assert finished == {"step": 1, "seconds": 0.5, "notes": [], "size": [48, 64]}
    assert log.count == 4
    log.close()


def test_what_came_after_a_checkpoint_is_cut_off(path: Path) -> None:
    log = EventLog(path)
    for number in (1, 2, 3):
        log.add_event(step(number))
    log.close()
    with path.open("ab") as file:
        file.write(b'{"id": 4, "ev')  # its writer was killed
    again = EventLog(path, keep=2)
    assert [event["id"] for event in read(path)] == [1, 2]
    again.add("step", {"step": 33})
    again.close()
    assert [event["id"] for event in read(path)] == [1, 2, 3]
    assert read(path)[-1]["data"] == {"step": 33}


def test_a_run_that_begins_anew_has_a_new_log(path: Path) -> None:
    path.write_text("what an earlier attempt wrote\n")
    EventLog(path).close()
    assert path.read_bytes() == b""


def test_a_log_that_lost_lines_is_written_anew_from_the_checkpoint(path: Path) -> None:
    path.write_text(json.dumps({"id": 1, "event": "started", "data": {}}) + "\n")
    log = EventLog(path, keep=7, earlier=[STARTED, step(1), step(2)])
    assert [event["event"] for event in read(path)] == ["started", "step", "step"]
    assert log.count == 3
    log.close()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="make room in the data folder"):
        EventLog(tmp_path)
