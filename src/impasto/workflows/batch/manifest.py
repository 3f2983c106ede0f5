"""What is painted already: one line a picture, in a hidden file of the output folder."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from impasto.errors import OutputError, reason_of
from impasto.text import format_path

__all__ = ["MANIFEST", "Manifest", "Record"]

MANIFEST = ".impasto-batch.jsonl"


@dataclass(frozen=True)
class Record:
    """One painted picture.

    Attributes:
        output: its name below the output folder, with forward slashes.
        output_sha256: of its file's bytes, hex.
        content: the content image as it was named.
        content_sha256: of its file's bytes, hex.
        job_sha256: the `fingerprint` of styles and settings.
    """

    output: str
    output_sha256: str
    content: str
    content_sha256: str
    job_sha256: str


class Manifest:
    """The records of an output folder; the last one of each picture counts.

    A crash can tear the last line, which is then taken away. Other lines that cannot be read are
    counted and left alone: their pictures are painted again. Only one process at a time may have
    it: see `impasto.workflows.batch.runner`.

    Args:
        folder: the output folder; exists.

    Attributes:
        path: the file; made when the first record is added.
        broken: how many lines could not be read.

    Raises:
        OutputError: the file cannot be read or mended.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     Manifest(Path(folder)).add(Record("a.jpg", "01", "photos/a.jpg", "02", "03"))
        ...     Manifest(Path(folder)).get("a.jpg").content
        'photos/a.jpg'
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / MANIFEST
        self.broken = 0
        self._records: dict[str, Record] = {}
        try:
            self._read()
        except OSError as error:
            raise self._unusable("read", error) from None

    def get(self, output: str) -> Record | None:
        """The record of a painted picture, or None."""
        return self._records.get(output)

    def add(self, record: Record) -> None:
        """Write a record, so that it is there even if the machine stops now.

        Raises:
            OutputError: if it cannot be written.
        """
        self._records[record.output] = record
        line = json.dumps(asdict(record)).encode() + b"\n"
        try:
            # One unbuffered write: an interruption cannot leave half a line.
            with self.path.open("ab", buffering=0) as file:
                file.write(line)
                os.fsync(file.fileno())
        except OSError as error:
            raise self._unusable("written", error) from None

    def _read(self) -> None:
        if not self.path.exists():
            return
        data = self.path.read_bytes()
        *lines, last = data.split(b"\n")
        for line in lines:
            if line.strip() and not self._keep(line):
                self.broken += 1
        if last and self._keep(last):
            with self.path.open("ab") as file:
                file.write(b"\n")
        elif last:
            os.truncate(self.path, len(data) - len(last))

    def _keep(self, line: bytes) -> bool:
        """Whether a line is a record, which is then known."""
        try:
            values = json.loads(line)
            record = Record(**{field.name: values[field.name] for field in fields(Record)})
        except (ValueError, TypeError, KeyError):
            return False
        if not all(isinstance(value, str) for value in asdict(record).values()):
            return False
        self._records[record.output] = record
        return True

    def _unusable(self, what: str, error: OSError) -> OutputError:
        reason = reason_of(error)
        return OutputError(
            f"{format_path(self.path)}, which says what is painted already, cannot be {what} "
            f"({reason}): make room, change its permissions or choose another output folder"
        )
