"""A run on disk: everything needed to go on as if it had never stopped, whatever the method."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from impasto.asked import Asked
from impasto.errors import CheckpointError
from impasto.methods import state_file
from impasto.methods.state_file import InputFile
from impasto.settings import StyleSettings, to_stored
from impasto.task import RegionOptions, Role, StyleTask

if TYPE_CHECKING:
    from impasto.imaging import Picture
    from impasto.methods.inputs import Inputs

__all__ = ["Checkpoint", "InputFile", "input_files", "load", "save"]

FORMAT, FIRST_FORMAT = "impasto checkpoint 2", "impasto checkpoint 1"


def input_files(task: StyleTask[Picture]) -> dict[str, InputFile]:
    """Where the pictures of a task lie and what is in them, by role.

    Raises:
        CheckpointError: if one came as an array or PIL image.
    """
    files = {}
    for role, picture in task.given().items():
        if picture.path is None:
            raise CheckpointError(
                f"{Role.parse(role).phrase} is not a file, so a checkpoint could not find it "
                "again: pass its path"
            )
        files[role] = InputFile(str(picture.path), picture.sha256)
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
        asked: kind and options of what the task was arranged from, if it was; its pictures are
            then `inputs`, and the regions are made anew.
    """

    settings: dict[str, Any]
    inputs: dict[str, InputFile]
    threads: int
    state: dict[str, Any]
    outputs: dict[str, Any] = field(default_factory=dict)
    regions: list[dict[str, Any]] = field(default_factory=list)
    prompt: str = ""
    asked: dict[str, Any] | None = None

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
        task = inputs.task
        return cls(
            settings=to_stored(inputs.located(settings)),
            inputs=input_files(task),
            threads=torch.get_num_threads(),
            state=state,
            outputs=outputs or {},
            regions=[] if task.asked else [region.as_json() for region in task.regions],
            prompt=task.prompt,
            asked=None if task.asked is None else task.asked.as_json(),
        )

    def task(self) -> StyleTask[str] | Asked[str]:
        """What is painted, or what that is to be arranged from, with the paths of its pictures.

        Raises:
            InputError: its roles make no task.
        """
        if self.asked is not None:
            paths = {role: file.path for role, file in self.inputs.items()}
            return Asked(**self.asked, pictures=paths)
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
            file.verify(f"the {role} of this run")


# What a checkpoint holds beside the state of its method.
ENVELOPE = tuple(part.name for part in fields(Checkpoint) if part.name != "state")


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write a checkpoint, atomically.

    Raises:
        OutputError: if the place cannot be written.
    """
    tensors = {name: v for name, v in checkpoint.state.items() if isinstance(v, Tensor)}
    about = {name: getattr(checkpoint, name) for name in ENVELOPE}
    about["inputs"] = {role: asdict(file) for role, file in checkpoint.inputs.items()}
    about["state"] = {k: v for k, v in checkpoint.state.items() if not isinstance(v, Tensor)}
    state_file.save(path, FORMAT, about, tensors, "a checkpoint")


def load(path: Path) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        CheckpointError: if it is missing, not a checkpoint, or cut short.
    """
    kept = state_file.load(path, (FORMAT, FIRST_FORMAT), "--checkpoint wrote")
    run = kept.about
    try:
        state = run.pop("state") if kept.format == FORMAT else _first_state(run)
        inputs = {role: InputFile(**named) for role, named in run.pop("inputs").items()}
        return Checkpoint(**run, inputs=inputs, state={**state, **kept.tensors})
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise state_file.not_whole(path, error) from None


def _first_state(run: dict[str, Any]) -> dict[str, Any]:
    """Take the method's state out of the first format, which kept it beside all the rest."""
    return {name: run.pop(name) for name in list(run) if name not in ENVELOPE}
