"""The setting `model`: the file of a one-pass network, and the styles of it that are named."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

__all__ = [
    "BY_FILE",
    "ONE_PASS",
    "files_of_model",
    "is_onnx",
    "model_file",
    "moved_model",
    "painter_of",
    "reader_of",
    "split_model",
]

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


def painter_of(path: Path) -> Path:
    """The ONNX file that paints: a pair is also known by the name it was exported under.

    Example:
        >>> painter_of(Path("any.onnx")).name  # there is no any-painter.onnx here
        'any.onnx'
    """
    beside = path.with_name(f"{path.stem}-painter.onnx")
    return beside if not os.path.lexists(path) and os.path.lexists(beside) else path


def reader_of(painter: Path) -> Path:
    """The file that reads styles for one that paints any, beside it.

    Example:
        >>> reader_of(Path("any-painter.onnx")).name
        'any-reader.onnx'
    """
    return painter.with_name(f"{painter.stem.removesuffix('-painter')}-reader.onnx")


def files_of_model(model: str | None) -> tuple[Path, ...]:
    """Every file that a model is read from: of a pair of ONNX files both, if both are there.

    Example:
        >>> [file.name for file in files_of_model("own.safetensors:blue")], files_of_model(None)
        (['own.safetensors'], ())
    """
    file = model_file(model)
    if file is None or not is_onnx(model):
        return () if file is None else (file,)
    painter = painter_of(file)
    reader = reader_of(painter)
    return (painter, reader) if os.path.lexists(reader) else (painter,)


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
