"""What runs in each process of a batch: one picture after the other, until nobody listens."""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Iterator, Sequence
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TypeAlias

from impasto import imaging
from impasto.errors import ImpastoError, OutputError, reason_of, unexpected
from impasto.events import Started, Step
from impasto.painting import run
from impasto.settings import StyleSettings
from impasto.text import format_path
from impasto.workflows.batch.events import ItemDone, ItemFailed, ItemStep, Note
from impasto.workflows.batch.plan import Item

__all__ = ["READY", "Report", "painted", "work"]

READY = "ready"

Report: TypeAlias = Note | ItemStep | ItemDone | ItemFailed


def work(number: int, line: Connection, styles: Sequence[Path], settings: StyleSettings) -> None:
    """Paint what comes down the line, and report up it; the whole life of a worker process.

    It says `READY` once, then receives (item, output) pairs and answers each with `Report`s, the
    last of which is an `ItemDone` or `ItemFailed`. It ends when the other end is closed, and at
    once, even within a step, when its parent dies.

    Args:
        number: its own, in the reports.
        line: one end of a two-way pipe.
        styles, settings: of all pictures.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        line.send(READY)
        while True:
            item, output = line.recv()
            for report in painted(item, output, styles, settings, number):
                line.send(report)
            if isinstance(report, ItemFailed) and report.unexpected:
                return  # who knows what else is broken in here
    except (EOFError, OSError):
        return


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def painted(
    item: Item, output: Path, styles: Sequence[Path], settings: StyleSettings, number: int
) -> Iterator[Report]:
    """Paint one picture and write it; its folder is made if it is missing.

    Args:
        item: what to paint.
        output: the file to write.
        styles, settings, number: as for `work`.

    Yields:
        `Note`s, an `ItemStep` after each step, then one `ItemDone` or `ItemFailed`: nothing is
        raised.
    """
    try:
        painting = run(item.content, list(styles), settings)
        _make_place(output)
        imaging.check_output(
            output,
            inputs=[item.content, *styles],
            bits=16 if settings.bits == "16" else 8,
            shape=painting.shape,
        )
        for event in painting:
            if isinstance(event, Started):
                yield from map(Note, event.notes)
            if isinstance(event, Step):
                yield ItemStep(item, number, event.step, event.steps)
        result = painting.result()
        result.save(output)
    except ImpastoError as error:
        yield ItemFailed(item, number, str(error))
    except Exception as error:
        if os.environ.get("IMPASTO_DEBUG"):
            traceback.print_exc()
        reason = unexpected(error, "IMPASTO_DEBUG=1 shows where it happened")
        yield ItemFailed(item, number, reason, unexpected=True)
    else:
        sha256 = result.content.sha256
        yield ItemDone(item, number, output, painting.shape, sha256, painting.seconds)


def _make_place(output: Path) -> None:
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"the folder {format_path(output.parent)} cannot be made "
            f"({reason_of(error)}): choose another output folder"
        ) from None
