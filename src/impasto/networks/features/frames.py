"""Padding by one place around features, in memory that is there already, and its way back."""

from __future__ import annotations

from typing import Literal

from torch import Tensor

__all__ = ["cropped", "fill_edges", "fold_edges"]

# The place whose number an edge repeats, counted from that edge.
_SOURCE = {"reflect": 2, "replicate": 1}


def cropped(padded: Tensor) -> Tensor:
    """A view of (B, C, H + 2, W + 2) without its edges.

    Example:
        >>> import torch
        >>> cropped(torch.arange(9.0).view(1, 1, 3, 3)).item()
        4.0
    """
    return padded[..., 1:-1, 1:-1]


def fill_edges(padded: Tensor, mode: Literal["reflect", "replicate"]) -> Tensor:
    """Write the edges of (B, C, H + 2, W + 2) from what they surround, as torch's padding does.

    Args:
        padded: changed in place; H and W at least 2 for "reflect".
        mode: "reflect" leaves the outermost place out, "replicate" repeats it.

    Returns:
        `padded`.

    Example:
        >>> import torch
        >>> x = torch.zeros(1, 1, 4, 4)
        >>> cropped(x).copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0]])).sum().item()
        10.0
        >>> fill_edges(x, "reflect")[0, 0, 0].tolist()
        [4.0, 3.0, 4.0, 3.0]
    """
    at = _SOURCE[mode]
    for edge, source in ((0, at), (-1, -1 - at)):
        padded[..., 1:-1, edge] = padded[..., 1:-1, source]
    for edge, source in ((0, at), (-1, -1 - at)):
        padded[..., edge, :] = padded[..., source, :]
    return padded


def fold_edges(gradient: Tensor, mode: Literal["reflect", "replicate"]) -> Tensor:
    """Add the gradient of each edge to that of the place it came from.

    Args:
        gradient: (B, C, H + 2, W + 2), of what `fill_edges` wrote; changed in place.
        mode: as there.

    Returns:
        `gradient`, of whose edges nothing is left to be read.

    Example:
        >>> import torch
        >>> cropped(fold_edges(torch.ones(1, 1, 4, 4), "replicate")).flatten().tolist()
        [4.0, 4.0, 4.0, 4.0]
    """
    at = _SOURCE[mode]
    for edge, source in ((0, at), (-1, -1 - at)):
        gradient[..., source, :] += gradient[..., edge, :]
    for edge, source in ((0, at), (-1, -1 - at)):
        gradient[..., 1:-1, source] += gradient[..., 1:-1, edge]
    return gradient
