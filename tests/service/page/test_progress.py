"""What a job's events say so far, however they come, and how long it still takes."""

from __future__ import annotations

from typing import Any

import pytest

from impasto.service.client.stream import ServerSentEvent
from impasto.service.page.progress import (
    MOST_JOBS,
    Progress,
    ProgressLog,
    format_duration,
    format_eta,
)


def event(id: int, name: str, **data: Any) -> ServerSentEvent:
    return ServerSentEvent(str(id), name, data)


def started(id: int) -> ServerSentEvent:
    return event(id, "started", steps=4, scales=[{"scale": [32, 48], "steps": 4}])


def step(id: int, number: int) -> ServerSentEvent:
    return event(id, "step", step=number, steps=4, scale=[32, 48], losses={}, seconds=1.0)


class Events:
    """A log of events that grows; remembers after which event it was asked."""

    def __init__(self, *events: ServerSentEvent) -> None:
        self.events, self.requests = list(events), []

    def __call__(self, after: str) -> list[ServerSentEvent]:
        self.requests.append(after)
        return [e for e in self.events if int(e.id) > int(after or 0)]


def test_a_job_without_events_has_made_no_progress() -> None:
    assert ProgressLog().look("a", Events()) == Progress()


def test_only_events_that_are_new_are_asked_for_and_added() -> None:
    log, events = ProgressLog(), Events(started(1), step(2, 1))
    first = log.look("a", events)
    events.events += [step(3, 2), event(4, "preview", step=2)]
    second = log.look("a", events)
    assert events.requests == ["", "2"]
    assert first.scales == [((32, 48), 4)]
    assert [s["step"] for s in first.steps] == [1]
    assert [s["step"] for s in second.steps] == [1, 2]
    assert (second.preview, second.last, second.ended) == (2, "4", False)


def test_a_run_that_repeats_itself_has_no_step_twice() -> None:
    log = ProgressLog()
    log.look("a", Events(started(1), step(2, 1), step(3, 2), step(4, 3)))
    later = Events(started(1), step(2, 1), started(3), step(4, 2), step(5, 3), step(6, 4))
    assert [s["step"] for s in log.look("a", later).steps] == [1, 2, 3, 4]


def test_a_job_that_has_ended_is_not_asked_again() -> None:
    log, events = ProgressLog(), Events(started(1), step(2, 1), event(3, "finished", step=1))
    assert log.look("a", events).ended
    log.look("a", events)
    assert events.requests == [""]


def test_a_method_without_scales_and_losses_makes_progress_too() -> None:
    events = Events(event(1, "started", steps=2), event(2, "step", step=1, steps=2, scale=[8, 8]))
    progress = ProgressLog().look("a", events)
    assert (progress.scales, [s["step"] for s in progress.steps]) == ([], [1])


def test_jobs_are_kept_apart_and_the_oldest_are_forgotten() -> None:
    log = ProgressLog()
    for number in range(MOST_JOBS + 5):
        events = Events(*[step(n, n) for n in range(1, number % 4 + 1)])
        assert len(log.look(str(number), events).steps) == number % 4
    assert len(log._jobs) == MOST_JOBS


def test_the_work_of_a_job_is_told_from_its_events() -> None:
    scales = [{"scale": [64, 64], "steps": 4}]
    begun = event(1, "started", steps=4, scales=scales, predicted_s=8.0)
    steps = [
        event(1 + n, "step", step=n, steps=4, scale=[64, 64], losses={}, seconds=3.0 * n)
        for n in (1, 2)
    ]
    before = ProgressLog().look("a", Events(begun)).work(4)
    after = ProgressLog().look("b", Events(begun, *steps)).work(4)
    assert (before.share, before.seconds_left) == (0, 8.0)
    assert (after.share, after.seconds_left) == (0.5, pytest.approx(6.0))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (19.5, "20 s"), (21, "25 s"), (60, "1 min"), (61, "2 min"), (7190, "2 h")],
)
def test_a_guess_is_rounded_up(seconds: float, words: str) -> None:
    assert format_eta(seconds, "en") == words


def test_a_measured_time_is_told_exactly() -> None:
    assert [format_duration(s, "en") for s in (0.1, 59.7, 3725)] == ["0 s", "1 min", "1 h 2 min"]
