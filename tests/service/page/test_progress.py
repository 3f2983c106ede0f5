"""What a job's events say so far, however they come, and how long it still takes."""

from __future__ import annotations

from typing import Any

import pytest

from impasto.service.client.stream import ServerSentEvent
from impasto.service.page.progress import (
    MOST_JOBS,
    RECENT,
    SMALL,
    LruCache,
    Progress,
    ProgressLog,
    format_duration,
    format_eta,
    seconds_left,
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


def test_what_was_used_last_is_kept() -> None:
    cache, calls = LruCache[str](2), []

    def value(key: str) -> str:
        return cache.get(key, lambda: calls.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        assert value(key) == key
    assert calls == ["a", "b", "c", "b"]


def even_steps(count: int, side: int, pace: float, first: int = 1) -> list[dict[str, object]]:
    return [{"step": first + n, "seconds": pace * n, "scale": [side, side]} for n in range(count)]


def test_nothing_is_told_before_the_second_step() -> None:
    assert seconds_left([((64, 64), 5)], even_steps(1, 64, 1.0)) is None
    assert seconds_left([], even_steps(3, 64, 1.0)) is None


def test_an_even_pace_goes_on() -> None:
    assert seconds_left([((64, 64), 10)], even_steps(4, 64, 2.0)) == pytest.approx(12.0)


def test_a_finer_scale_takes_as_much_longer_as_it_has_pixels() -> None:
    ratio = (128 * 128 + SMALL) / (64 * 64 + SMALL)
    left = seconds_left([((64, 64), 3), ((128, 128), 2)], even_steps(3, 64, 1.0))
    assert left == pytest.approx(2 * ratio)


def test_nothing_is_left_after_the_last_step() -> None:
    assert seconds_left([((64, 64), 3)], even_steps(3, 64, 1.0)) == 0


def test_only_the_pace_of_late_counts() -> None:
    slow = even_steps(50, 64, 100.0)
    begin = slow[-1]["seconds"]
    assert isinstance(begin, float)
    fast = [
        {"step": 51 + n, "seconds": begin + 1.0 * (n + 1), "scale": [64, 64]} for n in range(RECENT)
    ]
    assert seconds_left([((64, 64), 100)], [*slow, *fast]) == pytest.approx(100 - 50 - RECENT)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (19.5, "20 s"), (21, "25 s"), (60, "1 min"), (61, "2 min"), (7190, "2 h")],
)
def test_a_guess_is_rounded_up(seconds: float, words: str) -> None:
    assert format_eta(seconds, "en") == words


def test_a_measured_time_is_told_exactly() -> None:
    assert [format_duration(s, "en") for s in (0.1, 59.7, 3725)] == ["0 s", "1 min", "1 h 2 min"]
