"""Whatever ends the work, it ends in one way: what is kept, what is said, which exit code."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from impasto.cli.runner import Command, follow, stop_sentence
from impasto.errors import ImpastoError, PictureError
from impasto.events import Event, Finished, Part, Started, Step

RUN: list[Event] = [Started(2), Step(1, 2, (4, 4)), Step(2, 2, (4, 4)), Finished(2, None, 0.1)]
FILM: list[Event] = [Started(0), Part("frame", 1, 3), Part("frame", 2, 3), Part("frame", 3, 3)]
CODES = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


class Recorder(Command[Event]):
    """Notes what is asked of it, and does something at an event."""

    def __init__(self, at: Event | None = None, act: Callable[[], None] = lambda: None) -> None:
        self._at, self._act = at, act
        self.calls: list[Event | str] = []

    def take(self, event: Event) -> None:
        self.calls.append(event)
        if event == self._at:
            self._act()

    def finish(self) -> int:
        self.calls.append("finish")
        return 1

    def stop(self) -> str:
        self.calls.append("stop")
        return stop_sentence(state="all is kept")

    def rescue(self, error: ImpastoError) -> ImpastoError:
        return PictureError(f"{error}: rescued")

    def close(self) -> None:
        if self.calls[-1] != "close":
            self.calls.append("close")


class Impatient(Recorder):
    breaks_in = True


def send(number: int) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)


def test_work_that_ends_by_itself_is_finished_with_the_command_s_code() -> None:
    command = Recorder()
    assert follow(iter(RUN), command) == 1
    assert command.calls == [*RUN, "close", "finish", "close"]


@pytest.mark.parametrize(("number", "code"), CODES)
@pytest.mark.parametrize(
    ("events", "position", "last"),
    [
        (RUN, 0, 1),  # nothing is painted yet: the first step is waited for
        (RUN, 1, 1),
        (FILM, 0, 1),
        (FILM, 2, 2),
    ],
)
def test_a_signal_ends_the_work_after_the_step_or_part_at_hand(
    number: int,
    code: int,
    events: list[Event],
    position: int,
    last: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = Recorder(events[position], send(number))
    assert follow(iter(events), command) == code
    assert command.calls == [*events[: last + 1], "close", "stop", "close"]
    assert capsys.readouterr() == ("", "stopped: all is kept\n")


@pytest.mark.parametrize(("number", "code"), CODES)
def test_a_signal_breaks_into_work_that_has_no_steps(number: int, code: int) -> None:
    ends = []

    def silent() -> Iterator[Event]:
        try:
            yield RUN[0]
            os.kill(os.getpid(), number)
            yield RUN[1]
        finally:
            ends.append(True)

    command = Impatient()
    assert follow(silent(), command) == code
    assert command.calls == [RUN[0], "close", "stop", "close"]
    assert ends


def test_work_that_swallows_a_signal_ends_after_the_event_at_hand() -> None:
    def deaf() -> Iterator[Event]:
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        yield RUN[0]
        yield RUN[1]

    command = Impatient()
    assert follow(deaf(), command) == 143
    assert command.calls == [RUN[0], "close", "stop", "close"]


class SignalledAtTheEnd(Impatient):
    def finish(self) -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        return super().finish()


def test_what_is_done_is_finished_whole_when_a_signal_comes_then() -> None:
    command = SignalledAtTheEnd()
    assert follow(iter(RUN), command) == 1
    assert command.calls == [*RUN, "close", "finish", "close"]


@pytest.mark.parametrize(("number", "code"), CODES)
def test_a_generator_is_closed_before_what_is_left_is_kept(number: int, code: int) -> None:
    command = Impatient(RUN[0], send(number))

    def events() -> Iterator[Event]:
        try:
            yield from RUN
        finally:
            command.calls.append("ended")

    assert follow(events(), command) == code
    assert command.calls == [RUN[0], "ended", "close", "stop", "close"]


def test_a_second_ctrl_c_ends_at_once() -> None:
    def twice() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    command = Recorder(RUN[1], twice)
    with pytest.raises(KeyboardInterrupt):
        follow(iter(RUN), command)
    assert command.calls == [*RUN[:2], "close"]


def test_work_that_fails_is_rescued() -> None:
    def events() -> Iterator[Event]:
        yield RUN[0]
        raise PictureError("the picture is broken")

    command = Recorder()
    with pytest.raises(PictureError, match="broken: rescued"):
        follow(events(), command)
    assert command.calls == [RUN[0], "close"]


def test_quiet_work_is_stopped_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    command = Recorder(RUN[1], send(signal.SIGTERM))
    command.quiet = True
    assert follow(iter(RUN), command) == 143
    assert capsys.readouterr() == ("", "")


def test_handlers_are_as_before_after_all() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    follow(iter(RUN), Recorder(RUN[1], send(signal.SIGINT)))
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({}, "stopped"),
        ({"after": "frame 2 of 9"}, "stopped after frame 2 of 9"),
        ({"but": "x could not be cancelled"}, "stopped, but x could not be cancelled"),
        ({"after": "step 1 of 2", "resume": "go on"}, "stopped after step 1 of 2; go on"),
    ],
)
def test_a_stop_is_told_in_one_sentence(parts: dict[str, str], sentence: str) -> None:
    assert stop_sentence(**parts) == sentence
