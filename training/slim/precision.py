"""The precision that features are computed in: bfloat16 where the machine has it in hardware."""

from __future__ import annotations

import torch

__all__ = ["features_dtype", "mixed_precision"]

# What torch calls it on x86 and on Arm. Without one of these a step in bfloat16 took nine times
# one in float32.
IN_HARDWARE = ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16")


def features_dtype(device: str) -> torch.dtype:
    """bfloat16 on CUDA and on CPUs that have it in hardware, float32 on others."""
    capabilities = torch.cpu.get_capabilities()
    fast = device == "cuda" or any(capabilities.get(name) for name in IN_HARDWARE)
    return torch.bfloat16 if fast else torch.float32


def mixed_precision(device: str) -> torch.autocast:
    """Within it convolutions and products compute in `features_dtype(device)`.

    Example:
        >>> with mixed_precision("cpu"):
        ...     (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == features_dtype("cpu")
        True
    """
    return torch.autocast(device, torch.bfloat16, features_dtype(device) is torch.bfloat16)
