"""Uploads of requests that are not answered yet, which no other request may discard."""

from __future__ import annotations

import threading
from collections import Counter
from typing import BinaryIO

from impasto.service.jobs.store import Store

__all__ = ["InFlight"]


class InFlight:
    """Keeps uploads for requests of this process. Safe to use from several threads at once.

    Args:
        store: whose folder keeps them.

    Example:
        >>> from io import BytesIO
        >>> from tempfile import TemporaryDirectory
        >>> from pathlib import Path
        >>> with TemporaryDirectory() as place:
        ...     store = Store(data=Path(place))
        ...     uploads = InFlight(store)
        ...     one, other = uploads.keep(BytesIO(b"film")), uploads.keep(BytesIO(b"film"))
        ...     uploads.release(one, discard=True)
        ...     still = store.folder.upload(other).is_file()
        ...     uploads.release(other, discard=True)
        ...     still, store.folder.upload(other).is_file()
        ...     store.close()
        (True, False)
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._requests: Counter[str] = Counter()  # of each hash

    def keep(self, file: BinaryIO) -> str:
        """Keep an upload until it is released; its SHA-256.

        Args:
            file: read from its beginning.

        Raises:
            OutputError: the folder cannot be written, or the disk is full.
        """
        while True:
            file.seek(0)
            sha256 = self._store.folder.keep_upload(file)
            with self._lock:
                # Another request may have discarded an equal one since.
                if self._store.folder.upload(sha256).is_file():
                    self._requests[sha256] += 1
                    return sha256

    def release(self, sha256: str, *, discard: bool) -> None:
        """Say that a request is answered.

        Args:
            sha256: of its upload.
            discard: whether the upload goes, unless a job or another request uses it.
        """
        with self._lock:
            self._requests[sha256] -= 1
            if self._requests[sha256] > 0:
                return
            del self._requests[sha256]
            if discard:
                self._store.discard([sha256])
