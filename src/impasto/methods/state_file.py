"""Files that keep the state of unfinished work: tensors, and beside them what JSON knows.

One safetensors file: what is no tensor is JSON in its metadata. It is written beside its place
and renamed, so that a crash leaves the one before it whole. Its format, a line of text, says what
kind of work it keeps.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load as load_tensors
from safetensors.torch import save_file
from torch import Tensor

from impasto.errors import CheckpointError, OutputError, reason_of
from impasto.files import file_sha256, replacing
from impasto.methods.planes import kept_released
from impasto.painters.painted import restore, source_of
from impasto.text import format_path

__all__ = ["InputFile", "Kept", "check_own", "format_of", "load", "not_whole", "save"]

LONGEST_HEADER = 100_000_000  # bytes, as safetensors has it
LARGE = 1_000_000_000  # bytes: a file that takes so much memory is not read at once
PIECE = 2**24  # bytes at a time


@dataclass(frozen=True)
class InputFile:
    """A picture that the work reads: where it lay and what was in it."""

    path: str
    sha256: str

    @classmethod
    def of(cls, path: Path) -> InputFile:
        """A file as it is now."""
        return cls(str(path.absolute()), file_sha256(path))

    def verify(self, what: str) -> None:
        """Check that it is still what it was.

        Args:
            what: it is, for messages: "the content of this run".

        Raises:
            CheckpointError: it is gone or has changed.
            ImpastoError: one of `impasto.painters` is gone, and cannot be painted again.
        """
        source = source_of(Path(self.path))
        if source is not None and not Path(self.path).exists():
            restore(Path(self.path))
        try:
            now = InputFile.of(Path(self.path))
        except OSError as error:
            raise CheckpointError(
                f"{what}, {self.path}, cannot be read ({error.strerror}): put it back to go on"
            ) from None
        if now.sha256 != self.sha256 and source is not None:
            raise CheckpointError(
                f"{what}, {source.text}, does not come out as it did, as impasto or the packages "
                "it paints with are of other versions: go back to those, or start anew"
            )
        if now.sha256 != self.sha256:
            raise CheckpointError(
                f"{what}, {self.path}, has changed since: put the old one back, or start anew"
            )


@dataclass(frozen=True)
class Kept:
    """What such a file holds.

    Attributes:
        format: of the file.
        about: what is no tensor.
        tensors: by name.
    """

    format: str
    about: dict[str, Any]
    tensors: dict[str, Tensor]


def save(
    path: Path, format: str, about: Mapping[str, Any], tensors: Mapping[str, Tensor], what: str
) -> None:
    """Write a state, whole or not at all.

    Args:
        path: the file to make or replace.
        format: of the file.
        about: what JSON knows.
        tensors: by name; they share no memory.
        what: to name in its place where it cannot be written: "a checkpoint".

    Raises:
        OutputError: if the place cannot be written, or keeps work of another kind.
    """
    check_own(path, format, overwrite=True)
    tensors = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    try:
        with replacing(path) as draft:
            run = json.dumps(about)
            with kept_released():
                digest = _digest(run, tensors)
                save_file(tensors, draft, {"format": format, "run": run, "sha256": digest})
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(
            f"{format_path(path)} cannot be written ({reason}): name {what} in a folder that "
            "can be written to"
        ) from None


def load(path: Path, formats: tuple[str, ...], wish: str) -> Kept:
    """Read a state.

    Args:
        path: of the file.
        formats: that are known, the newest first.
        wish: what to give in place of a file that is none: "the file that --checkpoint wrote".

    Raises:
        CheckpointError: if it is missing, of another format, or cut short.
    """
    if not path.is_file():
        what = "is no file" if path.exists() else "does not exist"
        raise CheckpointError(f"{format_path(path)} {what}: give the file that {wish}")
    try:
        text = _text(_header(path))
        tensors = _tensors(path)
        if text.get("format") not in formats:
            raise CheckpointError(
                f"{format_path(path)} is not a checkpoint of this version ({formats[0]}): give a "
                f"file that {wish}"
            )
        if text.get("sha256") != _digest(text["run"], tensors):
            raise ValueError("its content is not what was written")
        return Kept(text["format"], json.loads(text["run"]), tensors)
    except (SafetensorError, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise not_whole(path, error) from None


def format_of(path: Path) -> str:
    """The format of a file; empty for one that keeps no state, or cannot be read."""
    try:
        return str(_text(_header(path)).get("format", ""))
    except (OSError, MemoryError, OverflowError, ValueError, AttributeError):
        return ""


def check_own(path: Path, format: str, what: str = "this work", *, overwrite: bool) -> None:
    """Refuse a place where there is what such work has not written.

    Args:
        path: where a state will be kept.
        format: of that state; earlier ones of its kind may be replaced, whatever their version.
        what: will be kept there, for the message: "the film".
        overwrite: whether what is no checkpoint may be replaced; other work never is.

    Raises:
        OutputError: it is there.

    Example:
        >>> check_own(Path("nowhere"), "walk 1", overwrite=False)
        >>> check_own(Path(__file__), "walk 1", "the walk", overwrite=False)
        Traceback (most recent call last):
        impasto.errors.OutputError: ..., where the walk would be kept, is no checkpoint: ...
    """
    try:
        if not path.is_file():
            return
    except OSError:  # nothing can be written there either, and who tries says so
        return
    kind = format_of(path)
    if kind.rpartition(" ")[0] == format.rpartition(" ")[0] or (overwrite and not kind):
        return
    there = "keeps other work" if kind else "is no checkpoint"
    raise OutputError(
        f"{format_path(path)}, where {what} would be kept, {there}: choose another output, or move "
        "it away"
    )


def not_whole(path: Path, error: Exception) -> CheckpointError:
    """What a person is told of a file that a state cannot be made of."""
    reason = reason_of(error) if isinstance(error, OSError) else error
    return CheckpointError(
        f"{format_path(path)} is not a whole checkpoint ({reason}): give another, or start anew"
    )


def _tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a file; those of a large one are read as they are used.

    Any other is read at once: a name need not be UTF-8, and some systems replace no file that is
    open.
    """
    if path.stat().st_size < LARGE or not _is_unicode(path):
        return load_tensors(path.read_bytes())
    with safe_open(path, "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping


def _is_unicode(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _header(path: Path) -> bytes:
    """The first bytes of a file, with what safetensors says of the rest."""
    with path.open("rb") as file:
        start = file.read(8)
        return start + file.read(min(int.from_bytes(start, "little"), LONGEST_HEADER))


def _text(data: bytes) -> dict[str, str]:
    """The metadata of safetensors."""
    length = int.from_bytes(data[:8], "little")
    text: dict[str, str] = json.loads(data[8 : 8 + length]).get("__metadata__", {})
    return text


def _digest(run: str, tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 over everything a state holds: a spoilt byte would spoil the work."""
    digest = hashlib.sha256(run.encode())
    for name in sorted(tensors):
        digest.update(name.encode())
        data = tensors[name].reshape(-1).view(torch.uint8).numpy()
        for begin in range(0, len(data), PIECE):
            digest.update(data[begin : begin + PIECE].data)
    return digest.hexdigest()
