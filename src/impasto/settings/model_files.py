"""The setting `model`: the file of a one-pass network, and the styles of it that are named."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

__all__ = ["BY_FILE", "ONE_PASS", "is_onnx", "model_file", "moved_model", "split_model"]

ONE_PASS = ("one-pass", "onnx")
"""The methods that paint with a model: `onnx` is `one-pass` without torch."""

BY_FILE = ("onnx",)
"""Those of them that have no network of their own, so that `model` has to name a file."""


def split_model(model: str) -> tuple[Path, tuple[str, ...]]:
    """The file that is named, and its rows.

    Args:
        model: FILE, or FILE:ROW,ROW…

    Example:
        >>> split_model("own.safetensors:blue, red")[1], split_model("own.onnx")[1]
        (('blue', 'red'), ())
    """
    file, mark, rows = model.rpartition(":")
    # A drive of Windows, and a name that has a colon of its own, are no rows.
    if not mark or not Path(file).suffix or os.path.lexists(model):
        return Path(model), ()
    return Path(file), tuple(row.strip() for row in rows.split(",") if row.strip())


def model_file(model: str | None) -> Path | None:
    """The file alone; None where none is named."""
    return None if model is None else split_model(model)[0]


def moved_model(model: str, move: Callable[[str], str]) -> str:
    """The same network in a file of another name.

    Example:
        >>> moved_model("own.safetensors:blue", lambda path: f"in/{path}")
        'in/own.safetensors:blue'
    """
    file, rows = split_model(model)
    return move(str(file)) + (f":{','.join(rows)}" if rows else "")


def is_onnx(model: str | None) -> bool:
    """Whether a network is an ONNX graph, by the ending of its file.

    Example:
        >>> is_onnx("my.onnx"), is_onnx("my.safetensors:blue"), is_onnx(None)
        (True, False, False)
    """
    file = model_file(model)
    return file is not None and file.suffix.lower() == ".onnx"
