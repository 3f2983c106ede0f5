"""A run on disk: everything needed to go on as if it had never stopped.

One safetensors file: tensors are the optimizer's, the rest is JSON in its metadata. It is
written beside its place and renamed, so that a crash leaves the one before it whole.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save_file
from torch import Tensor

from impasto.errors import CheckpointError, OutputError
from impasto.files import file_sha256, replacing
from impasto.methods.optimization.optimizers import Optimizer, State
from impasto.task import RegionOptions, StyleTask
from impasto.text import format_path

if TYPE_CHECKING:
    from impasto.imaging import Picture

__all__ = ["Checkpoint", "InputFile", "input_files", "load", "save"]

FORMAT, FIRST_FORMAT = "impasto checkpoint 2", "impasto checkpoint 1"
# The columns of the history in the first format, which did not name them.
FIRST_LOSSES = ("content", "style", "tv", "total")
HISTORY = "history"
RANDOM_STATE = "random_state"


@dataclass(frozen=True)
class InputFile:
    """A picture a run read: where it lay and what was in it."""

    path: str
    sha256: str

    @classmethod
    def of(cls, path: Path) -> InputFile:
        """A file as it is now."""
        return cls(str(path.absolute()), file_sha256(path))


def input_files(task: StyleTask[Picture]) -> dict[str, InputFile]:
    """Where the pictures of a task lie and what is in them, by role.

    Raises:
        CheckpointError: if one came as an array or PIL image.
    """
    files = {}
    for role, picture in task.by_role().items():
        if picture.path is None:
            raise CheckpointError(
                f"{role.phrase} is not a file, so a checkpoint could not find it again: pass its "
                "path"
            )
        files[str(role)] = InputFile(str(picture.path), picture.sha256)
    return files


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run between two steps.

    Attributes:
        settings: all of `StyleSettings`, as JSON knows it.
        inputs: the pictures by role, see `impasto.task.Role`.
        outputs: what the command that started the run wants written, by option.
        scale: which scale it is at, from 0.
        scale_step: steps done at that scale.
        retries: evaluations undone since the last step.
        threads: CPU threads torch used.
        weights_sha256: of the backbone's weights, as `VGG.sha256` gives it.
        optimizer: the optimizer's state.
        losses: names of the losses.
        history: (steps done, losses + 2) float64: each loss, seconds, retries.
        random_state: of the generator of noise, as torch gives it.
        regions: `RegionOptions` of each mask, as JSON knows them; or none.
        prompt: of the task.
        method: that paints.
    """

    settings: dict[str, Any]
    inputs: dict[str, InputFile]
    scale: int
    scale_step: int
    retries: int
    threads: int
    weights_sha256: str
    optimizer: State
    history: Tensor
    random_state: Tensor
    losses: tuple[str, ...] = FIRST_LOSSES
    outputs: dict[str, Any] = field(default_factory=dict)
    regions: list[dict[str, Any]] = field(default_factory=list)
    prompt: str = ""
    method: str = "optimization"

    def restore(self, optimizer: Optimizer) -> None:
        """Put an optimizer where this run's was.

        Raises:
            CheckpointError: if a part of its state is missing or has another shape.
        """
        pixels = optimizer.ask().shape
        try:
            for name, value in self.optimizer.items():
                if isinstance(value, Tensor) and value.shape != pixels:
                    raise ValueError(f"{name} has another shape than the picture")
            optimizer.load(self.optimizer)
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise CheckpointError(
                f"the checkpoint's state is damaged ({error}): give another, or start anew"
            ) from None

    def task(self) -> StyleTask[str]:
        """What is painted, with the paths of its pictures.

        Raises:
            InputError: its roles make no task.
        """
        return StyleTask.from_roles(
            {role: file.path for role, file in self.inputs.items()},
            regions=[RegionOptions(**options) for options in self.regions],
            prompt=self.prompt,
        )

    def verify_weights(self, sha256: str) -> None:
        """Check that the backbone has the weights it had.

        Raises:
            CheckpointError: if they are others.
        """
        if sha256 != self.weights_sha256:
            raise CheckpointError(
                "the backbone's weights are not those this run began with: put the old ones "
                "back (an older impasto may have bundled them), or start anew"
            )

    def verify_inputs(self) -> None:
        """Check that every input is still what it was.

        Raises:
            CheckpointError: naming the one that is gone or has changed.
        """
        for role, file in self.inputs.items():
            try:
                now = InputFile.of(Path(file.path))
            except OSError as error:
                raise CheckpointError(
                    f"the {role} of this run, {file.path}, cannot be read ({error.strerror}): "
                    "put it back to go on"
                ) from None
            if now.sha256 != file.sha256:
                raise CheckpointError(
                    f"the {role} of this run, {file.path}, has changed since: put the old one "
                    "back, or start anew"
                )


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write a checkpoint, atomically.

    Raises:
        OutputError: if the place cannot be written.
    """
    numbers = {k: v for k, v in checkpoint.optimizer.items() if not isinstance(v, Tensor)}
    tensors = {
        f"optimizer.{name}": value.detach().cpu().contiguous()
        for name, value in checkpoint.optimizer.items()
        if isinstance(value, Tensor)
    }
    tensors |= {HISTORY: checkpoint.history, RANDOM_STATE: checkpoint.random_state}
    about = {
        "settings": checkpoint.settings,
        "inputs": {role: asdict(file) for role, file in checkpoint.inputs.items()},
        "outputs": checkpoint.outputs,
        "scale": checkpoint.scale,
        "scale_step": checkpoint.scale_step,
        "retries": checkpoint.retries,
        "threads": checkpoint.threads,
        "weights_sha256": checkpoint.weights_sha256,
        "losses": checkpoint.losses,
        "regions": checkpoint.regions,
        "prompt": checkpoint.prompt,
        "method": checkpoint.method,
        "optimizer": numbers,
    }
    try:
        with replacing(path) as draft:
            run = json.dumps(about)
            digest = _digest(run, tensors)
            save_file(tensors, draft, {"format": FORMAT, "run": run, "sha256": digest})
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(
            f"{format_path(path)} cannot be written ({reason}): name a checkpoint in a folder that "
            "can be written to"
        ) from None


def load(path: Path) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        CheckpointError: if it is missing, not a checkpoint, or cut short.
    """
    if not path.is_file():
        raise CheckpointError(
            f"{format_path(path)} is not there or no file: give the file a checkpoint was written "
            "to"
        )
    try:
        # From its bytes, and not by name, which need not be UTF-8.
        data = path.read_bytes()
        tensors = load_tensors(data)
        length = int.from_bytes(data[:8], "little")
        about = json.loads(data[8 : 8 + length]).get("__metadata__", {})
        if about.get("format") not in (FORMAT, FIRST_FORMAT):
            raise CheckpointError(
                f"{format_path(path)} is not a checkpoint of this version ({FORMAT}): give a file "
                "that --checkpoint wrote"
            )
        if about.get("sha256") != _digest(about["run"], tensors):
            raise ValueError("its content is not what was written")
        run = json.loads(about["run"])
        optimizer: State = dict(run.pop("optimizer"))
        optimizer |= {
            name.removeprefix("optimizer."): tensors[name]
            for name in tensors
            if name.startswith("optimizer.")
        }
        if about["format"] == FORMAT:
            run["losses"] = tuple(run["losses"])
        inputs = {role: InputFile(**given) for role, given in run.pop("inputs").items()}
        return Checkpoint(
            **run,
            inputs=inputs,
            optimizer=optimizer,
            history=tensors[HISTORY].to(torch.float64),
            random_state=tensors[RANDOM_STATE],
        )
    except (SafetensorError, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(
            f"{format_path(path)} is not a whole checkpoint ({error}): give another, or start anew"
        ) from None


def _digest(run: str, tensors: dict[str, Tensor]) -> str:
    """SHA-256 over everything a checkpoint holds: a spoilt byte would spoil the picture."""
    digest = hashlib.sha256(run.encode())
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].numpy().tobytes())
    return digest.hexdigest()
