"""The order of values along the last dimension: what sliced and histogram losses spend time on."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["order"]

# torch sorts rows side by side, NumPy one after the other, five times as fast: from so many threads
# on torch is the faster one.
MANY_THREADS = 6


def order(values: Tensor) -> Tensor:
    """Indices that put values into ascending order along the last dimension.

    Equal values are told apart by a fixed scattering of places: by their own order, a sky of one
    colour would be painted from top to bottom.

    On few CPU threads float32 is sorted by radix, which is exact like any sort, and five times as
    fast at 200,000 places as comparing.

    Args:
        values: (…, n).

    Returns:
        (…, n), int64; the same for each number of threads.

    Example:
        >>> import torch
        >>> order(torch.tensor([0.5, -2.0, 3.0, -0.5])).tolist()
        [1, 3, 0, 2]
    """
    values = values.detach() + 0.0  # -0 becomes 0, its equal
    places = torch.randperm(values.shape[-1], generator=torch.Generator().manual_seed(0))
    radix = values.device.type == "cpu" and values.dtype == torch.float32
    if radix and torch.get_num_threads() < MANY_THREADS:
        rows = values.reshape(-1, values.shape[-1]).numpy()
        return torch.from_numpy(_by_radix(rows, places.numpy())).view(values.shape)
    places = places.to(values.device)
    return places[values[..., places].sort(dim=-1, stable=True).indices]


def _by_radix(rows: NDArray[np.float32], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """`order` of (rows, n): NumPy's stable sort of 16-bit numbers is one by radix."""
    orders = np.empty(rows.shape, np.int64)
    for row, into in zip(rows, orders, strict=True):
        bits = row.view(np.int32)
        # As integers, floats are in order but for the negative ones, which are the wrong way round.
        key = ((bits ^ ((bits >> 31) & 0x7FFFFFFF)).view(np.uint32) ^ np.uint32(1 << 31))[places]
        low = np.argsort(key.astype(np.uint16), kind="stable")
        high = np.argsort((key >> 16).astype(np.uint16)[low], kind="stable")
        into[:] = places[low[high]]
    return orders
