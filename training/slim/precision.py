"""The precision that features are computed in: bfloat16 where the machine has it in hardware."""

from __future__ import annotations

import torch

from impasto.methods.precision import has_bfloat16

__all__ = ["features_dtype", "mixed_precision"]


def features_dtype(device: str) -> torch.dtype:
    """bfloat16 on CUDA and on CPUs that have it in hardware, float32 on others."""
    fast = device == "cuda" or has_bfloat16(device)
    return torch.bfloat16 if fast else torch.float32


def mixed_precision(device: str) -> torch.autocast:
    """Within it convolutions and products compute in `features_dtype(device)`.

    Example:
        >>> with mixed_precision("cpu"):
        ...     (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == features_dtype("cpu")
        True
    """
    return torch.autocast(device, torch.bfloat16, features_dtype(device) is torch.bfloat16)
