"""Decoders that say nothing: what Pillow, tifffile and libtiff would print is stderr's."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

__all__ = ["quiet_decoders", "quiet_stderr"]

_lock = threading.Lock()
_STDERR = 2


@contextmanager
def quiet_decoders() -> Iterator[None]:
    """Pillow and tifffile without warnings, log lines and limits of their own.

    These switches belong to the whole process, so one picture is decoded at a time and they are
    put back after it.
    """
    log = logging.getLogger("tifffile")
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        limit, was_quiet = Image.MAX_IMAGE_PIXELS, log.disabled
        Image.MAX_IMAGE_PIXELS, log.disabled = None, True
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS, log.disabled = limit, was_quiet


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """No line of libtiff's on stderr, where it reports damage past Python.

    Inside `quiet_decoders` only. What other threads print meanwhile is lost with it.
    """
    try:
        stderr = os.dup(_STDERR)
    except OSError:  # there is no stderr
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, _STDERR)
    os.close(sink)
    try:
        yield
    finally:
        os.dup2(stderr, _STDERR)
        os.close(stderr)
