"""The one way in which a command follows its work: signals, the sentence at a stop, exit codes."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from typing import Generic, TypeVar

from impasto.errors import ImpastoError
from impasto.events import Part, Step
from impasto.signals import Stop

__all__ = ["Command", "follow", "stop_sentence"]

Event = TypeVar("Event")


class Command(ABC, Generic[Event]):
    """What a command makes of the events of its work.

    Attributes:
        breaks_in: whether a signal breaks into the wait for the next event. If not, the work goes
            on to the next event after which it can stop.
        quiet: whether it says nothing about a stop.
    """

    breaks_in = False
    quiet = False

    @abstractmethod
    def take(self, event: Event) -> None:
        """Show an event, and keep what is to be kept of it."""

    def can_stop_after(self, event: Event) -> bool:
        """Whether the work can end after an event without loss: after a step or a part of it.

        Work that a signal breaks into can end after any.
        """
        return self.breaks_in or isinstance(event, Step | Part)

    @abstractmethod
    def finish(self) -> int:
        """Write the results and say what they are, after the last event.

        Returns:
            The exit code: 0, or 1 if some of the work has failed.

        Raises:
            ImpastoError: what has gone wrong on the way or now.
        """

    @abstractmethod
    def stop(self) -> str:
        """Keep what can be kept of work that a signal has ended.

        Returns:
            What is kept and how to go on, as `stop_sentence` puts it.
        """

    def report_stop(self, sentence: str, exit_code: int) -> None:  # noqa: ARG002 - for programs
        """Say what `stop` gave, before the process ends with `exit_code`."""
        if not self.quiet:
            print(sentence, file=sys.stderr)

    def rescue(self, error: ImpastoError) -> ImpastoError:
        """Keep what can be kept of work that has failed; the error that a person is told."""
        return error

    def close(self) -> None:
        """Take the bar away and close files; called before `finish` and `stop`, and at the end."""


def follow(events: Iterator[Event], command: Command[Event]) -> int:
    """Follow work to its end, whichever that is.

    A second Ctrl-C or SIGTERM ends the process at once, wherever it is.

    Args:
        events: of the work; a generator is closed when the work is stopped or fails.
        command: what is made of them.

    Returns:
        The exit code: the command's own; 130 when Ctrl-C stopped the work, 143 when SIGTERM did.

    Raises:
        ImpastoError: the work has failed; `impasto.cli.main` makes 1, 2 or 3 of it.
    """
    stop = Stop(raises=command.breaks_in)
    try:
        with stop.listening():
            if _take_all(events, command, stop):
                command.close()
                return command.finish()
            _close(events)
            command.close()
            sentence = command.stop()
    except ImpastoError as error:
        _close(events)  # what it still keeps, it keeps before that is told
        raise command.rescue(error) from None
    finally:
        _close(events)
        command.close()
    command.report_stop(sentence, stop.exit_code)
    return stop.exit_code


def _take_all(events: Iterator[Event], command: Command[Event], stop: Stop) -> bool:
    """Whether the work came to its own end; if not, a signal has ended it."""
    try:
        for event in events:
            command.take(event)
            if stop.asked and command.can_stop_after(event):
                return False
    except KeyboardInterrupt:
        if stop.asked and command.breaks_in:
            return False
        raise
    finally:
        stop.raises = False  # what is left, to write and to say, is done whole
    return True


def _close(events: Iterator[Event]) -> None:
    if isinstance(events, Generator):
        events.close()


def stop_sentence(*, after: str = "", but: str = "", state: str = "", resume: str = "") -> str:
    """What a person is told of work that a signal has ended.

    Args:
        after: how far it came.
        but: what could not be done.
        state: what there is of it, and where.
        resume: how to go on.

    Example:
        >>> stop_sentence(after="step 4 of 16", state="it is in out.png", resume="go on with: …")
        'stopped after step 4 of 16: it is in out.png; go on with: …'
    """
    sentence = f"stopped after {after}" if after else "stopped"
    sentence += f", but {but}" if but else ""
    sentence += f": {state}" if state else ""
    return f"{sentence}; {resume}" if resume else sentence
