"""How a worker leaves a job before its end: it is cancelled, or the worker has to end."""

from __future__ import annotations

from impasto.service.jobs.heartbeat import Heartbeat
from impasto.signals import Stop

__all__ = ["CancelledError", "StoppedError", "leave_if_asked"]


class CancelledError(Exception):
    """Whoever asked for the job does not want it any more."""


class StoppedError(Exception):
    """The worker has to end."""


def leave_if_asked(heart: Heartbeat, stop: Stop) -> None:
    """Nothing, unless the job shall be left.

    Args:
        heart: knows whether the job shall be cancelled.
        stop: of the worker.

    Raises:
        CancelledError, StoppedError: it shall.
    """
    if heart.cancel_asked():
        raise CancelledError
    if stop.asked:
        raise StoppedError
