"""The file formats: each becomes names and tensors that are read only when asked for."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from impasto.networks.weights.legacy import LegacyTensor, NotPlainError, read_legacy

__all__ = ["NotACheckpointError", "Stored", "stored_tensors"]

ZIP_START = b"PK\x03\x04"
PICKLE_START = b"\x80"
NESTS = ("state_dict", "model_state_dict", "model")


class NotACheckpointError(Exception):
    """The file begins like none of the formats, or holds no dict of tensors."""


@dataclass(frozen=True)
class Stored:
    """A tensor in a file: its shape now, its numbers on `read()`.

    Attributes:
        shape: its shape.
        read: gives the tensor.
        lent: whether that tensor lies in memory which others hold, or in the mapped file.
    """

    shape: tuple[int, ...]
    read: Callable[[], torch.Tensor]
    lent: bool = True


@contextmanager
def stored_tensors(path: Path) -> Iterator[dict[str, Stored]]:
    """Open a checkpoint; the tensors can be read until the block ends.

    The format is told from the first bytes, not from the name: a web page saved as `.pth`
    then gets a message of its own.

    Raises:
        NotACheckpointError: see there.
        pickle.UnpicklingError: the file holds objects other than tensors.
        Exception: of many kinds, for a damaged file.
    """
    with path.open("rb") as file:
        start = file.read(9)
        file.seek(0)
        if start[8:] == b"{":
            with safe_open(path, framework="pt") as opened:
                yield {
                    name: Stored(
                        tuple(opened.get_slice(name).get_shape()), partial(opened.get_tensor, name)
                    )
                    for name in opened.keys()  # noqa: SIM118  (it is no mapping)
                }
        elif start.startswith(ZIP_START):
            yield _state_dict(_load(path, mmap=_only_stored(path)))
        elif start.startswith(PICKLE_START):
            yield _state_dict(_legacy(file, path))
        else:
            raise NotACheckpointError


def _legacy(file: BufferedReader, path: Path) -> Any:
    try:
        return read_legacy(file)
    except NotPlainError:
        return _load(path, mmap=False)


def _load(path: Path, *, mmap: bool) -> Any:
    return torch.load(path, map_location="cpu", weights_only=True, mmap=mmap)


def _only_stored(path: Path) -> bool:
    """Whether no member of the archive is compressed; a mapped one would be read as it lies."""
    with zipfile.ZipFile(path) as archive:
        return all(member.compress_type == zipfile.ZIP_STORED for member in archive.infolist())


def _state_dict(saved: Any) -> dict[str, Stored]:
    for _ in range(2):
        if not isinstance(saved, Mapping):
            break
        saved = next((saved[nest] for nest in NESTS if isinstance(saved.get(nest), Mapping)), saved)
    if not isinstance(saved, Mapping):
        raise NotACheckpointError
    entries = {}
    for name, value in saved.items():
        if isinstance(value, LegacyTensor):
            entries[str(name)] = Stored(value.shape, value.read, lent=False)
        elif isinstance(value, torch.Tensor):
            entries[str(name)] = Stored(tuple(value.shape), value.detach)
    return entries
