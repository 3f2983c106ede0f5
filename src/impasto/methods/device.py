"""Where a painting is computed."""

from __future__ import annotations

import os

import torch

from impasto.errors import SettingError, UnknownNameError
from impasto.settings import StyleSettings

__all__ = ["available", "choose", "set_up"]


def available() -> list[str]:
    """Kinds of devices on this machine, the one that `auto` takes first."""
    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]


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
    """Set threads and determinism for the whole process.

    Raises:
        SettingError: if bf16 is asked for on anything but CUDA.
    """
    if settings.precision == "bf16" and device.type != "cuda":
        raise SettingError(f"precision bf16 is for CUDA, not {device.type}: take float32")
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
