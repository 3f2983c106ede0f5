from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import OutputError
from impasto.events import Event, Finished, Preview, Started, Step
from impasto.reports import Log, as_record

STARTED = Started(3, (((32, 48), 1), ((64, 96), 2)), "slim", "cpu", 2)
LOSSES = {"content": 0.1, "style": 1 / 3, "tv": 0.0, "total": 0.1 + 1 / 3}


def step(number: int, retries: int = 0) -> Step:
    return Step(number, 3, (32, 48), LOSSES, number / 3, retries)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_log_has_a_line_for_every_event_but_previews(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl")
    events: list[Event] = [STARTED, step(1), Preview(1, None), step(2), step(3)]
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
    log = Log(tmp_path / "log.jsonl", earlier=[STARTED, step(1), step(2)])
    for event in (Started(3, STARTED.scales, "slim", "cpu", 2, first_step=3), step(3)):
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
    with pytest.raises(OutputError) as caught:
        Log(tmp_path / "two\nlines" / "log.jsonl")
    assert "\n" not in str(caught.value)


def test_a_log_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"log .* cannot be written .*name a file"):
        Log(tmp_path / "nowhere" / "log.jsonl")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_in_the_middle_of_a_run() -> None:
    log = Log(Path("/dev/full"))
    with pytest.raises(OutputError, match="No space left"):
        log(step(1))


def test_scales_are_logged_height_first_with_their_steps() -> None:
    record = as_record(STARTED)
    assert record is not None
    assert record["scales"] == [{"scale": [32, 48], "steps": 1}, {"scale": [64, 96], "steps": 2}]


def test_retries_are_logged_only_where_there_were_some() -> None:
    assert "retries" not in (as_record(step(1)) or {})
    assert (as_record(step(1, retries=2)) or {})["retries"] == 2


def test_a_preview_has_no_record() -> None:
    assert as_record(Preview(1, None)) is None
