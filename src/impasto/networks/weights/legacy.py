"""Reads torch's old checkpoint format tensor by tensor.

The published VGG files are in the format torch wrote before 1.6, which `torch.load` can only
read whole: 548 MB for the 80 MB that are convolutions. Its layout::

    pickle magic | pickle version | pickle system | pickle of the dict | pickle of storage keys
    then for each key: int64 element count, raw elements

The dict names storages by key, so their places in the file can be worked out and only the
wanted ones read. The unpickler knows five names and nothing else; a file that needs more is
left to `torch.load(weights_only=True)`.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
from collections import OrderedDict
from dataclasses import dataclass
from io import BufferedReader
from typing import Any

import torch

__all__ = ["LegacyTensor", "NotPlainError", "read_legacy"]

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001
DTYPES = {
    "BFloat16Storage": torch.bfloat16,
    "BoolStorage": torch.bool,
    "ByteStorage": torch.uint8,
    "CharStorage": torch.int8,
    "DoubleStorage": torch.float64,
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "IntStorage": torch.int32,
    "LongStorage": torch.int64,
    "ShortStorage": torch.int16,
}


class NotPlainError(Exception):
    """The file holds more than tensors, or holds them in a way not known here."""


@dataclass
class _Storage:
    dtype: torch.dtype
    count: int
    offset: int = -1


@dataclass
class LegacyTensor:
    """A tensor still in the file."""

    file: BufferedReader
    storage: _Storage
    start: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]

    def read(self) -> torch.Tensor:
        """The tensor, in memory of its own storage only."""
        whole = torch.empty(self.storage.count, dtype=self.storage.dtype)
        self.file.seek(self.storage.offset)
        # numpy has no bfloat16, but every tensor can be seen as bytes.
        room = whole.view(torch.uint8).numpy().data
        if self.file.readinto(room) != room.nbytes:
            raise EOFError("the file became shorter")
        return whole.as_strided(self.shape, self.stride, self.start)


# The one in Python: that in C makes room for whatever memo index a damaged file names, up to
# 32 GB of it.
class _Unpickler(pickle._Unpickler):
    def __init__(self, file: BufferedReader) -> None:
        super().__init__(file, encoding="utf-8")
        self.file = file
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        if module == "torch._utils" and name in ("_rebuild_tensor", "_rebuild_tensor_v2"):
            return self._tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return self._parameter
        raise NotPlainError(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _device, count, view = pid
        if kind != "storage" or view is not None or not isinstance(dtype, torch.dtype):
            raise NotPlainError(str(kind))
        return self.storages.setdefault(str(key), _Storage(dtype, int(count)))

    def _tensor(
        self, storage: _Storage, start: int, shape: Any, stride: Any, *_hooks: object
    ) -> LegacyTensor:
        return LegacyTensor(
            self.file, storage, int(start), tuple(map(int, shape)), tuple(map(int, stride))
        )

    def _parameter(self, data: LegacyTensor, *_hooks: object) -> LegacyTensor:
        return data


def read_legacy(file: BufferedReader) -> Any:
    """What was saved, with a `LegacyTensor` where each tensor was.

    Args:
        file: open for reading, at its start; has to stay open until the tensors are read.

    Raises:
        NotPlainError: `torch.load` has to decide about this file.
        Exception: of many kinds, for a damaged file.
    """
    if _Unpickler(file).load() != MAGIC or _Unpickler(file).load() != VERSION:
        raise ValueError("it does not begin as torch's checkpoints do")
    system = _Unpickler(file).load()
    if not system["little_endian"] or sys.byteorder != "little":
        raise NotPlainError("another byte order")
    unpickler = _Unpickler(file)
    saved = unpickler.load()
    keys = _Unpickler(file).load()
    end = os.fstat(file.fileno()).st_size
    offset = file.tell()
    for key in keys:
        storage = unpickler.storages[str(key)]
        file.seek(offset)
        (count,) = struct.unpack("<q", file.read(8))
        if count != storage.count:
            raise ValueError(f"storage {key} has {count} elements, wanted {storage.count}")
        storage.offset = offset + 8
        offset += 8 + count * storage.dtype.itemsize
        if offset > end:
            raise EOFError(f"{end} of at least {offset} bytes")
    return saved
