"""Where a painting is computed, and the memory that is free there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from impasto.errors import MemoryShortError, SettingError, UnknownNameError
from impasto.methods import system_memory
from impasto.methods.system_memory import resident_bytes
from impasto.settings import StyleSettings

__all__ = ["available", "choose", "free_bytes", "naming_shortage", "resident_bytes", "set_up"]


def available() -> list[str]:
    """Kinds of devices on this machine, the one that `auto` takes first."""
    kinds = []
    if torch.cuda.is_available():
        kinds.append("cuda")
    if torch.backends.mps.is_available():
        kinds.append("mps")
    return [*kinds, "cpu"]


def choose(name: str = "auto") -> torch.device:
    """The device called `name`; "auto" takes CUDA, then MPS, then the CPU.

    Raises:
        UnknownNameError: not the name of a device.
        SettingError: a device this machine lacks.

    Example:
        >>> choose("cpu")
        device(type='cpu')
    """
    here = available()
    if name == "auto":
        return torch.device(here[0])
    kind, mark, number = name.partition(":")
    if kind not in ("cpu", "cuda", "mps") or (mark and not (number.isdecimal() and kind == "cuda")):
        raise UnknownNameError("device", name, ["auto", "cpu", "cuda", "cuda:N", "mps"])
    if kind not in here:
        raise SettingError(f"this machine has no {kind} device that torch can use: take {here[0]}")
    if number and int(number) >= torch.cuda.device_count():
        raise SettingError(
            f"there is no {name}: this machine has {torch.cuda.device_count()} CUDA devices, "
            "counted from 0"
        )
    return torch.device(name)


def set_up(settings: StyleSettings, device: torch.device) -> None:
    """Set threads and determinism for the whole process."""
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    if device.type == "cuda":
        # TF32 keeps 10 of float32's 23 bits: who asked for float32 is to have it.
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cuda.matmul.allow_tf32 = False
        if settings.deterministic:
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
            torch.use_deterministic_algorithms(True)
            torch.backends.cudnn.benchmark = False


def free_bytes(device: torch.device) -> int:
    """Memory that can still be taken, in bytes: CUDA's own figure there, else the system's."""
    if device.type == "cuda":
        # What torch's allocator holds without using it is free to torch.
        idle = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return int(torch.cuda.mem_get_info(device)[0]) + idle
    return system_memory.free_bytes()


@contextmanager
def naming_shortage(backbone: str) -> Iterator[None]:
    """Turn the many ways in which memory runs out into one error.

    Args:
        backbone: name of the network that paints.

    Raises:
        MemoryShortError: if the block ran out of memory.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "memory" not in str(error):
            raise
        raise MemoryShortError(
            f"memory ran out while {backbone} was painting: pass a smaller --size, or "
            "free some memory"
        ) from None
