"""A copy of this folder elsewhere, whose checkpoints name the pictures that lie there.

A checkpoint holds absolute paths, and a seal over all it holds: with other paths it needs another
seal. What is done here is the format "impasto checkpoint 1" written out, and uses nothing of
impasto's, so that it stays as it is when the code goes on.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from safetensors.numpy import load, save_file

__all__ = ["MADE_IN", "copied", "reroot"]

HERE = Path(__file__).parent
MADE_IN = "/tmp/impasto-0.1.0"


def copied(to: Path) -> Path:
    """Copy all fixtures into a folder that is not there yet, ready to be gone on with.

    Paintings that are resumed there are written to `painted/`.
    """
    shutil.copytree(HERE, to, ignore=shutil.ignore_patterns("*.py", "*.md", "__pycache__"))
    (to / "painted").mkdir()
    for path in (to / "checkpoints").iterdir():
        reroot(path, to)
    return to


def reroot(checkpoint: Path, to: Path) -> None:
    """Let a checkpoint's paths lead to `to` in place of `MADE_IN`, and seal it anew."""
    data = checkpoint.read_bytes()
    about = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
    assert MADE_IN in about["run"]
    about["run"] = about["run"].replace(MADE_IN, json.dumps(str(to))[1:-1])
    tensors = load(data)
    seal = hashlib.sha256(about["run"].encode())
    for name in sorted(tensors):
        seal.update(name.encode())
        seal.update(tensors[name].tobytes())
    save_file(tensors, checkpoint, {**about, "sha256": seal.hexdigest()})
