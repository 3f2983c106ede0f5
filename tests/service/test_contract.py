from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from impasto.events import Finished, Started, Step
from impasto.service.contract import (
    EVENT_NAMES,
    JobEvent,
    JobList,
    JobOut,
    State,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
STARTED = Started(4, (((48, 64), 4),), "slim", notes=("a note",))


def test_three_states_are_ends_and_two_are_not() -> None:
    assert [str(state) for state in State.ends()] == ["finished", "failed", "cancelled"]
    assert [str(state) for state in State if not state.ended] == ["queued", "running"]


def test_a_job_comes_back_from_json_as_it_was() -> None:
    job = JobOut(
        **{"id": "0" * 32, "state": State.RUNNING, "settings": {"steps": 4}, "size": (48, 64)},
        **{"created_at": NOW, "losses": {"temporal": 1.0}, "notes": ["a note"]},
    )
    listed = JobList(jobs=[job], next=None)
    assert JobList.model_validate_json(listed.model_dump_json()) == listed


def test_a_job_of_the_first_release_is_a_painting_and_later_fields_are_passed_over() -> None:
    fields = {"id": "0" * 32, "state": "queued", "settings": {}, "created_at": NOW.isoformat()}
    job = JobOut.model_validate({**fields, "place": 7})
    assert (job.kind, job.state, job.created_at) == ("painting", State.QUEUED, NOW)


def test_the_examples_in_the_documentation_are_jobs() -> None:
    for model in (JobOut, JobList):
        for example in model.model_json_schema()["examples"]:
            model.model_validate(example)


@pytest.mark.parametrize("wrong", [{"state": "lost"}, {"id": "../etc"}, {"created_at": None}])
def test_what_is_no_job_is_refused(wrong: dict[str, object]) -> None:
    fields = {"id": "0" * 32, "state": "queued", "settings": {}, "created_at": NOW.isoformat()}
    with pytest.raises(ValidationError):
        JobOut.model_validate({**fields, **wrong})


@pytest.mark.parametrize("event", [STARTED, Step(1, 4, (48, 64)), Finished(4, None, 1.5)])
def test_a_line_gives_the_event_of_the_run_again(event: Started | Step | Finished) -> None:
    line = JobEvent.of(7, event, size=[48, 64]).line()
    assert json.loads(line)["data"]["size"] == [48, 64]
    assert JobEvent.parse(line.encode()).run_event() == event


def test_what_data_lacks_is_what_the_reader_says() -> None:
    event = JobEvent(1, "started", {"steps": 4, "backbone": "slim"})
    assert event.run_event(device="the server", backbone="vgg19", threads=0) == Started(
        4, backbone="slim", device="the server", threads=0
    )


def test_ends_are_events_that_no_run_tells_but_finished() -> None:
    assert [name for name in EVENT_NAMES if JobEvent(1, name).ends] == list(State.ends())
    assert JobEvent(9, "cancelled", {"step": 3}).run_event() is None


@pytest.mark.parametrize("line", ["", "[]", "7", "{}", '{"id": 1, "event": "step"}', '{"id"'])
def test_what_is_no_event_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match=r"no event of a job|Expecting"):
        JobEvent.parse(line)
