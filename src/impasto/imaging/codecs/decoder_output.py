"""Keeps the packages that decode pictures from talking over the one line of an error."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

__all__ = ["deaf_stderr", "quiet"]

_lock = threading.Lock()
_STDERR = 2


@contextmanager
def quiet() -> Iterator[None]:
    """Pillow and tifffile without warnings, log lines and limits of their own.

    These switches belong to the whole process, so one picture is decoded at a time and they are
    put back after it.
    """
    log = logging.getLogger("tifffile")
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        limit, silent = Image.MAX_IMAGE_PIXELS, log.disabled
        Image.MAX_IMAGE_PIXELS, log.disabled = None, True
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS, log.disabled = limit, silent


@contextmanager
def deaf_stderr() -> Iterator[None]:
    """No line of libtiff's on stderr, where it reports damage past Python; inside `quiet` only.

    What other threads of the process print meanwhile is lost with it.
    """
    try:
        kept = os.dup(_STDERR)
    except OSError:  # there is no stderr
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, _STDERR)
    os.close(sink)
    try:
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
