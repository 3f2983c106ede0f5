"""A run on disk: everything needed to go on as if it had never stopped, whatever the method.

One safetensors file: what is no tensor is JSON in its metadata. It is written beside its place
and renamed, so that a crash leaves the one before it whole.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save_file
from torch import Tensor

from impasto.errors import CheckpointError, OutputError
from impasto.files import file_sha256, replacing
from impasto.settings import StyleSettings, to_stored
from impasto.task import RegionOptions, StyleTask
from impasto.text import format_path

if TYPE_CHECKING:
    from impasto.imaging import Picture
    from impasto.methods.inputs import Inputs

__all__ = ["Checkpoint", "InputFile", "input_files", "load", "save"]

FORMAT, FIRST_FORMAT = "impasto checkpoint 2", "impasto checkpoint 1"


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
    """The state of a run between two events.

    Attributes:
        settings: all of `StyleSettings`, as JSON knows it; they name the method.
        inputs: the pictures by role, see `impasto.task.Role`.
        threads: CPU threads torch used.
        state: what the method goes on from, by name: tensors that share no memory, and what JSON
            knows.
        outputs: what the command that started the run wants written, by option.
        regions: `RegionOptions` of each mask, as JSON knows them; or none.
        prompt: of the task.
    """

    settings: dict[str, Any]
    inputs: dict[str, InputFile]
    threads: int
    state: dict[str, Any]
    outputs: dict[str, Any] = field(default_factory=dict)
    regions: list[dict[str, Any]] = field(default_factory=list)
    prompt: str = ""

    @classmethod
    def of(
        cls,
        inputs: Inputs,
        settings: StyleSettings,
        state: dict[str, Any],
        outputs: dict[str, Any] | None = None,
    ) -> Checkpoint:
        """What a method keeps of a run, with all that it was begun with.

        Args:
            inputs: as they were read.
            settings: all of them.
            state: of the method, by name: tensors, and what JSON knows.
            outputs: what the caller wants to find again, as JSON knows it.

        Raises:
            CheckpointError: if an input is not a file.
        """
        return cls(
            settings=to_stored(inputs.located(settings)),
            inputs=input_files(inputs.task),
            threads=torch.get_num_threads(),
            state=state,
            outputs=outputs or {},
            regions=[region.as_json() for region in inputs.task.regions],
            prompt=inputs.task.prompt,
        )

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


# What a checkpoint holds beside the state of its method.
ENVELOPE = tuple(part.name for part in fields(Checkpoint) if part.name != "state")


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write a checkpoint, atomically.

    Raises:
        OutputError: if the place cannot be written.
    """
    tensors = {
        name: value.detach().cpu().contiguous()
        for name, value in checkpoint.state.items()
        if isinstance(value, Tensor)
    }
    about = {name: getattr(checkpoint, name) for name in ENVELOPE}
    about["inputs"] = {role: asdict(file) for role, file in checkpoint.inputs.items()}
    about["state"] = {k: v for k, v in checkpoint.state.items() if not isinstance(v, Tensor)}
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
        what = "is no file" if path.exists() else "does not exist"
        raise CheckpointError(f"{format_path(path)} {what}: give the file that --checkpoint wrote")
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
        state = run.pop("state") if about["format"] == FORMAT else _first_state(run)
        inputs = {role: InputFile(**named) for role, named in run.pop("inputs").items()}
        return Checkpoint(**run, inputs=inputs, state={**state, **tensors})
    except (SafetensorError, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(
            f"{format_path(path)} is not a whole checkpoint ({error}): give another, or start anew"
        ) from None


def _first_state(run: dict[str, Any]) -> dict[str, Any]:
    """Take the method's state out of the first format, which kept it beside all the rest."""
    return {name: run.pop(name) for name in list(run) if name not in ENVELOPE}


def _digest(run: str, tensors: dict[str, Tensor]) -> str:
    """SHA-256 over everything a checkpoint holds: a spoilt byte would spoil the picture."""
    digest = hashlib.sha256(run.encode())
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
