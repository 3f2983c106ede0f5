from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import OutputError
from impasto.events import Event, Finished, Part, Preview, Started, Step
from impasto.reports import Log, event_from_record, event_to_record

START = Started(3, (((32, 48), 1), ((64, 96), 2)), "slim", "cpu", 2)
LOSSES = {"content": 0.1, "style": 1 / 3, "tv": 0.0, "total": 0.1 + 1 / 3}


def step(number: int, retries: int = 0) -> Step:
    return Step(number, 3, (32, 48), LOSSES, number / 3, retries)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_log_has_a_line_for_every_event_but_previews(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl")
    events: list[Event] = [START, step(1), Preview(1, None), step(2), step(3)]
    for event in [*events, Finished(3, None, 1.0)]:
        log(event)
    log.close()
    lines = read(tmp_path / "log.jsonl")
    assert [line["event"] for line in lines] == ["started", "step", "step", "step", "finished"]
    assert [line["step"] for line in lines[1:]] == [1, 2, 3, 3]


def test_losses_are_logged_with_all_their_digits(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl")
    log(step(1))
    log.close()
    assert read(tmp_path / "log.jsonl")[0]["losses"] == LOSSES


def test_each_line_is_there_as_soon_as_it_is_told(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl")
    for number in (1, 2):
        log(step(number))
        assert len(read(tmp_path / "log.jsonl")) == number
    log.close()


def test_the_log_of_a_resumed_run_has_neither_gap_nor_repeat(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl", earlier=[START, step(1), step(2)])
    for event in (Started(3, START.scales, "slim", "cpu", 2, first_step=3), step(3)):
        log(event)
    log.close()
    lines = read(tmp_path / "log.jsonl")
    assert [line["event"] for line in lines] == ["started", "step", "step", "step"]
    assert [line["step"] for line in lines[1:]] == [1, 2, 3]


def test_an_old_log_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("old\n")
    Log(tmp_path / "log.jsonl").close()
    assert (tmp_path / "log.jsonl").read_text() == ""


def test_an_odd_name_keeps_the_message_on_one_line(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as error:
        Log(tmp_path / "two\nlines" / "log.jsonl")
    assert "\n" not in str(error.value)


def test_a_log_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"log .* cannot be written .*name a file"):
        Log(tmp_path / "nowhere" / "log.jsonl")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_in_the_middle_of_a_run() -> None:
    log = Log(Path("/dev/full"))
    with pytest.raises(OutputError, match="No space left"):
        log(step(1))


def test_scales_are_logged_height_first_with_their_steps() -> None:
    scales = event_to_record(START)["scales"]
    assert scales == [{"scale": [32, 48], "steps": 1}, {"scale": [64, 96], "steps": 2}]


def test_retries_are_logged_only_where_there_were_some() -> None:
    assert "retries" not in event_to_record(step(1))
    assert event_to_record(step(1, retries=2))["retries"] == 2


@pytest.mark.parametrize(
    "event",
    [
        Started(
            *(3, START.scales, "slim", "cpu", 2, 1, 10**9),
            notes=("a note",),
            shape=(64, 96),
        ),
        Started(1, method="one-pass"),
        Step(2, 3, (32, 48), {"temporal": 0.5, "total": 0.5}, 1.25, 2),
        Step(1, 3, (32, 48)),
        Part("frame", 2, 25, 0.5),
        Preview(5, None),
        Finished(3, None, 1.5, ("the file holds 8 bits",)),
    ],
    ids=lambda event: repr(event)[:24],
)
def test_an_event_comes_back_from_json_as_it_was(event: Event) -> None:
    assert event_from_record(json.loads(json.dumps(event_to_record(event)))) == event


def test_pictures_are_in_no_record() -> None:
    assert event_to_record(Preview(1, object())) == {"event": "preview", "step": 1}
    assert "picture" not in event_to_record(Finished(1, object(), 0.5))


def test_a_record_of_the_first_release_is_read() -> None:
    record = {
        **{"event": "started", "steps": 4, "backbone": "slim", "device": "cpu", "threads": 1},
        **{"scales": [{"scale": [48, 64], "steps": 4}], "predicted_bytes": 7, "notes": []},
    }
    assert event_from_record(record) == Started(
        4, (((48, 64), 4),), "slim", "cpu", 1, predicted_bytes=7
    )
    assert event_from_record({"event": "finished", "step": 4, "seconds": 2.0, "size": [1, 2]}) == (
        Finished(4, None, 2.0)
    )


def test_what_a_later_version_adds_is_passed_over() -> None:
    assert event_from_record({**event_to_record(step(1)), "more": 1}) == step_rounded(1)
    assert event_from_record({"event": "chapter", "number": 1}) is None
    assert event_from_record({"no": "event"}) is None


def step_rounded(number: int) -> Step:
    return replace(step(number), seconds=round(number / 3, 3))


@pytest.mark.parametrize(
    "record",
    [
        {"event": "step", "step": 1},
        {"event": "step", "step": "one", "steps": 3, "scale": [32, 48]},
        {"event": "step", "step": 1, "steps": 3, "scale": 32},
        {"event": "started", "steps": 1, "scales": [{"steps": 1}]},
        {"event": "started", "steps": 1, "scales": [7]},
    ],
)
def test_a_record_that_lacks_something_is_an_error(record: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        event_from_record(record)
