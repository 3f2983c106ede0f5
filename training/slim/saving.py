"""Files of a training: its checkpoint, and the weights that come out of it."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from impasto import files
from impasto.errors import CheckpointError
from training.slim.config import Recipe

__all__ = [
    "CHECKPOINT",
    "LOG",
    "PLOT",
    "WEIGHTS",
    "as_json",
    "commit",
    "describe",
    "read_checkpoint",
    "write_checkpoint",
    "write_weights",
]

WEIGHTS, CHECKPOINT, LOG, PLOT = ".safetensors", ".checkpoint", ".jsonl", ".png"


def as_json(recipe: Recipe) -> Any:
    """A recipe as a checkpoint keeps it, where lists and tuples are alike."""
    return json.loads(json.dumps(recipe.as_dict()))


def write_checkpoint(path: Path, state: Mapping[str, Any]) -> None:
    """Write a training's state, whole or not at all.

    Raises:
        OSError: if the place cannot be written.
    """
    buffer = io.BytesIO()
    torch.save(dict(state), buffer)
    with files.replacing(path) as place:
        place.write_bytes(buffer.getvalue())


def read_checkpoint(path: Path) -> dict[str, Any]:
    """A training's state, tensors on the CPU; no code in the file is run.

    Raises:
        CheckpointError: if it is not there, or is not a checkpoint.
    """
    if not path.is_file():
        raise CheckpointError(f"there is no checkpoint {path}: start without --resume")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise CheckpointError(f"{path} cannot be read ({error}): start without --resume") from error
    if not isinstance(state, dict) or "recipe" not in state:
        raise CheckpointError(f"{path} is no checkpoint of a training: start without --resume")
    return state


def write_weights(path: Path, weights: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Write weights as float16 safetensors, whole or not at all.

    Args:
        path: ends in `.safetensors`.
        weights: by name.
        metadata: what a person should know of them.

    Raises:
        OSError: if the place cannot be written.
    """
    halves = {k: v.detach().cpu().half().contiguous() for k, v in weights.items()}
    today = datetime.now(UTC).date().isoformat()
    with files.replacing(path) as place:
        place.write_bytes(save(halves, {"date": today, **metadata}))


def describe(weights: Path) -> str:
    """Weights by what they are, wherever they lie: the file's name and part of its SHA-256.

    Raises:
        OSError: if the file cannot be read.
    """
    return f"{weights.name}, SHA-256 {files.file_sha256(weights)[:12]}"


def commit() -> str:
    """The commit of the code that runs, marked if it was changed since; "unknown" outside git."""
    here = Path(__file__).parent
    try:
        result = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],
            cwd=here,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return result.stdout.strip()
