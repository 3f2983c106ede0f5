"""The precision that features are computed in, and where bfloat16 is worth it."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from impasto.errors import SettingError
from impasto.settings import StyleSettings

__all__ = ["FASTER", "PRECISIONS", "has_bfloat16", "notes", "resolved"]

PRECISIONS = ("float32", "bf16")  # what `auto` may become
# What torch calls products in bfloat16 on x86 and on Arm. Without one of these a step took nine to
# sixteen times one in float32.
IN_HARDWARE = ("amx_bf16", "avx512_bf16", "bf16", "sve_bf16")
# Where they beat float32: a step of `default` took 0.4 of its time with AMX, but 1.4 of it with
# AVX-512 alone (docs/decisions/0022-precision.md).
FASTER = ("amx_bf16",)


def has_bfloat16(device: str, *names: str) -> bool:
    """Whether a device computes in bfloat16 by itself: CUDA from Ampere on, CPUs by what they have.

    Args:
        device: kind of it: "cpu", "cuda" or "mps".
        names: capabilities of CPUs that will do, as `torch.cpu.get_capabilities` names them; any
            if left out.
    """
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities() if device == "cpu" else {}
    return any(capabilities.get(name) for name in names or IN_HARDWARE)


def resolved(
    settings: StyleSettings, device: torch.device, *, faster: bool = True
) -> StyleSettings:
    """The settings with the precision that `auto` means on a device; others as they are.

    A painting resolves it once, when it begins, and keeps it.

    Args:
        settings: of the painting.
        device: where it is computed.
        faster: whether the way it goes on a CPU gains by bf16: the direct pass does, unless
            places are weighed; other networks and ways were not measured.

    Raises:
        SettingError: bf16 is asked for on MPS.

    Example:
        >>> resolved(StyleSettings(precision="float32"), torch.device("cpu")).precision
        'float32'
    """
    if settings.precision == "auto":
        gains = device.type == "cuda" or faster
        own = "bf16" if gains and has_bfloat16(device.type, *FASTER) else "float32"
        return settings.model_copy(update={"precision": own})
    if settings.precision == "bf16" and device.type == "mps":
        raise SettingError(
            "precision bf16 is not for mps: leave it out, or pass --device cpu, on which what was "
            "begun in bf16 goes on"
        )
    return settings


def notes(settings: StyleSettings, device: torch.device, *, goes_on: bool) -> Iterator[str]:
    """A note where bf16 was chosen, here or where the painting was begun, and costs time.

    Args:
        settings: resolved.
        device: where it is computed.
        goes_on: whether the painting was begun before.
    """
    if settings.precision != "bf16" or has_bfloat16(device.type, *FASTER):
        return
    if goes_on:
        yield (
            "the painting was begun in bf16 and goes on in it, so that it comes out as it would "
            "have; this machine is slower in bf16 than in float32"
        )
    else:
        yield (
            "this machine is slower in bf16 than in float32: leave --precision out to take what is "
            "faster here"
        )
