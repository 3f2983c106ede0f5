"""Processes that `--cluster` names, for a picture that is painted by several machines."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from impasto.settings import StyleSettings

if TYPE_CHECKING:
    from impasto.methods.holding import Holders

__all__ = ["holders_at"]


@contextmanager
def holders_at(
    cluster: str | None, settings: StyleSettings
) -> Generator[tuple[Holders | None, StyleSettings], None, None]:
    """Processes at an address, and settings with the threads that all of them take.

    Bytes depend on threads, so they are written down here, for a checkpoint too: one, unless the
    settings say how many.

    Args:
        cluster: as `impasto.workflows.executors.opening.open` takes it; None for no one else.
        settings: of the picture.

    Raises:
        ImpastoError: nobody is there.
    """
    if cluster is None:
        yield None, settings
        return
    from impasto.workflows.executors.holders import hold

    threads = settings.threads or 1
    with hold(cluster, threads=threads, precision=settings.precision) as holders:
        yield holders, settings.model_copy(update={"threads": threads})
