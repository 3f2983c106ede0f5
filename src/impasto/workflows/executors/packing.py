"""Values on their way between processes: a few bytes, and beside them the numbers of tensors.

Torch's own way sends all of a tensor that only a part is wanted of, and copies it twice. Here a
part is sent alone, and copied once on each side.
"""

from __future__ import annotations

import io
import pickle
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Packed", "packed", "unpacked"]


class Packed(NamedTuple):
    """A value in pieces.

    Attributes:
        data: the value without its numbers.
        buffers: the numbers, bytes each.
    """

    data: bytes
    buffers: list[NDArray[np.uint8]]

    @property
    def size(self) -> int:
        """Bytes that travel."""
        return len(self.data) + sum(buffer.nbytes for buffer in self.buffers)


def packed(value: Any) -> Packed:
    """A value in pieces; its tensors may share memory with them, where they lie on the CPU.

    Example:
        >>> import torch
        >>> rows = torch.arange(6.0).view(2, 3)[1:]
        >>> packed(rows).buffers[0].nbytes, unpacked(packed(rows)).tolist()
        (12, [[3.0, 4.0, 5.0]])
    """
    buffers: list[NDArray[np.uint8]] = []

    def take(buffer: pickle.PickleBuffer) -> None:
        buffers.append(np.frombuffer(buffer.raw(), np.uint8))

    file = io.BytesIO()
    _Pickler(file, protocol=5, buffer_callback=take).dump(value)
    return Packed(file.getvalue(), buffers)


def unpacked(pieces: Packed, *, copies: bool = True) -> Any:
    """The value.

    Args:
        pieces: of it.
        copies: whether its tensors have memory of their own; else they share that of the pieces,
            which has to be writable.
    """
    buffers = [piece.copy() if copies else piece for piece in pieces.buffers]
    return pickle.loads(pieces.data, buffers=buffers)


class _Pickler(pickle.Pickler):
    """A pickler that takes tensors apart."""

    def reducer_override(self, value: Any) -> Any:
        import torch

        if isinstance(value, torch.nn.Parameter):
            return torch.nn.Parameter, (value.data, value.requires_grad)
        if type(value) is not torch.Tensor or value.requires_grad:
            return NotImplemented
        # In the order of its memory, on which the last digits of what is computed with it depend.
        order = _order(value)
        plain = value.detach().permute(order).cpu().contiguous()
        if plain.dtype == torch.bfloat16:
            return _bfloat16, (plain.view(torch.int16).numpy(), order)
        return _tensor, (plain.numpy(), order)


def _order(x: Any) -> tuple[int, ...]:
    """Its dimensions, from the one whose neighbours lie farthest apart to the nearest."""
    strides = x.stride()
    return tuple(sorted(range(x.dim()), key=lambda d: (-strides[d], d)))


def _tensor(numbers: NDArray[Any], order: tuple[int, ...]) -> Any:
    import torch

    x = torch.from_numpy(numbers)
    return x.permute([order.index(d) for d in range(len(order))])


def _bfloat16(numbers: NDArray[Any], order: tuple[int, ...]) -> Any:
    import torch

    x: Any = _tensor(numbers, order)
    return x.view(torch.bfloat16)
