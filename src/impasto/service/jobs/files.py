"""The data folder: uploads by what is in them, jobs by their id, never by a name from outside."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from impasto.errors import OutputError, UnknownJobError, reason_of
from impasto.service.jobs.film_work import RESULT
from impasto.text import format_path
from impasto.workflows.film.paths import journal_path, segments_folder

__all__ = ["CHECKPOINT", "Folder"]

CHECKPOINT = "checkpoint.safetensors"  # of a picture
CHUNK_BYTES = 2**20
PRIVATE = 0o700  # other people's photographs
SWEPT_AFTER_S = 3600.0


class Folder:
    """Where pictures and checkpoints lie.

    ::

        uploads/ab/abcdef…          bytes as they came, named by their SHA-256
        jobs/<id>/result.png        8 or 16 bits a channel, transparency kept
                  preview.png       the picture so far, 8 bits, at the size of its scale
                  events.jsonl      see `impasto.service.jobs.log`
                  losses.png        loss curves
                  checkpoint.safetensors

    Args:
        path: made if it is missing, readable by this user only.

    Raises:
        OutputError: it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._uploads, self._jobs = self.path / "uploads", self.path / "jobs"
        with self._as_output_error():
            self.path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            self._uploads.mkdir(mode=PRIVATE, exist_ok=True)
            self._jobs.mkdir(mode=PRIVATE, exist_ok=True)

    def upload(self, sha256: str) -> Path:
        """The file of an upload, whether it is there or not.

        Args:
            sha256: 64 lower-case hexadecimal digits.

        Raises:
            ValueError: anything else, which never becomes a path.

        Example:
            >>> from tempfile import TemporaryDirectory
            >>> with TemporaryDirectory() as place:
            ...     Folder(Path(place)).upload("ab" * 32).relative_to(place).parts[:2]
            ('uploads', 'ab')
        """
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError(f"{sha256!r} is not a SHA-256: give 64 hexadecimal digits")
        return self._uploads / sha256[:2] / sha256

    def keep_upload(self, source: BinaryIO | Path | bytes) -> str:
        """Keep bytes under their hash; equal ones are kept once.

        Args:
            source: a stream, read to its end piece by piece; a file, which is copied; or bytes.

        Returns:
            Their SHA-256, in hexadecimal digits.

        Raises:
            OutputError: the folder cannot be written, or the disk is full.
        """
        draft = self._uploads / f".{secrets.token_hex(8)}.part"
        with self._as_output_error():
            try:
                with draft.open("xb") as file:
                    sha256 = _copy(source, file)
                    file.flush()
                    os.fsync(file.fileno())
                path = self.upload(sha256)
                path.parent.mkdir(mode=PRIVATE, exist_ok=True)
                draft.replace(path)  # also over an equal one, which makes it young again
            finally:
                draft.unlink(missing_ok=True)
        return sha256

    def job(self, id: str) -> Path:
        """The folder of a job, made if it is missing.

        Args:
            id: 32 lower-case hexadecimal digits.

        Raises:
            UnknownJobError: anything else, which never becomes a path.
            OutputError: it cannot be made.
        """
        path = self._job(id)
        with self._as_output_error():
            path.mkdir(mode=PRIVATE, exist_ok=True)
        return path

    def _job(self, id: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{32}", id):
            raise UnknownJobError(f"{id[:80]!r} is not a job's id: give its 32 hexadecimal digits")
        return self._jobs / id

    def remove_job(self, id: str) -> None:
        """Remove a job's folder and all that is in it, if it is there."""
        shutil.rmtree(self._job(id), ignore_errors=True)

    def remove_checkpoints(self, id: str) -> None:
        """Remove what a job that has ended would be gone on with: checkpoint, journal, segments."""
        job = self._job(id)
        journal = journal_path(job / RESULT)
        for path in (job / CHECKPOINT, journal):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        shutil.rmtree(segments_folder(journal), ignore_errors=True)

    def remove_upload(self, sha256: str) -> None:
        """Remove an upload, if it is there."""
        with suppress(OSError):
            self.upload(sha256).unlink()

    def sweep(self, is_job: Callable[[str], bool], is_used: Callable[[str], bool]) -> None:
        """Remove what a crash or a refused request left: drafts, and files nobody knows of.

        What is younger than an hour stays: its job may be about to be added.

        Args:
            is_job: whether there is a job with this id.
            is_used: whether a job uses the upload with this hash.
        """
        before = time.time() - SWEPT_AFTER_S
        for path in (path for path in self._jobs.iterdir() if _older(path, before)):
            if not is_job(path.name):
                shutil.rmtree(path, ignore_errors=True)
        for path in (path for path in self._uploads.rglob("*") if _older(path, before)):
            if path.is_file() and not is_used(path.name):
                path.unlink(missing_ok=True)

    def check(self) -> None:
        """Write and remove a small file.

        Raises:
            OutputError: the folder cannot be written, or the disk is full.
        """
        probe = self.path / f".{secrets.token_hex(8)}.part"
        with self._as_output_error():
            try:
                probe.write_bytes(b"impasto")
            finally:
                probe.unlink(missing_ok=True)

    @contextmanager
    def _as_output_error(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"the data folder {format_path(self.path)} cannot be written "
                f"({reason_of(error)}): make room or choose another --data"
            ) from None


def _older(path: Path, before: float) -> bool:
    with suppress(OSError):  # it may be gone by now
        return path.stat().st_mtime < before
    return False


def _copy(source: BinaryIO | Path | bytes, file: BinaryIO) -> str:
    """Copy bytes into a file; their SHA-256."""
    if isinstance(source, Path):
        with source.open("rb") as opened:
            return _copy(opened, file)
    digest = hashlib.sha256()
    pieces = [source] if isinstance(source, bytes) else iter(lambda: source.read(CHUNK_BYTES), b"")
    for piece in pieces:
        digest.update(piece)
        file.write(piece)
    return digest.hexdigest()
