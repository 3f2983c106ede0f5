"""Reads out of any checkpoint the tensors that are needed, or says what does not fit."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors import safe_open

from impasto.errors import WeightsError
from impasto.networks.weights.sources import NotACheckpointError, Stored, stored_tensors
from impasto.text import format_path

__all__ = ["listed", "metadata", "opened", "read_tensors"]

WRAPPERS = ("module.", "model.", "_orig_mod.")
NAMED = 3


def read_tensors(
    path: str | Path, shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, torch.Tensor]:
    """Read the tensors named in `shapes` from a `.pth`, `.pt` or `.safetensors` file.

    Only those are read into memory, except from the odd `.pth` that cannot be read in pieces.
    No code in the file is ever run. Further tensors in the file are fine, so are a dict nested
    under "state_dict" or "model" and names that begin with "module.", as training leaves them.

    Args:
        path: the checkpoint.
        shapes: names and shapes of the tensors that are needed.

    Returns:
        The tensors by name, in the order of `shapes`: float32, contiguous, on the CPU, all
        finite, and independent of the file.

    Raises:
        WeightsError: the file cannot be read, is no checkpoint, lacks a tensor, or holds one of
            another shape or with numbers that are not finite.
    """
    path = Path(path)
    with opened(path) as stored:
        entries = _matched(path, stored, shapes)
        return {name: _float32(path, name, entry) for name, entry in entries.items()}


@contextmanager
def opened(path: Path) -> Iterator[dict[str, Stored]]:
    """The tensors of a checkpoint by name, which can be read until the block ends.

    Raises:
        WeightsError: the file cannot be read or is no checkpoint, or turns out to be damaged while
            the block reads from it.
    """
    _check_file(path)
    try:
        with stored_tensors(path) as stored:
            yield stored
    except WeightsError:
        raise
    except NotACheckpointError:
        raise WeightsError(
            f"{format_path(path)} is not a checkpoint; wanted a state dict saved by torch "
            "(.pth, .pt) or safetensors (.safetensors): pass such a file"
        ) from None
    except OSError as error:
        raise WeightsError(
            f"{format_path(path)} cannot be read ({error.strerror or error}): check the file"
        ) from error
    except pickle.UnpicklingError as error:
        if "GLOBAL" in str(error):
            raise WeightsError(
                f"{format_path(path)} holds objects that need code to load, which impasto never "
                "runs; wanted tensors only: save it with torch.save(model.state_dict(), FILE)"
            ) from error
        raise _damaged(path, error) from error
    # Bytes from outside make the parsers raise anything at all.
    except Exception as error:
        raise _damaged(path, error) from error


def metadata(path: str | Path) -> dict[str, str]:
    """The text a `.safetensors` file carries beside its tensors.

    Args:
        path: of a checkpoint.

    Returns:
        Empty if it carries none or cannot be read: reading its tensors will say why.

    Example:
        >>> metadata("nowhere.safetensors")
        {}
    """
    try:
        with safe_open(path, framework="pt") as opened:
            text: dict[str, str] | None = opened.metadata()
    # Bytes from outside make the parser raise anything at all.
    except Exception:
        return {}
    return text or {}


def _check_file(path: Path) -> None:
    try:
        if not path.exists():
            raise WeightsError(f"{format_path(path)} does not exist: check the path of the weights")
        if not path.is_file():
            raise WeightsError(
                f"{format_path(path)} is not a file: pass a .pth or .safetensors file"
            )
        if path.stat().st_size == 0:
            raise WeightsError(f"{format_path(path)} is empty: delete it and get it again")
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"{format_path(path)} cannot be read ({error}): check the path"
        ) from error


def _damaged(path: Path, error: Exception) -> WeightsError:
    reason = (str(error).strip().splitlines() or ["no reason given"])[0][:120]
    reason = reason if reason.isprintable() else ascii(reason)
    return WeightsError(
        f"{format_path(path)} cannot be read as a checkpoint; it is cut short, damaged or of "
        f"another format ({type(error).__name__}: {reason}): delete it and get it again"
    )


def _matched(
    path: Path, stored: Mapping[str, Stored], shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, Stored]:
    by_name = {_unwrapped(key): entry for key, entry in stored.items()} | dict(stored)
    missing = [name for name in shapes if name not in by_name]
    if missing:
        own = f"has {listed(map(_key, stored))}" if stored else "has no tensors"
        raise WeightsError(
            f"{format_path(path)} lacks {len(missing)} of {len(shapes)} tensors: "
            f"{listed(missing)}; it {own}: pass a checkpoint of this backbone "
            "with torchvision's key names"
        )
    other = [
        f"{name} is {by_name[name].shape}, wanted {tuple(shape)}"
        for name, shape in shapes.items()
        if by_name[name].shape != tuple(shape)
    ]
    if other:
        raise WeightsError(
            f"{format_path(path)} has {len(other)} of {len(shapes)} tensors in another shape: "
            f"{listed(other, '; ')}: pass a checkpoint of this backbone, or choose the backbone "
            "it belongs to"
        )
    return {name: by_name[name] for name in shapes}


def _float32(path: Path, name: str, entry: Stored) -> torch.Tensor:
    tensor = entry.read()
    if not tensor.is_floating_point() or tensor.layout is not torch.strided:
        raise WeightsError(
            f"{format_path(path)}: {name} is {tensor.dtype}, {tensor.layout}; wanted floating "
            "point, dense: save the weights as float32"
        )
    # What a mapped file lends would change, or vanish, with the file.
    plain = tensor.to(torch.float32, copy=entry.lent).contiguous()
    if not torch.isfinite(plain).all():
        raise WeightsError(
            f"{format_path(path)}: {name} has NaN or infinite numbers; wanted finite ones only: "
            "pass a checkpoint that is whole"
        )
    return plain


def _unwrapped(key: str) -> str:
    while wrapper := next((each for each in WRAPPERS if key.startswith(each)), None):
        key = key.removeprefix(wrapper)
    return key


def _key(key: str) -> str:
    key = key if len(key) <= 60 else f"{key[:57]}..."
    return key if key.isprintable() else ascii(key)


def listed(items: Iterable[str], separator: str = ", ") -> str:
    """The first few of them, and how many more there are.

    Example:
        >>> listed("abcde")
        'a, b, c, and 2 more'
    """
    every = list(items)
    rest = [f"and {len(every) - NAMED} more"] if len(every) > NAMED else []
    return separator.join(every[:NAMED] + rest)
